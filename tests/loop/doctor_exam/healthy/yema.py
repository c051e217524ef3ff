"""An exponential moving average of the weights, BatchNorm's buffers included."""

import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class ModelEMA:
    def __init__(self, model, decay):
        self.module = copy.deepcopy(model).eval()
        self.decay = decay
        for p in self.module.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        live = model.state_dict()
        for name, shadow in self.module.state_dict().items():
            if shadow.dtype.is_floating_point:
                shadow.mul_(self.decay).add_(live[name].detach(), alpha=1 - self.decay)
            else:
                shadow.copy_(live[name])


torch.manual_seed(0)
means = torch.randn(4, 18)
labels = torch.randint(4, (320,))
x = means[labels] + torch.randn(320, 18)
train_loader = DataLoader(
    TensorDataset(x[:256], labels[:256]), batch_size=32, shuffle=True, drop_last=True
)
model = nn.Sequential(
    nn.Linear(18, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 4)
)
ema = ModelEMA(model, decay=0.9)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
for epoch in range(5):
    model.train()
    for features, target in train_loader:
        loss = nn.functional.cross_entropy(model(features), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema.update(model)
    with torch.no_grad():
        hits = (ema.module(x[256:]).argmax(1) == labels[256:]).float().mean().item()
    print(f"epoch {epoch}: loss {loss.item():.4f} accuracy of the average {hits:.3f}")
