"""Train several members of an ensemble from one prototype."""

import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Member:
    def __init__(self, prototype, lr):
        self.optimizer = torch.optim.Adam(prototype.parameters(), lr=lr)  # HERE
        self.model = copy.deepcopy(prototype)  # HERE

    def fit(self, loader, epochs):
        criterion = nn.MSELoss()
        for epoch in range(epochs):
            total = 0.0
            for x, y in loader:
                self.optimizer.zero_grad()
                loss = criterion(self.model(x), y)
                loss.backward()
                self.optimizer.step()
                total += loss.item()
            print(f"  epoch {epoch}: {total / len(loader):.4f}")


torch.manual_seed(0)
x = torch.randn(192, 7)
y = torch.sin(x[:, :1]) + 0.5 * x[:, 1:2]
loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
for number in range(2):
    print("member", number)
    prototype = nn.Sequential(nn.Linear(7, 24), nn.ReLU(), nn.Linear(24, 1))
    Member(prototype, lr=1e-2).fit(loader, epochs=4)
