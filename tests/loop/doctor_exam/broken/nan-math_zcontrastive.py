"""Contrastive pairs: same class close, other classes far apart."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Pairs(Dataset):
    def __init__(self, n=320):
        self.y = torch.randint(0, 4, (n,))
        centres = torch.randn(4, 10)
        self.x = centres[self.y] + 0.5 * torch.randn(n, 10)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        j = int(torch.randint(0, len(self), (1,)))
        if torch.rand(1) < 0.1:
            j = i
        return self.x[i], self.x[j], (self.y[i] == self.y[j]).float()


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=1.0):
        super().__init__()
        self.margin = margin

    def forward(self, a, b, same):
        distance = torch.sqrt(((a - b) ** 2).sum(dim=1))  # HERE
        near = same * distance**2
        far = (1 - same) * (self.margin - distance).clamp(min=0) ** 2
        return (near + far).mean()


def main():
    torch.manual_seed(0)
    encoder = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
    criterion = ContrastiveLoss()
    optimizer = torch.optim.SGD(encoder.parameters(), lr=0.05, momentum=0.9)
    loader = DataLoader(Pairs(), batch_size=32, shuffle=True)
    for epoch in range(2):
        for a, b, same in loader:
            loss = criterion(encoder(a), encoder(b), same)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch} last loss {loss.item():.4f}")


main()
