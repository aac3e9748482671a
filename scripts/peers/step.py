# The training step of EideticBench in PyTorch: the same model, weights and batch, with fused AdamW.
# EideticBench starts it and asks line by line on standard input; each answer is one line of JSON.
#
#   losses STEPS   from the given weights: {"losses": [...]}, or {"failed": reason}
#   time STEPS     goes on from there: {"seconds": for one step}
#
# Arguments: the plan (JSON), the weights (safetensors), eager or compile.
import time

import torch
import torch.nn as nn

from model import Model, load, serve, within


class Training:
    """A model on its way: its weights move with every step."""

    def __init__(self, plan, weights, mode):
        model = load(plan, weights, Model)
        self.clip, self.limit = plan["clip"], plan["compile_limit"]
        self.parameters = list(model.parameters())
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=plan["rate"], weight_decay=plan["decay"], fused=True)
        self.loss = torch.compile(model) if mode == "compile" else model
        side = plan["model"]["image_size"]
        pixels = torch.tensor(plan["pixels"], dtype=torch.float32) / 127.5 - 1
        self.batch = (
            pixels.view(-1, side, side, 3), torch.tensor(plan["tokens"]), torch.tensor(plan["labels"]))

    def warm_up(self):
        """Compiles forward and backward; the weights stay."""
        within(self.limit, lambda: self.loss(*self.batch).backward())

    def step(self):
        loss = self.loss(*self.batch)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, self.clip)
        self.optimizer.step()
        return loss.item()

    def answer(self, command, steps):
        if command == "losses":
            self.warm_up()
            return {"losses": [self.step() for _ in range(int(steps))]}
        start = time.perf_counter()
        for _ in range(int(steps)):
            self.step()
        return {"seconds": (time.perf_counter() - start) / int(steps)}


if __name__ == "__main__":
    serve(Training)
