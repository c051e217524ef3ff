"""Classify noisy textures, with a validation after every epoch."""

import argparse

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 12, 3, padding=1)
        self.bn = nn.BatchNorm2d(12)
        self.dropout = nn.Dropout(0.3)
        self.fc = nn.Linear(12 * 9, 3)

    def forward(self, x):
        x = F.adaptive_avg_pool2d(F.relu(self.bn(self.conv(x))), 3)
        return self.fc(self.dropout(x.flatten(1)))


def make_data(count=240):
    means = torch.randn(3, 1, 12, 12)
    labels = torch.randint(3, (count,))
    return TensorDataset(means[labels] + torch.randn(count, 1, 12, 12), labels)


def evaluate(model, loader):
    model.eval()  # HERE
    correct = 0
    with torch.no_grad():
        for x, y in loader:
            correct += (model(x).argmax(1) == y).sum().item()
    return correct / len(loader.dataset)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    args = parser.parse_args()
    torch.manual_seed(0)
    train_set, valid_set = random_split(make_data(), [192, 48])
    train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
    valid_loader = DataLoader(valid_set, batch_size=48)
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    model.train()  # HERE
    for epoch in range(args.epochs):
        for x, y in train_loader:
            loss = F.cross_entropy(model(x), y)  # HERE
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: validation accuracy {evaluate(model, valid_loader):.3f}")


main()
