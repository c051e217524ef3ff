"""A convnet with a hand-written SGD step (lecture notebook)."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(123)


def bars(n, size=10):
    x = 0.3 * torch.randn(n, 1, size, size)
    y = torch.randint(0, 2, (n,))
    pos = torch.randint(0, size, (n,))
    for i in range(n):
        if y[i]:
            x[i, 0, pos[i], :] += 1
        else:
            x[i, 0, :, pos[i]] += 1
    return TensorDataset(x, y)


class LeNetish(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 3)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(6 * 4 * 4, 24)
        self.fc2 = nn.Linear(24, 2)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x)))
        return self.fc2(torch.relu(self.fc1(x.flatten(1))))


def sgd_step(model, lr, weight_decay=0.0):
    with torch.no_grad():
        for p in model.parameters():
            d_p = p.grad + weight_decay * p
            p = p - lr * d_p  # HERE


def validate(model, loader):
    model.eval()
    hits = n = 0
    with torch.no_grad():
        for x, y in loader:
            hits += (model(x).argmax(1) == y).sum().item()
            n += len(y)
    return hits / n


train_loader = DataLoader(bars(192), batch_size=32, shuffle=True)
test_loader = DataLoader(bars(64), batch_size=64)
model = LeNetish()
loss_fn = nn.CrossEntropyLoss()
for epoch in range(5):
    model.train()
    running = 0.0
    for x, y in train_loader:
        model.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        sgd_step(model, lr=0.1, weight_decay=1e-4)
        running += loss.item()
    print(
        f"epoch {epoch + 1} loss {running / len(train_loader):.4f} test acc {validate(model, test_loader):.3f}"
    )
