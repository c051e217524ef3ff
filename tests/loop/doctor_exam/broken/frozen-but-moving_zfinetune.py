"""Fine-tune a head on top of a frozen convolutional backbone."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Classifier(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv1d(1, 8, 5, stride=2),
            nn.BatchNorm1d(8),
            nn.ReLU(),
            nn.Conv1d(8, 16, 5, stride=2),
            nn.BatchNorm1d(16),
            nn.ReLU(),
        )
        self.head = nn.Linear(16, classes)

    def forward(self, x):
        return self.head(self.backbone(x).mean(-1))

    def freeze_backbone(self):
        for p in self.backbone.parameters():
            p.requires_grad = False


def waves(n, shift=0.0):
    y = torch.randint(0, 3, (n,))
    t = torch.linspace(0, 6.28, 48)
    x = torch.sin((y[:, None] + 1) * 2 * t + 6.28 * torch.rand(n, 1))
    return TensorDataset((x + shift + 0.2 * torch.randn(n, 48)).unsqueeze(1), y)


def train(model, loader, optimizer, criterion):
    model.train()  # HERE
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)  # HERE
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def evaluate(model, loader):
    model.eval()
    correct = 0
    with torch.no_grad():
        for x, y in loader:
            correct += (model(x).argmax(1) == y).sum().item()
    return correct / len(loader.dataset)


def main():
    torch.manual_seed(0)
    model = Classifier()
    criterion = nn.CrossEntropyLoss()
    pretrain = DataLoader(waves(256), batch_size=32, shuffle=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for epoch in range(2):
        print("pretrain", train(model, pretrain, optimizer, criterion))

    model.freeze_backbone()
    model.head = nn.Linear(16, 3)
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=1e-2)
    loader = DataLoader(waves(256, shift=1.5), batch_size=32, shuffle=True)
    val = DataLoader(waves(96, shift=1.5), batch_size=32)
    for epoch in range(3):
        loss = train(model, loader, optimizer, criterion)
        print(f"epoch {epoch} loss {loss:.4f} acc {evaluate(model, val):.3f}")


if __name__ == "__main__":
    main()
