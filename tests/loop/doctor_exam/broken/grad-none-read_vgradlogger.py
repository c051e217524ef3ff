"""Dilated conv classifier for ECG-like traces with per-layer monitoring."""

import logging

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

logging.basicConfig(format="%(levelname)s %(message)s", level=logging.INFO)


class TCN(nn.Module):
    def __init__(self, channels=12, classes=2):
        super().__init__()
        self.c1 = nn.Conv1d(1, channels, 3, padding=1)
        self.c2 = nn.Conv1d(channels, channels, 3, padding=2, dilation=2)
        self.c3 = nn.Conv1d(channels, channels, 3, padding=4, dilation=4)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        h = torch.relu(self.c1(x))
        h = h + torch.relu(self.c2(h))
        h = h + torch.relu(self.c3(h))
        return self.fc(h.mean(-1))


class Monitor:
    def __init__(self, model, every=4):
        self.model, self.every, self.count = model, every, 0

    def __call__(self):
        self.count += 1
        if self.count % self.every:
            return
        norms = {}
        for n, p in self.model.named_parameters():
            norms[n] = p.grad.norm().item()  # HERE
        top = max(norms, key=norms.get)
        logging.info("step %d largest gradient %s %.4f", self.count, top, norms[top])


def traces(n, length=64):
    y = torch.randint(0, 2, (n,))
    t = torch.arange(length).float()
    rate = torch.where(y == 1, 0.9, 0.5)
    x = torch.sin(rate[:, None] * t + 6.28 * torch.rand(n, 1)) + 0.3 * torch.randn(
        n, length
    )
    return x.unsqueeze(1), y


def main():
    torch.manual_seed(11)
    loader = DataLoader(TensorDataset(*traces(256)), batch_size=32, shuffle=True)
    model = TCN()
    optimizer = torch.optim.NAdam(model.parameters(), lr=2e-3)
    criterion = nn.CrossEntropyLoss()
    monitor = Monitor(model)
    for epoch in range(3):
        model.train()
        for x, y in loader:
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()  # HERE
            monitor()  # HERE
        logging.info("epoch %d last loss %.4f", epoch, loss.item())


if __name__ == "__main__":
    main()
