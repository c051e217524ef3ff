"""Signature verification with a siamese network and contrastive loss."""

import argparse

import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class PairDataset(Dataset):
    def __init__(self, n, people=6, length=24):
        t = torch.linspace(0, 1, length)
        self.freq, self.phase = 1 + 4 * torch.rand(people), 6.28 * torch.rand(people)
        self.t, self.people = t, people
        self.first = torch.randint(0, people, (n,))
        same = torch.rand(n) < 0.5
        shift = torch.randint(1, people, (n,))
        self.second = torch.where(same, self.first, (self.first + shift) % people)
        self.a, self.b = self.draw(self.first), self.draw(self.second)
        self.label = (self.first != self.second).float()

    def draw(self, who):
        clean = torch.sin(
            6.28 * self.freq[who][:, None] * self.t + self.phase[who][:, None]
        )
        return (clean + 0.2 * torch.randn(len(who), len(self.t))).unsqueeze(1)

    def __len__(self):
        return len(self.label)

    def __getitem__(self, i):
        return self.a[i], self.b[i], self.label[i]


class Branch(nn.Module):
    def __init__(self, out=12):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(1, 8, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool1d(2),
            nn.Conv1d(8, 16, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool1d(2),
        )
        self.fc = nn.Linear(16 * 6, out)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1))


class SiameseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = Branch()
        self.right = self.left

    def forward(self, a, b):
        return self.left(a), self.right(b)


def contrastive_loss(u, v, label, margin=1.5):
    dist = F.pairwise_distance(u, v)
    return ((1 - label) * dist.pow(2) + label * F.relu(margin - dist).pow(2)).mean()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=4)
    ap.add_argument("--lr", type=float, default=0.01)
    args = ap.parse_args()
    torch.manual_seed(44)
    loader = DataLoader(PairDataset(256), batch_size=32, shuffle=True)
    net = SiameseNet()
    optimizer = torch.optim.SGD(  # HERE
        list(net.left.parameters()) + list(net.right.parameters()), lr=args.lr
    )  # HERE
    for epoch in range(args.epochs):
        net.train()
        total = 0.0
        for a, b, label in loader:
            optimizer.zero_grad()
            loss = contrastive_loss(*net(a, b), label)
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch} contrastive {total / len(loader):.4f}")


if __name__ == "__main__":
    main()
