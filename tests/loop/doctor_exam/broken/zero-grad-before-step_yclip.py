"""A GRU that tells rising from falling sequences, with a helper for the update."""

import torch
from torch import nn


class Direction(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 12, batch_first=True)
        self.out = nn.Linear(12, 1)

    def forward(self, x):
        return self.out(self.gru(x)[1][0]).squeeze(1)


def clip_and_step(model, optimizer, limit):
    norm = nn.utils.clip_grad_norm_(model.parameters(), limit)
    model.zero_grad(set_to_none=False)  # HERE
    optimizer.step()  # HERE
    return norm.item()


def sequences(count=48, length=8):
    rising = torch.randint(2, (count,)).float()
    slope = (2 * rising - 1)[:, None] * torch.arange(length) * 0.2
    return (slope + 0.3 * torch.randn(count, length)).unsqueeze(2), rising


torch.manual_seed(0)
model = Direction()
optimizer = torch.optim.RMSprop(model.parameters(), lr=3e-3)
criterion = nn.BCEWithLogitsLoss()
for step in range(60):
    x, y = sequences()
    loss = criterion(model(x), y)
    loss.backward()
    norm = clip_and_step(model, optimizer, 1.0)
    if step % 10 == 0:
        print(f"step {step}: loss {loss.item():.4f} norm {norm:.3f}")
