"""Metric learning with triplets."""

import functools

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class TripletSet(Dataset):
    def __init__(self, n=160, classes=4, dim=10):
        self.centres = torch.randn(classes, dim) * 2
        self.labels = torch.arange(n) % classes
        self.x = self.centres[self.labels] + 0.5 * torch.randn(n, dim)
        self.by_class = [torch.where(self.labels == c)[0] for c in range(classes)]

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        c = self.labels[i].item()
        pos = self.by_class[c][torch.randint(len(self.by_class[c]), (1,)).item()]
        other = (c + torch.randint(1, len(self.by_class), (1,)).item()) % len(
            self.by_class
        )
        neg = self.by_class[other][
            torch.randint(len(self.by_class[other]), (1,)).item()
        ]
        return self.x[i], self.x[pos], self.x[neg]


class Embedder(nn.Module):
    def __init__(self, dim, out=8):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(dim, 32), nn.Tanh(), nn.Linear(32, out))

    def forward(self, x):
        return nn.functional.normalize(self.body(x), dim=1)


make_optimizer = functools.partial(torch.optim.SGD, lr=0.05, momentum=0.9)


def run_batch(net, criterion, optimizer, batch):
    anchor, pos, neg = (net(v) for v in batch)
    loss = criterion(anchor, pos, neg)
    optimizer.step()  # HERE
    optimizer.zero_grad()
    loss.backward()  # HERE
    return loss.item()


def main():
    torch.manual_seed(0)
    data = TripletSet()
    loader = DataLoader(data, batch_size=32, shuffle=True)
    net = Embedder(10)
    optimizer = make_optimizer(net.parameters())
    criterion = nn.TripletMarginLoss(margin=0.5)
    for epoch in range(4):
        net.train()
        mean = sum(run_batch(net, criterion, optimizer, b) for b in loader) / len(
            loader
        )
        print("epoch", epoch, "triplet loss", round(mean, 4))


if __name__ == "__main__":
    main()
