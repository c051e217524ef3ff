"""Autoencoder with a classifier on the code."""

import argparse

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


class Encoder(nn.Sequential):
    def __init__(self, d, code):
        super().__init__(nn.Linear(d, 32), nn.ReLU(), nn.Linear(32, code))


class Decoder(nn.Sequential):
    def __init__(self, code, d):
        super().__init__(nn.Linear(code, 32), nn.ReLU(), nn.Linear(32, d))


def mixture(n, d=16, k=4):
    means = 2 * torch.randn(k, d)
    y = torch.randint(0, k, (n,))
    return means[y] + 0.6 * torch.randn(n, d), y


def train_one_epoch(encoder, decoder, classifier, loader, optimizer, weight):
    for m in (encoder, decoder, classifier):
        m.train()
    rec_sum = cls_sum = 0.0
    for x, y in loader:
        code = encoder(x)
        rec_loss = F.mse_loss(decoder(code), x)
        cls_loss = weight * F.cross_entropy(classifier(code), y)
        optimizer.zero_grad()
        rec_loss.backward()  # HERE
        cls_loss.backward()  # HERE
        optimizer.step()
        rec_sum += rec_loss.item()
        cls_sum += cls_loss.item()
    return rec_sum / len(loader), cls_sum / len(loader)


if __name__ == "__main__":
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("--code-size", type=int, default=4)
    cli.add_argument("--epochs", type=int, default=3)
    cli.add_argument("--cls-weight", type=float, default=0.5)
    cli.add_argument("--lr", type=float, default=2e-3)
    args = cli.parse_args()
    torch.manual_seed(8)
    data = DataLoader(TensorDataset(*mixture(256)), batch_size=32, shuffle=True)
    enc, dec, clf = (
        Encoder(16, args.code_size),
        Decoder(args.code_size, 16),
        nn.Linear(args.code_size, 4),
    )
    params = [p for m in (enc, dec, clf) for p in m.parameters()]
    opt = torch.optim.Adam(params, lr=args.lr)
    for epoch in range(args.epochs):
        rec, cls = train_one_epoch(enc, dec, clf, data, opt, args.cls_weight)
        print(f"epoch {epoch} rec {rec:.4f} cls {cls:.4f}")
