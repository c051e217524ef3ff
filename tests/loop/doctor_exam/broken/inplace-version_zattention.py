"""One attention layer that sorts numbers; dead positions are masked by hand."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class MaskedAttention(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.q = nn.Linear(dim, dim)
        self.k = nn.Linear(dim, dim)
        self.v = nn.Linear(dim, dim)

    def forward(self, x, pad):
        q, k, v = self.q(x), self.k(x), self.v(x)
        weights = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(x.size(-1)), -1)
        keep = (~pad).float().unsqueeze(1)
        weights *= keep  # HERE
        return weights @ v


class Sorter(nn.Module):
    def __init__(self, vocab=12, dim=16):
        super().__init__()
        self.tok = nn.Embedding(vocab, dim)
        self.pos = nn.Parameter(torch.zeros(1, 8, dim))
        self.attn = MaskedAttention(dim)
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, vocab)

    def forward(self, ids):
        x = self.tok(ids) + self.pos
        x = self.norm(x + self.attn(x, ids.eq(0)))
        return self.head(x)


def main():
    torch.manual_seed(0)
    model = Sorter()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for step in range(20):
        ids = torch.randint(0, 12, (32, 8))
        target = ids.sort(dim=1).values
        loss = F.cross_entropy(model(ids).transpose(1, 2), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 5 == 0:
            print(step, loss.item())


if __name__ == "__main__":
    main()
