import torch
from torch import nn


class AverageMeter:
    def __init__(self):
        self.sum, self.count = 0, 0

    def update(self, value, n=1):
        self.sum = self.sum + value * n  # HERE
        self.count += n

    @property
    def average(self):
        return self.sum / self.count


def train_epoch(model, loader, optimizer, meter):
    model.train()
    for x, y in loader:
        logits = model(x)
        loss = nn.functional.cross_entropy(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        meter.update(loss, len(x))  # HERE


if __name__ == "__main__":
    torch.manual_seed(0)
    x = torch.randn(320, 6)
    y = (x[:, :2].sum(1) > 0).long()
    data = torch.utils.data.TensorDataset(x, y)
    loader = torch.utils.data.DataLoader(data, batch_size=16, shuffle=True)
    model = nn.Sequential(
        nn.Linear(6, 20), nn.ReLU(), nn.Dropout(0.1), nn.Linear(20, 2)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    meter = AverageMeter()
    for epoch in range(4):
        train_epoch(model, loader, optimizer, meter)
        print(f"epoch {epoch} average loss so far {meter.average:.4f}")
