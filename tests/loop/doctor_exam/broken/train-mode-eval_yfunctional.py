"""Labels for nodes from their features."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(24, 48)
        self.fc2 = nn.Linear(48, 5)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.dropout(x, p=0.5)  # HERE
        return self.fc2(x)


def make_data(means, count):
    labels = torch.randint(5, (count,))
    return TensorDataset(means[labels] + 1.2 * torch.randn(count, 24), labels)


def evaluate(model, loader):
    model.eval()
    correct = 0
    with torch.no_grad():
        for x, y in loader:
            correct += (model(x).argmax(1) == y).sum().item()  # HERE
    return correct / len(loader.dataset)


torch.manual_seed(0)
means = torch.randn(5, 24) * 0.6
train_loader = DataLoader(make_data(means, 256), batch_size=32, shuffle=True)
test_loader = DataLoader(make_data(means, 128), batch_size=64)
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(5):
    model.train()
    for x, y in train_loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    print(f"epoch {epoch}: test accuracy {evaluate(model, test_loader):.3f}")
