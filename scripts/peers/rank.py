# The log-probability of candidate answers in PyTorch, the naive way: every prompt is put before
# every candidate, each such sequence is computed from its first token (its picture too), scores are
# made for every place.
#
# Each line of standard input is answered by a line of JSON:
#
#   tune                  tries batch sizes: {"batch": the fastest}
#   scores PROMPT ...     of these prompts: {"scores": [[nats, ...], ...], "seconds": s}
#
# Arguments: the plan (JSON), the weights, the prompts (safetensors).
import time

import torch

from examples import Examples
from model import END, load, serve


class Ranking:
    def __init__(self, plan, weights, prompts):
        self.model = load(plan, weights).eval()
        self.examples = Examples(prompts)
        self.candidates = [torch.tensor(words) for words in plan["candidates"]]
        self.batch = 64

    def scores(self, i, candidates):
        prompt = self.examples.tokens[i]
        image = self.examples.pictures([i])
        result = []
        for start in range(0, len(candidates), self.batch):
            part = candidates[start: start + self.batch]
            tokens = torch.nn.utils.rnn.pad_sequence(
                [torch.cat([prompt, words]) for words in part], True, END)
            images = image if image is None else image.expand(len(part), -1, -1, -1)
            logs = self.model(tokens, images).log_softmax(-1)
            # What stands at a place was predicted one place earlier.
            found = logs[:, :-1].gather(2, tokens[:, 1:, None])[..., 0][:, len(prompt) - 1:]
            lengths = torch.tensor([len(words) for words in part])
            kept = torch.arange(found.shape[1]) < lengths[:, None]
            result += (found * kept).sum(1).tolist()
        return result

    @torch.inference_mode()
    def answer(self, command, *prompts):
        if command == "tune":
            return {"batch": self.tune()}
        start = time.perf_counter()
        scores = [self.scores(int(i), self.candidates) for i in prompts]
        return {"seconds": time.perf_counter() - start, "scores": scores}

    def tune(self):
        part, times = self.candidates[:512], {}
        for self.batch in (32, 64, 128, 256):
            self.scores(0, part)
            start = time.perf_counter()
            self.scores(0, part)
            self.scores(len(self.examples) - 1, part)
            times[self.batch] = time.perf_counter() - start
        self.batch = min(times, key=times.get)
        return self.batch


if __name__ == "__main__":
    serve(Ranking)
