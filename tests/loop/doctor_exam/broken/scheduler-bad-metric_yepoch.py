"""Fit a noisy spring, and lower the rate on a plateau."""

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
position = torch.rand(256, 1) * 4 - 2
force = -1.5 * position + 0.2 * position**3 + 0.02 * torch.randn(256, 1)
loader = DataLoader(TensorDataset(position, force), batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
scheduler = ReduceLROnPlateau(optimizer, factor=0.2, patience=2)
for epoch in range(14):
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    scheduler.step(epoch)  # HERE
    rate = optimizer.param_groups[0]["lr"]
    print(f"epoch {epoch}: {total / len(loader):.5f} lr {rate:.1e}")
