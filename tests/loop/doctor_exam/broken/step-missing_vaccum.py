"""Seq2seq: learn to reverse digit strings. Batches may be split into micro-batches."""

import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

PAD, SOS = 10, 11


class Encoder(nn.Module):
    def __init__(self, hid):
        super().__init__()
        self.emb = nn.Embedding(12, hid)
        self.gru = nn.GRU(hid, hid, batch_first=True)

    def forward(self, src):
        return self.gru(self.emb(src))[1]


class Decoder(nn.Module):
    def __init__(self, hid):
        super().__init__()
        self.emb = nn.Embedding(12, hid)
        self.gru = nn.GRU(hid, hid, batch_first=True)
        self.out = nn.Linear(hid, 12)

    def forward(self, tgt_in, hidden):
        y, hidden = self.gru(self.emb(tgt_in), hidden)
        return self.out(y), hidden


class Seq2Seq(nn.Module):
    def __init__(self, hid=32):
        super().__init__()
        self.encoder, self.decoder = Encoder(hid), Decoder(hid)

    def forward(self, src, tgt):
        start = torch.full((len(src), 1), SOS)
        logits, _ = self.decoder(torch.cat([start, tgt[:, :-1]], 1), self.encoder(src))
        return logits


def train(args, model, loader, optimizer):
    model.train()
    total = 0.0
    optimizer.zero_grad()
    for i, (src, tgt) in enumerate(loader, 1):
        logits = model(src, tgt)
        loss = F.cross_entropy(logits.transpose(1, 2), tgt)
        (loss / args.accumulation_steps).backward()  # HERE
        total += loss.item()
        if i % args.accumulation_steps:  # HERE
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()  # HERE
            optimizer.zero_grad()
    return total / len(loader)


@torch.no_grad()
def validate(model, src, tgt):
    model.eval()
    return (model(src, tgt).argmax(-1) == tgt).float().mean().item()


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=3)
    p.add_argument("--accumulation-steps", type=int, default=1)
    p.add_argument("--lr", type=float, default=5e-3)
    args = p.parse_args()
    torch.manual_seed(5)
    src = torch.randint(0, 10, (320, 6))
    tgt = src.flip(1)
    loader = DataLoader(
        TensorDataset(src[:256], tgt[:256]), batch_size=32, shuffle=True
    )
    model = Seq2Seq()
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        loss = train(args, model, loader, optimizer)
        print(
            f"epoch {epoch}: loss {loss:.4f} token acc {validate(model, src[256:], tgt[256:]):.3f}"
        )
