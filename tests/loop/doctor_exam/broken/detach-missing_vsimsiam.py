"""SimSiam pretraining on feature vectors, then a linear probe."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class TwoViews(Dataset):
    def __init__(self, n=256, d=16, k=4):
        self.y = torch.randint(0, k, (n,))
        self.x = 2 * torch.randn(k, d)[self.y] + 0.5 * torch.randn(n, d)

    def augment(self, x):
        return x * (torch.rand_like(x) > 0.15) + 0.2 * torch.randn_like(x)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.augment(self.x[i]), self.augment(self.x[i])


class SimSiam(nn.Module):
    def __init__(self, d=16, dim=24):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(d, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, dim)
        )
        self.predictor = nn.Sequential(nn.Linear(dim, 8), nn.ReLU(), nn.Linear(8, dim))

    def forward(self, a, b):
        za, zb = self.encoder(a), self.encoder(b)
        return self.predictor(za), self.predictor(zb), za, zb


def negative_cosine(p, z):
    z.detach()  # HERE
    return -F.cosine_similarity(p, z, dim=-1).mean()  # HERE


def pretrain(model, loader, epochs):
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4
    )
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for a, b in loader:
            pa, pb, za, zb = model(a, b)
            loss = 0.5 * (negative_cosine(pa, zb) + negative_cosine(pb, za))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        scheduler.step()
        print(f"pretrain {epoch} loss {total / len(loader):.4f}")


def feature_spread(model, x):
    model.eval()
    with torch.no_grad():
        return F.normalize(model.encoder(x), dim=1).std(0).mean().item()


if __name__ == "__main__":
    torch.manual_seed(27)
    data = TwoViews()
    model = SimSiam()
    pretrain(
        model, DataLoader(data, batch_size=32, shuffle=True, drop_last=True), epochs=4
    )
    print("std of normalised features", feature_spread(model, data.x))
