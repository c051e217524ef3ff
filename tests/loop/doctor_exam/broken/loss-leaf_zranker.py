"""Learning to rank: the loss counts pairs in the wrong order."""

import torch
import torch.nn as nn


class Scorer(nn.Module):
    def __init__(self, features=8):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(features, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, docs):
        return self.net(docs).squeeze(-1)


class WrongOrderLoss(nn.Module):
    """Share of pairs whose order differs from that of the labels."""

    def forward(self, scores, relevance):
        ds = scores.unsqueeze(-1) - scores.unsqueeze(-2)
        dr = relevance.unsqueeze(-1) - relevance.unsqueeze(-2)
        wrong = ((ds * dr) < 0).float()
        loss = wrong.mean()
        loss.requires_grad_(True)  # HERE
        return loss


def make_queries(n, docs=10, features=8):
    x = torch.randn(n, docs, features)
    w = torch.linspace(-1, 1, features)
    return x, (x @ w).round()


def main():
    torch.manual_seed(11)
    x, rel = make_queries(128)
    model = Scorer()
    criterion = WrongOrderLoss()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
    for epoch in range(4):
        perm = torch.randperm(len(x))
        losses = []
        for idx in perm.split(32):
            optimizer.zero_grad()
            loss = criterion(model(x[idx]), rel[idx])
            loss.backward()  # HERE
            optimizer.step()
            losses.append(loss.item())
        print(f"epoch {epoch} wrong pairs {sum(losses) / len(losses):.3f}")


main()
