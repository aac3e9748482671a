# Makes training_trace.json: ten steps of the vision-language model in PyTorch, from parameters that
# a formula gives, so that no weights need to be stored. Run: python3 training_trace.py
# (torch 2.x on the processor, numpy). The Swift test computes the same ten losses.
import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
D, H, ENC, DEC, SIDE, PATCH, Q, V, T = 16, 2, 2, 2, 8, 4, 3, 23, 20
P = (SIDE // PATCH) ** 2
params = {}


def make(name, shape):
    """Parameter j has the elements 0.3 sin(0.7 i + j); norms' weights get 1 more."""
    j = len(params)
    i = torch.arange(math.prod(shape))
    value = 0.3 * torch.sin(0.7 * i + j)
    if name.endswith("norm.weight"):
        value = value + 1
    params[name] = value.reshape(shape).requires_grad_(True)


def make_linear(name, inputs, outputs):
    make(name + ".weight", (outputs, inputs))
    make(name + ".bias", (outputs,))


def make_norm(name):
    make(name + ".weight", (D,))
    make(name + ".bias", (D,))


def make_block(name):
    make_norm(name + ".attention.norm")
    make_linear(name + ".attention.qkv", D, 3 * D)
    make_linear(name + ".attention.output", D, D)
    make_norm(name + ".mlp.norm")
    make_linear(name + ".mlp.up", D, 4 * D)
    make_linear(name + ".mlp.down", 4 * D, D)


make_linear("vision.patch", PATCH * PATCH * 3, D)
make("vision.position", (P, D))
make("vision.queries", (Q, D))
for b in range(ENC):
    make_block(f"vision.block.{b + 1}")
make_norm("projector.norm")
make_linear("projector.linear", D, D)
make("decoder.embedding", (V, D))
make("decoder.position", (T, D))
for b in range(DEC):
    make_block(f"decoder.block.{b + 1}")
make_norm("decoder.norm")


def linear(x, name):
    return F.linear(x, params[name + ".weight"], params[name + ".bias"])


def norm(x, name):
    return F.layer_norm(x, (D,), params[name + ".weight"], params[name + ".bias"])


def block(x, name, causal):
    n = x.shape[0]
    q, k, v = linear(norm(x, name + ".attention.norm"), name + ".attention.qkv").view(
        n, 3, H, D // H).permute(1, 2, 0, 3)
    mixed = F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(0, 1).reshape(n, D)
    x = x + linear(mixed, name + ".attention.output")
    h = F.gelu(linear(norm(x, name + ".mlp.norm"), name + ".mlp.up"), approximate="tanh")
    return x + linear(h, name + ".mlp.down")


def see(image):
    g = SIDE // PATCH
    x = image.view(g, PATCH, g, PATCH, 3).permute(0, 2, 1, 3, 4).reshape(P, -1)
    x = linear(x, "vision.patch") + params["vision.position"]
    x = torch.cat([x, params["vision.queries"]])
    for b in range(ENC):
        x = block(x, f"vision.block.{b + 1}", False)
    return linear(norm(x[P:], "projector.norm"), "projector.linear")


def logits(image, tokens):
    x = params["decoder.embedding"][tokens]
    if image is not None:
        x = torch.cat([x[:1], see(image), x[1 + Q:]])
    x = x + params["decoder.position"][: len(tokens)]
    for b in range(DEC):
        x = block(x, f"decoder.block.{b + 1}", True)
    return norm(x, "decoder.norm") @ params["decoder.embedding"].T


def example(step, k):
    """Example k of a step: an image on even k; prompt words, answer words."""
    prompt = [3 + (step * 5 + k * 7 + i) % 20 for i in range(2 + k)]
    answer = [3 + (step * 3 + k * 11 + i) % 20 for i in range(1 + k % 2)]
    image = None
    if k % 2 == 0:
        i = torch.arange(SIDE * SIDE * 3)
        image = ((i * (13 + step + k)) % 256 / 127.5 - 1).reshape(SIDE, SIDE, 3)
    return image, prompt, answer


optimizer = torch.optim.AdamW(params.values(), lr=1, weight_decay=0.01)
losses, norms = [], []
for step in range(10):
    terms = []
    for k in range(4):
        image, prompt, answer = example(step, k)
        before = [0] + ([2] * Q if image is not None else []) + prompt
        tokens = before + answer
        labels = answer + [1]
        rows = logits(image, torch.tensor(tokens))[len(before) - 1:]
        terms.append(F.cross_entropy(rows, torch.tensor(labels), reduction="none"))
    loss = torch.cat(terms).mean()
    optimizer.zero_grad()
    loss.backward()
    norms.append(torch.nn.utils.clip_grad_norm_(params.values(), 1.0).item())
    for group in optimizer.param_groups:
        group["lr"] = 5e-3 * min(1, (step + 1) / 3) * (0.55 + 0.45 * math.cos(math.pi * step / 10))
    optimizer.step()
    losses.append(loss.item())

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({
    "generator": "training_trace.py", "torch": torch.__version__, "dtype": "float64",
    "tolerance": 1e-4, "losses": losses, "gradient_norms": norms}, indent=1) + "\n")
print(losses)
