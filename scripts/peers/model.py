# The model in PyTorch, written the way PyTorch's users write it: modules, batched tensors, float32
# on the processor. Names and sizes are those of Sources/Networks, so its weights load unchanged.
import json
import os
import signal
import struct
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

BEGIN, END, IMAGE = 0, 1, 2


class Attention(nn.Module):
    def __init__(self, width, heads, causal):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)
        self.heads, self.causal = heads, causal

    def forward(self, x, mask=None, cache=None):
        b, n, d = x.shape
        qkv = self.qkv(self.norm(x)).view(b, n, 3, self.heads, d // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        if cache is not None:
            k, v = cache.extend(k, v)
        # One new row sees everything that came before it.
        causal = self.causal and mask is None and n > 1
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
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

    def forward(self, x, mask=None, cache=None):
        x = x + self.attention(x, mask, cache)
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
    """A batch in which every sequence has its image in the same place."""

    def __init__(self, c):
        super().__init__()
        self.vision, self.projector, self.decoder = Vision(c), Projector(c["width"]), Decoder(c)

    def forward(self, images, tokens, labels):
        logits = self.decoder(self.projector(self.vision(images)), tokens)
        return F.cross_entropy(logits.flatten(0, 1), labels.flatten())


class MixedModel(Model):
    """Sequences with and without images: what the encoder made replaces the image marks."""

    def words(self, tokens, images):
        x = F.embedding(tokens, self.decoder.embedding)
        if images is not None:
            seen = self.projector(self.vision(images))
            x = x.masked_scatter((tokens == IMAGE).unsqueeze(-1), seen)
        return x

    def embed(self, tokens, images, positions):
        return self.words(tokens, images) + self.decoder.position[positions]

    def run(self, x, mask=None, caches=None):
        """Rows of width D to rows of width D, the final norm included."""
        for i, block in enumerate(self.decoder.block.values()):
            x = block(x, mask, caches[i] if caches else None)
        return self.decoder.norm(x)

    def scores(self, x):
        return F.linear(x, self.decoder.embedding)

    def forward(self, tokens, images):
        """Scores of every word at every place: [B, T, V]."""
        places = torch.arange(tokens.shape[1])
        return self.scores(self.run(self.embed(tokens, images, places)))


KINDS = {"F32": torch.float32, "I32": torch.int32, "U8": torch.uint8}


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    result = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        kind = KINDS[entry["dtype"]]
        numbers = torch.empty(0, dtype=kind)
        if end > start:
            count = (end - start) // numbers.element_size()
            numbers = torch.frombuffer(data, dtype=kind, count=count, offset=start)
        result[name] = numbers.view(entry["shape"])
    return result


def load(plan, weights, kind=MixedModel):
    model = kind(plan["model"])
    model.load_state_dict(read_safetensors(weights), strict=True)
    return model


def serve(kind):
    """Makes a worker of the arguments (plan, files, ...) and lets it answer every line of standard
    input with a line of JSON; an error is an answer too."""
    # A group of its own: what is started here ends together with it.
    os.setpgid(0, 0)
    with open(sys.argv[1]) as file:
        plan = json.load(file)
    torch.set_num_threads(plan["threads"])
    worker = kind(plan, *sys.argv[2:])
    for line in sys.stdin:
        try:
            result = worker.answer(*line.split())
        except (Exception, TooLong) as error:
            result = {"failed": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
        print(json.dumps(result), flush=True)


class TooLong(BaseException):
    """Compilation took longer than its limit; no `except Exception` swallows it."""


def within(limit, body):
    """Calls `body`, for at most so many seconds."""

    def give_up(*_):
        raise TooLong(f"not ready within {limit} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(limit)
    try:
        body()
    finally:
        signal.alarm(0)
