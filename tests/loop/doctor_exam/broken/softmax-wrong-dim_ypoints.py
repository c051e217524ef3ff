"""Classify small clouds of points by their shape."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def clouds(count=240, points=24):
    labels = torch.randint(3, (count,))
    scale = torch.tensor([[1.0, 1.0, 1.0], [1.0, 1.0, 0.1], [1.0, 0.1, 0.1]])
    return TensorDataset(torch.randn(count, points, 3) * scale[labels][:, None], labels)


class PointNet(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.point = nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 32))
        self.classify = nn.Linear(32, classes)

    def forward(self, cloud):
        features = self.point(cloud).max(1).values
        return F.log_softmax(self.classify(features), dim=0)  # HERE


def run_epoch(model, loader, optimizer):
    total, correct, seen = 0.0, 0, 0
    for cloud, label in loader:
        optimizer.zero_grad()
        output = model(cloud)
        loss = F.nll_loss(output, label)  # HERE
        loss.backward()
        optimizer.step()
        total += loss.item() * len(label)
        correct += (output.argmax(1) == label).sum().item()
        seen += len(label)
    return total / seen, correct / seen


torch.manual_seed(0)
loader = DataLoader(clouds(), batch_size=24, shuffle=True)
model = PointNet()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(6):
    loss, accuracy = run_epoch(model, loader, optimizer)
    print(f"epoch {epoch}: loss {loss:.4f} accuracy {accuracy:.3f}")
