from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Args:
    lr: float = 0.01
    classes: int = 5
    epochs: int = 6


class Backbone(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten()
        )
        self.fc = nn.Linear(24, classes)

    def forward(self, x):
        return self.fc(self.features(x))


def make_data(n, classes):
    y = torch.randint(classes, (n,))
    x = torch.randn(n, 1, 10, 10) * 0.5
    x += (y.view(-1, 1, 1, 1) - 2) * 0.5
    return torch.utils.data.TensorDataset(x, y)


def main(args):
    torch.manual_seed(0)
    model = Backbone()
    for p in model.features.parameters():
        p.requires_grad = False
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)  # HERE
    model.fc = nn.Linear(24, args.classes)  # HERE
    loader = torch.utils.data.DataLoader(make_data(200, 5), batch_size=40, shuffle=True)
    for epoch in range(args.epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()  # HERE
        print(f"epoch {epoch}: {loss.item():.4f}")


main(Args())
