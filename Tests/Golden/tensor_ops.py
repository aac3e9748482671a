# Makes tensor_ops.json: operations as Lua writes them, with values and derivatives from PyTorch in
# double precision. Run: python3 tensor_ops.py (torch 2.x on the processor).
import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(shape, phase, scale=1.0):
    """scale * sin(0.7 i + phase), in single precision as the engine gets it."""
    i = torch.arange(math.prod(shape))
    return (scale * torch.sin(0.7 * i + phase)).float().double().reshape(shape)


INPUTS = {
    "x": wave((4, 6), 0.0), "w": wave((5, 6), 1.0), "b": wave((5,), 2.0),
    "p": (wave((4, 6), 3.0) + 2).float().double(),
    "q": wave((7, 24), 4.0), "s": (wave((6,), 5.0) + 1).float().double(), "z": wave((6,), 6.0),
    "y": wave((3, 4, 2), 7.0), "n": wave((3, 2, 5), 8.0), "e": wave((2, 4, 4, 3), 9.0),
}


def attention(q, lengths, heads, causal):
    parts = []
    for part in torch.split(q, lengths):
        d = q.shape[1] // 3
        qkv = [m.reshape(len(part), heads, -1).transpose(0, 1) for m in torch.split(part, d, 1)]
        mixed = F.scaled_dot_product_attention(*qkv, is_causal=causal)
        parts.append(mixed.transpose(0, 1).reshape(len(part), d))
    return torch.cat(parts)


def patches(e, p):
    b, h, w, c = e.shape
    cut = e.reshape(b, h // p, p, w // p, p, c).permute(0, 1, 3, 2, 4, 5)
    return cut.reshape(-1, p * p * c)


CASES = [
    ("x + p", ["x", "p"], lambda x, p: x + p),
    ("x * s - 2 / p", ["x", "s", "p"], lambda x, s, p: x * s - 2 / p),
    ("p ^ x", ["p", "x"], lambda p, x: p**x),
    ("p ^ 1.5", ["p"], lambda p: p**1.5),
    ("x:exp()", ["x"], torch.exp), ("p:log()", ["p"], torch.log), ("p:sqrt()", ["p"], torch.sqrt),
    ("p:rsqrt()", ["p"], torch.rsqrt), ("x:sin()", ["x"], torch.sin), ("x:cos()", ["x"], torch.cos),
    ("x:tanh()", ["x"], torch.tanh), ("x:sigmoid()", ["x"], torch.sigmoid),
    ("x:relu()", ["x"], torch.relu), ("x:silu()", ["x"], F.silu),
    ("x:gelu()", ["x"], lambda x: F.gelu(x, approximate="tanh")),
    ("x:abs()", ["x"], torch.abs), ("p:reciprocal()", ["p"], torch.reciprocal),
    ("x:clamp(-0.5, 0.4)", ["x"], lambda x: x.clamp(-0.5, 0.4)),
    ("x:maximum(z)", ["x", "z"], lambda x, z: torch.maximum(x, z)),
    ("x:minimum(0.25)", ["x"], lambda x: x.clamp(max=0.25)),
    ("x:sum(1)", ["x"], lambda x: x.sum(0)),
    ("x:mean(2, { keep = true })", ["x"], lambda x: x.mean(1, keepdim=True)),
    ("x:var(1)", ["x"], lambda x: x.var(0)), ("x:var()", ["x"], lambda x: x.var()),
    ("x:norm(2)", ["x"], lambda x: x.norm(dim=1)),
    ("x:max(1)", ["x"], lambda x: x.max(0).values), ("x:min()", ["x"], lambda x: x.min()),
    ("y:logsumexp(2)", ["y"], lambda y: torch.logsumexp(y, 1)),
    ("y:softmax(2)", ["y"], lambda y: torch.softmax(y, 1)),
    ("x:log_softmax()", ["x"], lambda x: torch.log_softmax(x, -1)),
    ("x:layer_norm(s, z)", ["x", "s", "z"], lambda x, s, z: F.layer_norm(x, (6,), s, z)),
    ("x:rms_norm(s)", ["x", "s"], lambda x, s: F.rms_norm(x, (6,), s, 1e-6)),
    ("x:linear(w, b)", ["x", "w", "b"], F.linear),
    ("y:matmul(n)", ["y", "n"], torch.matmul),
    ("x:cross_entropy{ 5, -1, 0, 2 }", ["x"],
     lambda x: F.cross_entropy(x, torch.tensor([5, -1, 0, 2]), ignore_index=-1, reduction="none")),
    ("x:cross_entropy({ 5, -1, 0, 2 }, { reduction = 'mean' })", ["x"],
     lambda x: F.cross_entropy(x, torch.tensor([5, -1, 0, 2]), ignore_index=-1)),
    ("q:attention({ 3, 4 }, 2)", ["q"], lambda q: attention(q, [3, 4], 2, True)),
    ("q:attention({ 6, 1 }, 4, { causal = false })", ["q"],
     lambda q: attention(q, [6, 1], 4, False)),
    ("e:patches(2)", ["e"], lambda e: patches(e, 2)),
    ("x:embedding{ 3, 0, 3 }", ["x"], lambda x: F.embedding(torch.tensor([3, 0, 3]), x)),
    ("x:rows{ 4, 1, 4 }", ["x"], lambda x: x[[3, 0, 3]]),
    ("x:gather({ { 1, 6 }, { 2, 2 }, { 3, 1 }, { 6, 5 } })", ["x"],
     lambda x: x.gather(1, torch.tensor([[0, 5], [1, 1], [2, 0], [5, 4]]))),
    ("z:scatter({ 1, 3, 3, 8, 2, 1 }, 8)", ["z"],
     lambda z: torch.zeros(8).scatter_add(0, torch.tensor([0, 2, 2, 7, 1, 0]), z)),
    ("(x:sort(1, { descending = true }))", ["x"], lambda x: x.sort(0, descending=True).values),
    ("(x:topk(3))", ["x"], lambda x: x.topk(3).values),
    ("y:permute{ 3, 1, 2 }", ["y"], lambda y: y.permute(2, 0, 1)),
    ("y:slice{ { 2, -1 }, { 1, 4, 3 }, 2 }", ["y"], lambda y: y[1:, 0:4:3, 1]),
    ("tensor.cat({ x, p }, 2)", ["x", "p"], lambda x, p: torch.cat([x, p], 1)),
    ("tensor.stack({ x, p }, -1)", ["x", "p"], lambda x, p: torch.stack([x, p], -1)),
    ("tensor.where(x:gt(0), x, p)", ["x", "p"], lambda x, p: torch.where(x > 0, x, p)),
    ("s:broadcast_to{ 3, 6 }", ["s"], lambda s: s.broadcast_to(3, 6)),
]


def numbers(t):
    return [float(f"{v:.9g}") for v in t.detach().reshape(-1).tolist()]


rows = []
for lua, names, function in CASES:
    inputs = [INPUTS[n].clone().requires_grad_(True) for n in names]
    value = function(*inputs)
    weights = torch.cos(torch.arange(value.numel())).reshape(value.shape)
    (value * weights).sum().backward()
    rows.append({"lua": lua, "inputs": names, "shape": list(value.shape), "value": numbers(value),
                 "gradients": [numbers(i.grad) for i in inputs]})

result = {"generator": "tensor_ops.py", "torch": torch.__version__, "dtype": "float64",
          "tolerance": 2e-6, "rows": rows,
          "inputs": {k: {"shape": list(v.shape), "data": numbers(v)} for k, v in INPUTS.items()}}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
