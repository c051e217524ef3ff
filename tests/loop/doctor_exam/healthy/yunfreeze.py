"""Gradual unfreezing: a group at rate 0 for two epochs, norms in eval mode."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Linear(16, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 16)
        )
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        return self.head(torch.relu(self.backbone(x)))

    def train(self, mode=True):
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm1d):
                module.eval()
        return self


torch.manual_seed(0)
means = torch.randn(4, 16)
labels = torch.randint(4, (256,))
loader = DataLoader(
    TensorDataset(means[labels] + torch.randn(256, 16), labels), 32, shuffle=True
)
model = Net()
optimizer = torch.optim.SGD(
    [
        {"params": model.backbone.parameters(), "lr": 0.0},
        {"params": model.head.parameters(), "lr": 0.1},
    ],
    momentum=0.9,
)
criterion = nn.CrossEntropyLoss()
for epoch in range(6):
    if epoch == 2:
        optimizer.param_groups[0]["lr"] = 0.02
    model.train()
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch}: {total / len(loader):.4f}")
