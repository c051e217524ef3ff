"""Predict two clinical scores and report the test loss after every epoch."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def patients(mixing, count):
    x = torch.randn(count, 10)
    return TensorDataset(x, torch.tanh(x @ mixing))


def train(model, loader, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()


def test(model, loader):
    model.eval()
    test_loss = 0.0
    with torch.no_grad():
        for x, y in loader:
            test_loss += nn.functional.mse_loss(model(x), y).item()  # HERE
    return test_loss / len(loader.dataset)  # HERE


def main():
    torch.manual_seed(0)
    mixing = torch.randn(10, 2)
    train_loader = DataLoader(patients(mixing, 256), batch_size=32, shuffle=True)
    test_loader = DataLoader(patients(mixing, 200), batch_size=50)
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(6):
        train(model, train_loader, optimizer)
        print(f"epoch {epoch}: test loss {test(model, test_loader):.5f}")  # HERE


main()
