"""A tiny transformer that sorts digits."""

import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=3e-3)
parser.add_argument("--weight-decay", type=float, default=0.1)
parser.add_argument("--steps", type=int, default=80)
args = parser.parse_args()


class Sorter(nn.Module):
    def __init__(self, digits=8, width=32):
        super().__init__()
        self.embedding = nn.Embedding(digits, width)
        self.position = nn.Parameter(torch.randn(6, width) * 0.1)
        self.attention = nn.MultiheadAttention(width, 2, batch_first=True)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 64), nn.GELU(), nn.Linear(64, width))
        self.out = nn.Linear(width, digits)

    def forward(self, tokens):
        x = self.embedding(tokens) + self.position
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return self.out(x + self.mlp(self.norm2(x)))


torch.manual_seed(0)
model = Sorter()
optimizer = torch.optim.AdamW(  # HERE
    model.parameters(),  # HERE
    lr=args.lr,
    weight_decay=args.weight_decay,  # HERE
)
criterion = nn.CrossEntropyLoss()
for step in range(1, args.steps + 1):
    tokens = torch.randint(8, (48, 6))
    logits = model(tokens)
    loss = criterion(logits.flatten(0, 1), tokens.sort(1)[0].flatten())
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(f"step {step}: loss {loss.item():.4f}")
