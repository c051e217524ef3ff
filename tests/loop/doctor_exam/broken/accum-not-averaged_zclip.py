"""Siamese text encoders, gradients accumulated over four micro-batches."""

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Config:
    micro_batch: int = 16
    accumulation_steps: int = 4
    lr: float = 0.05
    epochs: int = 3
    temperature: float = 0.2


class Encoder(nn.Module):
    def __init__(self, vocab=40, dim=24):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, ids):
        return F.normalize(self.proj(self.emb(ids).mean(1)), dim=-1)


def sentence_pairs(n):
    a = torch.randint(0, 40, (n, 8))
    b = a[:, torch.randperm(8)].clone()
    b[:, 0] = torch.randint(0, 40, (n,))
    return TensorDataset(a, b)


def info_nce(za, zb, temperature):
    logits = za @ zb.t() / temperature
    return F.cross_entropy(logits, torch.arange(len(za)))


def train(cfg):
    torch.manual_seed(0)
    loader = DataLoader(sentence_pairs(512), batch_size=cfg.micro_batch, shuffle=True)
    model = Encoder()
    optimizer = torch.optim.SGD(model.parameters(), lr=cfg.lr, momentum=0.9)
    for epoch in range(cfg.epochs):
        optimizer.zero_grad()
        for i, (a, b) in enumerate(loader):
            loss = info_nce(model(a), model(b), cfg.temperature)  # HERE
            loss.backward()  # HERE
            if (i + 1) % cfg.accumulation_steps == 0:
                optimizer.step()  # HERE
                optimizer.zero_grad()
        print(f"epoch {epoch} loss {loss.item():.4f}")


train(Config())
