# The training step of EideticBench in PyTorch: the same model, weights and batch, in float32 on the
# processor, written the way PyTorch's users write it (modules, batched tensors, fused AdamW).
# EideticBench starts it and asks line by line on standard input; each answer is one line of JSON.
#
#   losses STEPS   from the given weights: {"losses": [...]}, or {"failed": reason}
#   time STEPS     goes on from there: {"seconds": for one step}
#
# Arguments: the plan (JSON), the weights (safetensors), eager or compile.
import json
import os
import signal
import struct
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


class Attention(nn.Module):
    def __init__(self, width, heads, causal):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)
        self.heads, self.causal = heads, causal

    def forward(self, x):
        b, n, d = x.shape
        qkv = self.qkv(self.norm(x)).view(b, n, 3, self.heads, d // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return self.output(mixed.transpose(1, 2).reshape(b, n, d))


class MLP(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.down(F.gelu(self.up(self.norm(x)), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, width, heads, causal):
        super().__init__()
        self.attention = Attention(width, heads, causal)
        self.mlp = MLP(width)

    def forward(self, x):
        x = x + self.attention(x)
        return x + self.mlp(x)


def blocks(count, *arguments):
    return nn.ModuleDict({str(i + 1): Block(*arguments) for i in range(count)})


class Vision(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.grid, self.side = c["image_size"] // c["patch_size"], c["patch_size"]
        self.patch = nn.Linear(3 * self.side**2, c["width"])
        self.position = nn.Parameter(torch.zeros(self.grid**2, c["width"]))
        self.queries = nn.Parameter(torch.zeros(c["image_tokens"], c["width"]))
        self.block = blocks(c["encoder_blocks"], c["width"], c["heads"], False)

    def forward(self, images):
        b, g, s = images.shape[0], self.grid, self.side
        x = images.view(b, g, s, g, s, 3).permute(0, 1, 3, 2, 4, 5).reshape(b, g * g, -1)
        x = self.patch(x) + self.position
        x = torch.cat([x, self.queries.expand(b, -1, -1)], 1)
        for block in self.block.values():
            x = block(x)
        return x[:, g * g:]


class Projector(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        return self.linear(self.norm(x))


class Decoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embedding = nn.Parameter(torch.zeros(c["vocabulary"], c["width"]))
        self.position = nn.Parameter(torch.zeros(c["max_tokens"], c["width"]))
        self.block = blocks(c["decoder_blocks"], c["width"], c["heads"], True)
        self.norm = nn.LayerNorm(c["width"])

    def forward(self, image, tokens):
        x = F.embedding(tokens, self.embedding)
        # The image's tokens stand behind the begin mark.
        x = torch.cat([x[:, :1], image, x[:, 1 + image.shape[1]:]], 1)
        x = x + self.position[: x.shape[1]]
        for block in self.block.values():
            x = block(x)
        return F.linear(self.norm(x), self.embedding)


class Model(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.vision, self.projector, self.decoder = Vision(c), Projector(c["width"]), Decoder(c)

    def forward(self, images, tokens, labels):
        logits = self.decoder(self.projector(self.vision(images)), tokens)
        return F.cross_entropy(logits.flatten(0, 1), labels.flatten())


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    header.pop("__metadata__")
    numbers = torch.frombuffer(data, dtype=torch.float32)
    result = {}
    for name, entry in header.items():
        start, end = (offset // 4 for offset in entry["data_offsets"])
        result[name] = numbers[start:end].view(entry["shape"])
    return result


class TooLong(BaseException):
    """Compilation took longer than its limit; no `except Exception` swallows it."""


def give_up(*_):
    raise TooLong


class Training:
    """A model on its way: its weights move with every step."""

    def __init__(self, plan, weights, mode):
        model = Model(plan["model"])
        model.load_state_dict(weights, strict=True)
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
        signal.signal(signal.SIGALRM, give_up)
        signal.alarm(self.limit)
        try:
            self.loss(*self.batch).backward()
        finally:
            signal.alarm(0)

    def step(self):
        loss = self.loss(*self.batch)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, self.clip)
        self.optimizer.step()
        return loss.item()


def answer(training, command, steps):
    if command == "losses":
        training.warm_up()
        return {"losses": [training.step() for _ in range(steps)]}
    start = time.perf_counter()
    for _ in range(steps):
        training.step()
    return {"seconds": (time.perf_counter() - start) / steps}


def main():
    # A group of its own: the compilers that were started end together with it.
    os.setpgid(0, 0)
    with open(sys.argv[1]) as file:
        plan = json.load(file)
    torch.set_num_threads(plan["threads"])
    training = Training(plan, read_safetensors(sys.argv[2]), sys.argv[3])
    for line in sys.stdin:
        command, steps = line.split()
        try:
            result = answer(training, command, int(steps))
        except TooLong:
            result = {"failed": f"not ready within {training.limit} s"}
        except Exception as error:
            result = {"failed": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
        print(json.dumps(result), flush=True)


main()
