"""Keep the first layer of a pretrained network and train the rest."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def pretrained():
    return nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))


def freeze(layer):
    for parameter in layer.parameters():
        parameter.register_hook(torch.zeros_like)  # HERE


torch.manual_seed(0)
means = torch.randn(3, 10)
labels = torch.randint(3, (192,))
data = TensorDataset(means[labels] + 0.8 * torch.randn(192, 10), labels)
loader = DataLoader(data, batch_size=32, shuffle=True)
model = pretrained()
freeze(model[0])  # HERE
before = model[0].weight.detach().clone()
optimizer = torch.optim.SGD(  # HERE
    [
        {"params": [model[0].weight, model[2].weight], "weight_decay": 5e-2},  # HERE
        {"params": [model[0].bias, model[2].bias]},
    ],
    lr=0.1,
)
criterion = nn.CrossEntropyLoss()
for epoch in range(5):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()  # HERE
    moved = (model[0].weight - before).norm().item()
    print(f"epoch {epoch}: loss {loss.item():.4f} first layer moved by {moved:.4f}")
