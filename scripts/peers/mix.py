# One epoch over examples of different length in PyTorch, as its users write it: padded to the
# longest of the batch, scores and loss at every place, fused AdamW.
#
# Each line of standard input is answered by a line of JSON:
#
#   epoch        from the given weights: {"losses": [one per step], "seconds": s}
#
# Arguments: the plan (JSON), the weights, the examples (safetensors).
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

from examples import Examples
from model import load, serve


class Epoch:
    def __init__(self, plan, weights, examples):
        self.plan, self.weights = plan, weights
        self.examples = Examples(examples)

    def train(self):
        model = load(self.plan, self.weights)
        parameters = list(model.parameters())
        optimizer = torch.optim.AdamW(
            parameters, lr=self.plan["rate"], weight_decay=self.plan["decay"], fused=True)
        start = time.perf_counter()
        losses = [self.step(model, parameters, optimizer, rows) for rows in self.batches()]
        return {"seconds": time.perf_counter() - start, "losses": losses}

    def batches(self):
        for start in range(0, len(self.examples), self.plan["batch"]):
            yield range(start, min(start + self.plan["batch"], len(self.examples)))

    def step(self, model, parameters, optimizer, rows):
        tokens, labels = self.examples.right_padded(rows)
        logits = model(tokens, self.examples.pictures(rows))
        loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, self.plan["clip"])
        optimizer.step()
        return loss.item()

    def answer(self, command):
        return self.train()


if __name__ == "__main__":
    serve(Epoch)
