# The inputs of the conformance cases, drawn the same way here and in Tests/MetricsTests/Draws.swift,
# so that only expected numbers are stored. SplitMix64; sums in a fixed order; no library function
# whose last bit could differ.
import json
import math
import pathlib

MASK = (1 << 64) - 1


class Draws:
    """The inputs of one case of one metric."""

    def __init__(self, name, case):
        self.state = 0xCBF29CE484222325
        for byte in f"{name}/{case}".encode():
            self.state = ((self.state ^ byte) * 0x100000001B3) & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def uniform(self, low=0.0, high=1.0):
        return low + (high - low) * ((self.next() >> 11) * 2.0**-53)

    def integer(self, low, high):
        return low + self.next() % (high - low + 1)

    def normal(self):
        total = 0.0
        for _ in range(12):
            total += self.uniform()
        return total - 6.0

    def uniforms(self, n, low=0.0, high=1.0):
        return [self.uniform(low, high) for _ in range(n)]

    def integers(self, n, low, high):
        return [self.integer(low, high) for _ in range(n)]

    def normals(self, n):
        return [self.normal() for _ in range(n)]

    def log_probabilities(self, n):
        """From -6 to 0, more of them near 0."""
        return [-6.0 * u * u for u in self.uniforms(n)]

    def matrix(self, rows, columns):
        return [self.normals(columns) for _ in range(rows)]

    def flags(self, n, share=0.5):
        return [self.uniform() < share for _ in range(n)]

    def words(self, n, kinds):
        """Words w0, w1, ... of so many kinds."""
        return [f"w{self.integer(0, kinds - 1)}" for _ in range(n)]


def plain(value):
    """A value as JSON: numpy numbers as doubles, undefined ones as null."""
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist") and getattr(value, "ndim", 0):
        return [plain(v) for v in value]
    if value is None:
        return None
    value = float(value)
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def conform(name, body, count=200):
    """The expected numbers of `count` cases."""
    return [plain(body(Draws(name, case))) for case in range(count)]


def write(script, versions, table):
    """Writes the table beside its script, one line per metric."""
    path = pathlib.Path(script).with_suffix(".json")
    lines = [f' "generator": {json.dumps({"script": path.with_suffix(".py").name, **versions})}']
    lines += [f" {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in table.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
