"""Head first with the backbone frozen (norms in eval), then unfreeze with layer-wise rates."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Model(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.low = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.high = nn.Sequential(
            nn.Conv2d(8, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
        )
        self.head = nn.Linear(16, classes)
        self.frozen = False

    def backbone(self):
        return (self.low, self.high)

    def freeze(self, flag):
        self.frozen = flag
        for m in self.backbone():
            m.requires_grad_(not flag)

    def train(self, mode=True):
        super().train(mode)
        if self.frozen:
            for m in self.backbone():
                m.eval()
        return self

    def forward(self, x):
        return self.head(self.high(self.low(x)).flatten(1))


def epoch(model, loader, optimizer):
    model.train()
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


torch.manual_seed(2)
y = torch.randint(0, 3, (160,))
t = torch.arange(12).float()
x = (
    torch.sin((0.4 + 0.5 * y[:, None, None]) * t[:, None] + 0 * t)
    + 0.3 * torch.randn(160, 12, 12)
).unsqueeze(1)
loader = DataLoader(TensorDataset(x[:128], y[:128]), batch_size=16, shuffle=True)
model = Model()
model.freeze(True)
optimizer = torch.optim.SGD(model.head.parameters(), lr=0.05, momentum=0.9)
for e in range(2):
    print("head", e, round(epoch(model, loader, optimizer), 4))
model.freeze(False)
optimizer.add_param_group({"params": model.high.parameters(), "lr": 0.02})
optimizer.add_param_group({"params": model.low.parameters(), "lr": 0.005})
for e in range(3):
    print("all", e, round(epoch(model, loader, optimizer), 4))
model.eval()
with torch.no_grad():
    print("acc", (model(x[128:]).argmax(1) == y[128:]).float().mean().item())
