"""A tabular classifier with batch normalisation."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Customers(Dataset):
    def __init__(self, count):
        self.x = torch.randn(count, 14)
        self.y = (self.x[:, 0] * self.x[:, 1] > 0).long()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return self.x[index], self.y[index]


class TabularNet(nn.Module):
    def __init__(self, inputs=14, hidden=32):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(inputs, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, 2),
        )

    def forward(self, x):
        return self.net(x)


def train(model, loader, epochs=5):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    criterion = nn.CrossEntropyLoss()
    model.train()
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)  # HERE
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: {loss.item():.4f}")


torch.manual_seed(0)
loader = DataLoader(Customers(193), batch_size=16, shuffle=True)  # HERE
train(TabularNet(), loader)
