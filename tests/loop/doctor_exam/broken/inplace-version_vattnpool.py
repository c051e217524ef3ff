"""Bag-level (multiple instance) classifier with gated attention pooling."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class GatedAttention(nn.Module):
    def __init__(self, dim, hidden=16):
        super().__init__()
        self.v = nn.Linear(dim, hidden)
        self.u = nn.Linear(dim, hidden)
        self.w = nn.Linear(hidden, 1)

    def forward(self, h, mask):
        gate = torch.sigmoid(self.u(h))
        score = self.w(torch.tanh(self.v(h)) * gate).squeeze(-1)
        score = score - score.max(1, keepdim=True).values.detach()
        weights = score.exp()
        weights *= mask  # HERE
        return weights / weights.sum(1, keepdim=True)


class BagClassifier(nn.Module):
    def __init__(self, d=8, dim=16):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(d, dim), nn.ReLU())
        self.attention = GatedAttention(dim)
        self.classifier = nn.Linear(dim, 1)

    def forward(self, bags, mask):
        h = self.encoder(bags)
        a = self.attention(h, mask)
        return self.classifier((a.unsqueeze(-1) * h).sum(1)).squeeze(1)


def make_bags(n, size=6, d=8):
    bags = torch.randn(n, size, d)
    counts = torch.randint(3, size + 1, (n, 1))
    mask = (torch.arange(size)[None] < counts).float()
    y = torch.randint(0, 2, (n,))
    bags[:, 0, :3] += 2.0 * y[:, None]
    return bags * mask.unsqueeze(-1), mask, y.float()


def main():
    torch.manual_seed(6)
    loader = DataLoader(TensorDataset(*make_bags(192)), batch_size=24, shuffle=True)
    model = BagClassifier()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-5)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(3):
        model.train()
        total = 0.0
        for bags, mask, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(bags, mask), y)
            loss.backward()  # HERE
            optimizer.step()
            total += loss.item() * len(y)
        print(f"epoch {epoch}: {total / len(loader.dataset):.4f}")


if __name__ == "__main__":
    main()
