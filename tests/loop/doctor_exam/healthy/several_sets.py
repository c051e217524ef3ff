import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
W = torch.randn(6, 3)


def make_set(n, noise, shuffle=False):
    X = torch.randn(n, 6)
    y = (X @ W + noise * torch.randn(n, 3)).argmax(1)
    return DataLoader(TensorDataset(X, y), batch_size=32, shuffle=shuffle)


train = make_set(160, 0.1, shuffle=True)
tests = {"clean": make_set(64, 0.0), "noisy": make_set(64, 1.0), "train": train}
model = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 3))
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)


@torch.no_grad()
def accuracy(loader):
    model.eval()
    right = total = 0
    for xb, yb in loader:
        right += (model(xb).argmax(-1) == yb).sum().item()
        total += len(yb)
    model.train()
    return right / total


for epoch in range(5):
    for xb, yb in train:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(xb), yb).backward()
        optimizer.step()
    print(epoch, {name: round(accuracy(loader), 2) for name, loader in tests.items()})
