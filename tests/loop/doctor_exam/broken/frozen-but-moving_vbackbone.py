"""Linear head on a pretrained convolutional backbone."""

import argparse
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def conv_bn(i, o, stride=1):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU()
    )


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.backbone = nn.Sequential(
            conv_bn(1, 8), conv_bn(8, 16, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten()
        )
        self.head = nn.Linear(16, classes)

    def forward(self, x):
        return self.head(self.backbone(x))


def textures(n, classes, shift=0.0):
    y = torch.randint(0, classes, (n,))
    t = torch.arange(10).float()
    x = torch.sin(
        (0.4 + 0.5 * y[:, None, None].float()) * (t[:, None] + t[None, :])
    ) + 0.4 * torch.randn(n, 10, 10)
    return TensorDataset(x.unsqueeze(1) + shift, y)


def fit(model, loader, optimizer, epochs, tag):
    for epoch in range(epochs):
        model.train()  # HERE
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)  # HERE
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"{tag} epoch {epoch} loss {total / len(loader):.4f}")


@torch.no_grad()
def accuracy(model, data):
    model.eval()
    x, y = data.tensors
    return (model(x).argmax(1) == y).float().mean().item()


def pretrain(args):
    model = Net(3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    fit(
        model,
        DataLoader(textures(96, 3), 32, shuffle=True),
        optimizer,
        args.pretrain_epochs,
        "pretrain",
    )
    return copy.deepcopy(model.state_dict())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pretrain-epochs", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=1e-2)
    args = parser.parse_args()
    torch.manual_seed(20)
    weights = pretrain(args)

    model = Net(4)
    model.backbone.load_state_dict(
        {
            k[len("backbone.") :]: v
            for k, v in weights.items()
            if k.startswith("backbone.")
        }
    )
    for p in model.backbone.parameters():
        p.requires_grad = False  # HERE
    optimizer = torch.optim.Adam(model.head.parameters(), lr=args.lr)
    train, test = textures(128, 4, shift=1.0), textures(64, 4, shift=1.0)
    fit(model, DataLoader(train, 16, shuffle=True), optimizer, args.epochs, "head")
    print("test accuracy", accuracy(model, test))


if __name__ == "__main__":
    main()
