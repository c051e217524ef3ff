import torch
from torch import nn

torch.manual_seed(0)
real = torch.randn(256, 4) + 2
critic = nn.Sequential(nn.Linear(4, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
for step in range(30):
    fake = torch.randn(256, 4)
    mixed = (0.5 * real + 0.5 * fake).requires_grad_()
    scores = critic(mixed).sum()
    (slope,) = torch.autograd.grad(scores, mixed)  # HERE
    penalty = (slope.norm(dim=1) - 1).square().mean()
    loss = critic(fake).mean() - critic(real).mean() + 10 * penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
