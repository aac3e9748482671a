# Examples as EideticBench hands them over, and the batches that PyTorch's users make of them.
import torch

from model import BEGIN, END, read_safetensors


class Examples:
    """Token sequences with their labels (-100 where nothing is learned) and images."""

    def __init__(self, path):
        file = read_safetensors(path)
        lengths = file["lengths"].tolist()
        self.tokens = file["tokens"].long().split(lengths)
        self.labels = file["labels"].long().split(lengths)
        self.images = file["images"]
        # The number of an example's image, or -1.
        self.image_of = file["image_of"].tolist()

    def __len__(self):
        return len(self.tokens)

    def pictures(self, rows):
        """The images of these examples in −1 … 1, or None when they have none."""
        numbers = [self.image_of[i] for i in rows if self.image_of[i] >= 0]
        return self.images[numbers].float() / 127.5 - 1 if numbers else None

    def right_padded(self, rows):
        """Tokens and labels padded to the longest: [B, T] each."""
        pad = torch.nn.utils.rnn.pad_sequence
        return (
            pad([self.tokens[i] for i in rows], True, END),
            pad([self.labels[i] for i in rows], True, -100))

    def left_padded(self, rows):
        """Tokens that end in the same column and a mask of the real ones: [B, T] each."""
        longest = max(len(self.tokens[i]) for i in rows)
        tokens = torch.full((len(rows), longest), BEGIN)
        real = torch.zeros(len(rows), longest, dtype=torch.bool)
        for row, i in enumerate(rows):
            count = len(self.tokens[i])
            tokens[row, longest - count:] = self.tokens[i]
            real[row, longest - count:] = True
        return tokens, real
