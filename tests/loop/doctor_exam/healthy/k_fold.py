import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset

torch.manual_seed(0)
X = torch.randn(150, 5)
y = (X[:, 0] * X[:, 1] > 0).long()
dataset = TensorDataset(X, y)


def make_model():
    return nn.Sequential(
        nn.Linear(5, 32),
        nn.BatchNorm1d(32),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(32, 2),
    )


def train_epoch(model, loader, optimizer, criterion):
    model.train()
    total = 0.0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(xb)
    return total / len(loader.dataset)


def evaluate(model, loader):
    model.eval()
    right = 0
    with torch.no_grad():
        for xb, yb in loader:
            right += (model(xb).argmax(1) == yb).sum().item()
    return right / len(loader.dataset)


k = 5
folds = torch.randperm(len(dataset)).chunk(k)
scores = []
for i in range(k):
    train_idx = torch.cat([f for j, f in enumerate(folds) if j != i])
    train_loader = DataLoader(
        Subset(dataset, train_idx.tolist()), batch_size=24, shuffle=True
    )
    val_loader = DataLoader(Subset(dataset, folds[i].tolist()), batch_size=30)
    model = make_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-4)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(5):
        train_epoch(model, train_loader, optimizer, criterion)
    scores.append(evaluate(model, val_loader))
    print(f"fold {i}: {scores[-1]:.2f}")
print(sum(scores) / k)
