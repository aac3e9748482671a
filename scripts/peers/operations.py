# Small tensor operations from Python; operations.lua does the same from Lua.
#
# Each line of standard input is answered by a line of JSON:
#
#   run NAME COUNT   `plain`, `gradients`, `from_table` or `to_table`: {"seconds": s, "value": the
#   result, "count": operations}
import time

import torch

from model import serve


class Operations:
    def __init__(self, plan):
        # More threads have nothing to do at this size.
        torch.set_num_threads(1)
        self.list = [i / 7 for i in range(1, 10001)]

    def operands(self):
        return torch.full((8, 8), 0.5), torch.full((8, 8), 0.999), torch.full((8, 8), 0.001)

    def plain(self, count):
        x, a, b = self.operands()
        with torch.no_grad():
            for _ in range(count // 2):
                x = x * a + b
        return x.mean().item(), count // 2 * 2

    def gradients(self, count):
        x, a, b = self.operands()
        w = a.clone().requires_grad_()
        chains = count // 22
        for chain in range(chains):
            y = x
            for _ in range(10):
                y = y * w + b
            y.sum().backward()
            if chain == chains - 1:
                return w.grad.mean().item(), chains * 22
            w.grad = None

    def from_table(self, count):
        rounds = count // len(self.list)
        for _ in range(rounds):
            made = torch.tensor(self.list)
        return made.mean().item(), rounds * len(self.list)

    def to_table(self, count):
        x = torch.tensor(self.list)
        rounds = count // len(self.list)
        for _ in range(rounds):
            numbers = x.tolist()
        return numbers[-1], rounds * len(self.list)

    def answer(self, command, name, count):
        start = time.perf_counter()
        value, done = getattr(self, name)(int(count))
        return {"seconds": time.perf_counter() - start, "value": value, "count": done}


if __name__ == "__main__":
    serve(Operations)
