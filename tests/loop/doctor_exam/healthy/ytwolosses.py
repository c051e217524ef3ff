"""Two losses on one trunk, with one backward each: the first keeps the graph."""

import torch
from torch import nn

torch.manual_seed(0)
trunk = nn.Sequential(nn.Linear(8, 32), nn.Tanh())
mean_head, sign_head = nn.Linear(32, 1), nn.Linear(32, 1)
everything = nn.ModuleList([trunk, mean_head, sign_head])
optimizer = torch.optim.Adam(everything.parameters(), lr=5e-3)
direction = torch.randn(8, 1)
for step in range(160):
    x = torch.randn(48, 8)
    value = x @ direction
    hidden = trunk(x)
    regression = nn.functional.mse_loss(mean_head(hidden), value)
    sign = nn.functional.binary_cross_entropy_with_logits(
        sign_head(hidden), (value > 0).float()
    )
    optimizer.zero_grad()
    regression.backward(retain_graph=True)
    sign.backward()
    optimizer.step()
    if step % 40 == 0:
        print(f"{step}: {regression.item():.4f} {sign.item():.4f}")
