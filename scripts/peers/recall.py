# Greedy answers to prompts in PyTorch, in three ways:
#
#   batched   prompts of similar length together, left-padded, a KV cache with room for the answers
#   library   prompt by prompt with `generate` of the Transformers library (gpt2.py)
#   single    prompt by prompt with a loop of our own, the least that such a loop can be: a cache
#             that grows by concatenation, an attention mask and position ids kept for every step
#
# Each line of standard input is answered by a line of JSON:
#
#   ways                 what can run here: {"ways": [...]}; `library` where it is installed
#   tune WAY             tries batch sizes: {"batch": the fastest}
#   answers WAY COUNT    of the first prompts: {"answers": [[word, ...], ...], "seconds": s}
#
# Arguments: the plan (JSON), the weights, the prompts (safetensors).
import importlib.util
import time

import torch

from examples import Examples
from model import END, load, serve


class RoomyCache:
    """Keys and values in memory that is there from the start."""

    def __init__(self, batch, heads, capacity, width):
        self.k = torch.empty(batch, heads, capacity, width)
        self.v = torch.empty(batch, heads, capacity, width)
        self.held = 0

    def extend(self, k, v):
        end = self.held + k.shape[2]
        self.k[:, :, self.held:end], self.v[:, :, self.held:end] = k, v
        self.held = end
        return self.k[:, :, :end], self.v[:, :, :end]


class GrowingCache:
    """Keys and values that are copied to longer tensors with every step."""

    def __init__(self):
        self.k = self.v = None

    def extend(self, k, v):
        self.k = k if self.k is None else torch.cat([self.k, k], 2)
        self.v = v if self.v is None else torch.cat([self.v, v], 2)
        return self.k, self.v


def until_end(words):
    return words[: words.index(END)] if END in words else words


class Recall:
    def __init__(self, plan, weights, prompts):
        self.model = load(plan, weights).eval()
        self.examples = Examples(prompts)
        self.limit = plan["limit"]
        self.sizes = plan["model"]
        self.batch = 64
        self.decoder = None

    def batch_answers(self, rows):
        tokens, real = self.examples.left_padded(rows)
        b, t = tokens.shape
        positions = (real.cumsum(1) - 1).clamp(min=0)
        # Every row is padded alike or not at all: without padding no mask is needed.
        padded = not bool(real.all())
        seen = torch.ones(b, t + self.limit, dtype=torch.bool)
        seen[:, :t] = real
        mask = None
        if padded:
            mask = torch.ones(t, t, dtype=torch.bool).tril() & real[:, None, None, :]
            # A row of padding sees itself: an empty softmax is not a number.
            mask = mask | torch.eye(t, dtype=torch.bool)
        width = self.sizes["width"] // self.sizes["heads"]
        caches = [RoomyCache(b, self.sizes["heads"], t + self.limit, width)
                  for _ in range(self.sizes["decoder_blocks"])]
        x = self.model.embed(tokens, self.examples.pictures(rows), positions)
        x = self.model.run(x, mask, caches)[:, -1:]
        position = positions[:, -1:]
        found, done = [], torch.zeros(b, dtype=torch.bool)
        for step in range(self.limit):
            word = self.model.scores(x)[:, -1].argmax(-1)
            found.append(word)
            done |= word == END
            if step == self.limit - 1 or bool(done.all()):
                break
            position = position + 1
            mask = seen[:, None, None, : t + step + 1] if padded else None
            x = self.model.run(self.model.embed(word[:, None], None, position), mask, caches)
        return [until_end(words) for words in torch.stack(found, 1).tolist()]

    def batched(self, count):
        # Prompts of similar length share a batch.
        order = sorted(range(count), key=lambda i: len(self.examples.tokens[i]))
        answers = [None] * count
        for start in range(0, count, self.batch):
            rows = order[start: start + self.batch]
            for i, answer in zip(rows, self.batch_answers(rows)):
                answers[i] = answer
        return answers

    def generate(self, i):
        ids = self.examples.tokens[i][None]
        images = self.examples.pictures([i])
        mask = torch.ones_like(ids)
        prompt = ids.shape[1]
        caches = [GrowingCache() for _ in range(self.sizes["decoder_blocks"])]
        unfinished = torch.ones(1, dtype=torch.long)
        fresh = ids
        while True:
            positions = (mask.cumsum(-1) - 1)[:, -fresh.shape[1]:]
            x = self.model.run(self.model.embed(fresh, images, positions), None, caches)
            word = self.model.scores(x[:, -1]).argmax(-1)
            word = word * unfinished + END * (1 - unfinished)
            ids = torch.cat([ids, word[:, None]], 1)
            mask = torch.cat([mask, mask.new_ones(1, 1)], 1)
            unfinished = unfinished & (word != END).long() & (ids.shape[1] - prompt < self.limit)
            if unfinished.max() == 0:
                return until_end(ids[0, prompt:].tolist())
            fresh, images = word[:, None], None

    def single(self, count):
        return [self.generate(i) for i in range(count)]

    def library(self, count):
        # Imported where it is used: other scripts measure the memory of a `Recall` without it.
        from gpt2 import as_gpt2, generate

        if self.decoder is None:
            self.decoder = as_gpt2(self.model.decoder, self.sizes)
        return [until_end(self.continued(generate, i)) for i in range(count)]

    def continued(self, generate, i):
        ids, images = self.examples.tokens[i][None], self.examples.pictures([i])
        if images is None:
            return generate(self.decoder, self.limit, input_ids=ids)
        seen = self.model.words(ids, images)
        return generate(self.decoder, self.limit, inputs_embeds=seen)

    @torch.inference_mode()
    def answer(self, command, way=None, count=0):
        if command == "ways":
            found = importlib.util.find_spec("transformers") is not None
            return {"ways": ["batched", "single"] + ["library"] * found}
        if command == "tune":
            return {"batch": self.tune()}
        start = time.perf_counter()
        answers = getattr(self, way)(int(count))
        return {"seconds": time.perf_counter() - start, "answers": answers}

    def tune(self):
        times = {}
        for self.batch in (32, 64, 100, 250):
            self.batched(min(len(self.examples), 500))
            start = time.perf_counter()
            self.batched(min(len(self.examples), 500))
            times[self.batch] = time.perf_counter() - start
        self.batch = min(times, key=times.get)
        return self.batch


if __name__ == "__main__":
    serve(Recall)
