# A whole cross-modal experiment in PyTorch, for its memory: the base's stages "talk" and "align",
# two copies that learn names from one modality each, then answers and ranks in both. The stage
# "read" trains the encoder alone, a part of "align", and is left out.
#
# Each line of standard input is answered by a line of JSON:
#
#   run STEPS    so many steps in each stage: {"answers": how many, "scores": how many, "loss":
#   last}
#
# Arguments: the plan (JSON), the weights, the examples to learn, the prompts (safetensors).
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

from examples import Examples
from model import load, serve
from rank import Ranking
from recall import Recall


class Experiment:
    def __init__(self, plan, weights, examples, prompts):
        self.plan, self.files = plan, (weights, prompts)
        self.base = load(plan, weights)
        self.examples = Examples(examples)
        pictured = [i >= 0 for i in self.examples.image_of]
        self.rows = {
            "image": [i for i, seen in enumerate(pictured) if seen],
            "text": [i for i, seen in enumerate(pictured) if not seen]}

    def learn(self, model, modality, parts, steps):
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.split(".")[0] in parts)
        moving = [p for p in model.parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(moving, lr=self.plan["rate"], fused=True)
        for step in range(steps):
            batch, rows = self.plan["batch"], self.rows[modality]
            rows = [rows[(step * batch + i) % len(rows)] for i in range(batch)]
            tokens, labels = self.examples.right_padded(rows)
            logits = model(tokens, self.examples.pictures(rows))
            loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(moving, 1.0)
            optimizer.step()
        return loss.item()

    def ask(self, model):
        recall, ranking = Recall(self.plan, *self.files), Ranking(self.plan, *self.files)
        recall.model = ranking.model = model
        prompts = len(recall.examples)
        with torch.inference_mode():
            answers = recall.batched(prompts)
            # Ranks need scores of all names; the memory of one prompt is that of all.
            scores = ranking.scores(0, ranking.candidates)
        return len(answers), len(scores)

    def answer(self, command, steps):
        steps = int(steps)
        self.learn(self.base, "text", ["decoder"], steps)
        self.learn(self.base, "image", ["vision", "projector"], steps)
        for source in ["image", "text"]:
            model = copy.deepcopy(self.base)
            loss = self.learn(model, source, ["decoder"], steps)
            answers, scores = self.ask(model)
        return {"answers": answers, "scores": scores, "loss": loss}


if __name__ == "__main__":
    serve(Experiment)
