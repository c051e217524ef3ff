"""One attention layer learns a tongue twister, letter by letter."""

import torch
from torch import nn

TEXT = "she sells sea shells by the sea shore and "
CHARS = sorted(set(TEXT))


class CharModel(nn.Module):
    def __init__(self, width=32, context=16):
        super().__init__()
        self.embed = nn.Embedding(len(CHARS), width)
        self.position = nn.Parameter(torch.zeros(context, width))
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)
        self.value, self.out = nn.Linear(width, width), nn.Linear(width, len(CHARS))
        mask = torch.full((context, context), float("-inf")).triu(1)
        self.register_buffer("mask", mask)

    def forward(self, tokens):
        x = self.embed(tokens) + self.position
        scores = self.query(x) @ self.key(x).transpose(1, 2) / x.size(-1) ** 0.5
        x = x + torch.softmax(scores + self.mask, dim=-1) @ self.value(x)
        return self.out(x)


def get_batch(data, rows=24, context=16):
    starts = torch.randint(len(data) - context - 1, (rows,))
    windows = torch.stack([data[s : s + context + 1] for s in starts.tolist()])
    return windows[:, :-1], windows[:, 1:]


torch.manual_seed(0)
data = torch.tensor([CHARS.index(c) for c in TEXT * 10])
model = CharModel()
optimizer = torch.optim.Adam(model.parameters(), lr=1.0)  # HERE
for step in range(100):
    x, y = get_batch(data)
    loss = nn.functional.cross_entropy(model(x).flatten(0, 1), y.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()  # HERE
    if step % 10 == 0:
        print(f"{step}: {loss.item():.3f}")
