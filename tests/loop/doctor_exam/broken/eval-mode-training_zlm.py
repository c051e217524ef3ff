"""Transformer language model on a copy task, validated inside the epoch."""

import argparse

import torch
import torch.nn as nn


class TinyTransformer(nn.Module):
    def __init__(self, vocab=10, dim=16, length=8):
        super().__init__()
        self.tok = nn.Embedding(vocab, dim)
        self.pos = nn.Embedding(length, dim)
        self.block = nn.TransformerEncoderLayer(
            dim, 2, 32, dropout=0.1, batch_first=True
        )
        self.head = nn.Linear(dim, vocab)
        mask = nn.Transformer.generate_square_subsequent_mask(length)
        self.register_buffer("mask", mask)

    def forward(self, ids):
        x = self.tok(ids) + self.pos(torch.arange(ids.size(1)))
        return self.head(self.block(x, src_mask=self.mask))


def batch(n):
    half = torch.randint(0, 10, (n, 4))
    seq = torch.cat([half, half, half[:, :1]], dim=1)
    return seq[:, :8], seq[:, 1:]


@torch.no_grad()
def estimate_loss(model, criterion, batches=3):
    model.eval()  # HERE
    losses = torch.zeros(batches)
    for k in range(batches):
        x, y = batch(32)
        losses[k] = criterion(model(x).flatten(0, 1), y.flatten())
    return losses.mean().item()  # HERE


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=2)
    p.add_argument("--steps", type=int, default=20)
    p.add_argument("--eval-every", type=int, default=5)
    return p.parse_args()


def main():
    args = get_args()
    torch.manual_seed(0)
    model = TinyTransformer()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.0)
    for epoch in range(args.epochs):
        model.train()
        for step in range(args.steps):
            x, y = batch(32)
            logits = model(x)  # HERE
            loss = criterion(logits.flatten(0, 1), y.flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            if step % args.eval_every == 0:
                print(epoch, step, estimate_loss(model, criterion))  # HERE


if __name__ == "__main__":
    main()
