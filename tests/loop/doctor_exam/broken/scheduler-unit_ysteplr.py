"""Count the bright bars in a strip, with a rate that falls every few epochs."""

import torch
from torch import nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, TensorDataset


def strips(count=320, width=24):
    bars = torch.randint(1, 5, (count,))
    x = 0.2 * torch.randn(count, width)
    for row, number in enumerate(bars.tolist()):
        x[row, torch.randperm(6)[:number] * 4] += 2
    return TensorDataset(x.unsqueeze(1), bars - 1)


class BarNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 8, 3, padding=1)
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        return self.fc(torch.relu(self.conv(x)).sum(2))


def train(model, loader, optimizer, scheduler, epoch):
    model.train()
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        scheduler.step()  # HERE
        total += loss.item()
    rate = optimizer.param_groups[0]["lr"]
    print(f"epoch {epoch}: loss {total / len(loader):.4f} lr {rate:.1e}")


torch.manual_seed(0)
loader = DataLoader(strips(), batch_size=32, shuffle=True)
model = BarNet()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
scheduler = StepLR(optimizer, step_size=3, gamma=0.1)  # HERE
for epoch in range(1, 9):
    train(model, loader, optimizer, scheduler, epoch)
