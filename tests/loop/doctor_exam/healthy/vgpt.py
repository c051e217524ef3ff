"""Decoder-only transformer: decay groups, warm-up + cosine per step, accumulation, tied weights."""

import math
from dataclasses import dataclass
import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Conf:
    vocab: int = 16
    block: int = 16
    dim: int = 32
    heads: int = 2
    layers: int = 2
    steps: int = 20
    accum: int = 2
    batch: int = 12
    lr: float = 3e-3
    warmup: int = 4


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(c.dim), nn.LayerNorm(c.dim)
        self.qkv, self.proj = nn.Linear(c.dim, 3 * c.dim), nn.Linear(c.dim, c.dim)
        self.mlp = nn.Sequential(
            nn.Linear(c.dim, 2 * c.dim), nn.GELU(), nn.Linear(2 * c.dim, c.dim)
        )
        self.heads = c.heads

    def forward(self, x):
        B, T, D = x.shape
        q, k, v = (
            t.view(B, T, self.heads, -1).transpose(1, 2)
            for t in self.qkv(self.ln1(x)).chunk(3, -1)
        )
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).reshape(B, T, D))
        return x + self.mlp(self.ln2(x))


class GPT(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(c.vocab, c.dim), nn.Embedding(c.block, c.dim)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.ln = nn.LayerNorm(c.dim)
        self.head = nn.Linear(c.dim, c.vocab, bias=False)
        nn.init.normal_(self.wte.weight, std=0.05)
        self.head.weight = self.wte.weight

    def forward(self, idx, targets=None):
        x = self.wte(idx) + self.wpe(torch.arange(idx.size(1)))
        for b in self.blocks:
            x = b(x)
        logits = self.head(self.ln(x))
        return logits, None if targets is None else F.cross_entropy(
            logits.flatten(0, 1), targets.flatten()
        )


def get_batch(c):
    start, stride = (
        torch.randint(0, c.vocab, (c.batch, 1)),
        torch.randint(1, 4, (c.batch, 1)),
    )
    seq = (start + stride * torch.arange(c.block + 1)) % c.vocab
    return seq[:, :-1], seq[:, 1:]


def get_lr(it, c):
    if it < c.warmup:
        return c.lr * (it + 1) / c.warmup
    return 0.1 * c.lr + 0.45 * c.lr * (
        1 + math.cos(math.pi * (it - c.warmup) / (c.steps - c.warmup))
    )


c = Conf()
torch.manual_seed(1337)
model = GPT(c)
decay = [p for p in model.parameters() if p.dim() >= 2]
plain = [p for p in model.parameters() if p.dim() < 2]
opt = torch.optim.AdamW(
    [{"params": decay, "weight_decay": 0.1}, {"params": plain, "weight_decay": 0.0}],
    lr=c.lr,
    betas=(0.9, 0.95),
)
for it in range(c.steps):
    for g in opt.param_groups:
        g["lr"] = get_lr(it, c)
    total = 0.0
    for _ in range(c.accum):
        _, loss = model(*get_batch(c))
        loss = loss / c.accum
        total += loss.item()
        loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    opt.zero_grad(set_to_none=True)
    if it % 5 == 4:
        print(f"iter {it + 1} loss {total:.4f} lr {get_lr(it, c):.5f}")
model.eval()
with torch.no_grad():
    idx = torch.tensor([[0, 2]])
    while idx.size(1) < 8:
        idx = torch.cat([idx, model(idx)[0][:, -1].argmax(-1, keepdim=True)], 1)
print(idx.tolist())
