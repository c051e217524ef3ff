import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(2, 8, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool1d(4)
        )
        self.fc = nn.Linear(32, classes)

    def forward(self, x):
        h = self.body(x).flatten(1)
        return nn.functional.softmax(self.fc(h), dim=1)  # HERE


def signals(n):
    y = torch.randint(5, (n,))
    t = torch.linspace(0, 6.28, 24)
    base = torch.sin(t * (y[:, None] + 1))
    return torch.stack([base, base.roll(3, 1)], 1) + 0.1 * torch.randn(n, 2, 24), y


def main():
    torch.manual_seed(0)
    x, y = signals(300)
    model, criterion = Classifier(), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(8):
        total = 0.0
        for idx in torch.randperm(300).split(30):
            optimizer.zero_grad()
            loss = criterion(model(x[idx]), y[idx])  # HERE
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch} loss {total / 10:.4f}")


main()
