"""Tied transformer with a per-step warm-up that begins at rate 0."""

import argparse
import copy

import torch
import torch.nn as nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

VOCAB, DIM, LENGTH = 12, 16, 6


class Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, DIM)
        nn.init.normal_(self.emb.weight, std=DIM**-0.5)
        self.pos = nn.Parameter(torch.zeros(LENGTH, DIM))
        layer = nn.TransformerEncoderLayer(DIM, 2, 32, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.out = nn.Linear(DIM, VOCAB, bias=False)
        self.out.weight = self.emb.weight

    def forward(self, ids):
        return self.out(self.encoder(self.emb(ids) * DIM**0.5 + self.pos))


def linear_schedule(optimizer, warmup, total):
    def factor(step):
        if step < warmup:
            return step / max(1, warmup)
        return max(0.0, (total - step) / max(1, total - warmup))

    return LambdaLR(optimizer, factor)


def evaluate(model, loader):
    was_training = model.training
    model.eval()
    hits = total = 0
    with torch.no_grad():
        for (ids,) in loader:
            hits += (model(ids).argmax(-1) == (ids + 3) % VOCAB).sum().item()
            total += ids.numel()
    model.train(was_training)
    return hits / total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=1e-2)
    args = parser.parse_args()
    torch.manual_seed(0)
    train_ids = TensorDataset(torch.randint(0, VOCAB, (384, LENGTH)))
    dev_ids = TensorDataset(torch.randint(0, VOCAB, (64, LENGTH)))
    loader = DataLoader(train_ids, batch_size=32, shuffle=True)
    dev_loader = DataLoader(dev_ids, batch_size=64)
    model = Seq()
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)
    total = args.epochs * len(loader)
    scheduler = linear_schedule(optimizer, warmup=6, total=total)
    best, best_state = 0.0, None
    model.train()
    for epoch in range(args.epochs):
        for step, (ids,) in enumerate(loader):
            logits = model(ids)
            loss = nn.functional.cross_entropy(
                logits.view(-1, VOCAB), ((ids + 3) % VOCAB).view(-1)
            )
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            model.zero_grad()
            if step % 6 == 5:
                accuracy = evaluate(model, dev_loader)
                if accuracy > best:
                    best = accuracy
                    best_state = copy.deepcopy(model.state_dict())
        print(f"epoch {epoch} loss {loss.item():.3f} best {best:.3f}")
    model.load_state_dict(best_state)
    print("restored", evaluate(model, dev_loader))


if __name__ == "__main__":
    main()
