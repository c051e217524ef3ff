"""Train a classifier and measure how it stands small attacks after each epoch."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def fgsm_accuracy(model, loader, epsilon):
    model.eval()
    correct = 0
    for x, y in loader:
        x = x.clone().requires_grad_()
        loss = F.cross_entropy(model(x), y)
        loss.backward()  # HERE
        attacked = x.detach() + epsilon * x.grad.sign()
        with torch.no_grad():
            correct += (model(attacked).argmax(1) == y).sum().item()
    model.train()
    return correct / len(loader.dataset)


def train_epoch(model, loader, optimizer):
    total = 0.0
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(y)
    return total / len(loader.dataset)


def dataset(means, count):
    labels = torch.randint(5, (count,))
    return TensorDataset(means[labels] + 0.8 * torch.randn(count, 20), labels)


torch.manual_seed(0)
means = torch.randn(5, 20)
train_loader = DataLoader(dataset(means, 256), batch_size=32, shuffle=True)
valid_loader = DataLoader(dataset(means, 128), batch_size=64)
model = nn.Sequential(nn.Linear(20, 40), nn.ReLU(), nn.Linear(40, 5))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(6):
    loss = train_epoch(model, train_loader, optimizer)
    robust = fgsm_accuracy(model, valid_loader, epsilon=0.1)
    print(f"epoch {epoch}: loss {loss:.4f} accuracy under attack {robust:.3f}")
