"""Learn an embedding in which noisy copies of a pattern lie close together."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
PATTERNS = torch.randn(20, 16)


def make_pairs(count=32):
    left, right = torch.randint(20, (2, count))
    return PATTERNS[left], PATTERNS[right], (left == right).float()


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(16, 32), nn.Tanh(), nn.Linear(32, 4))

    def forward(self, x):
        return self.net(x)


def contrastive_loss(a, b, same, margin=2.0):
    distance = torch.sqrt(((a - b) ** 2).sum(1))  # HERE
    pull = same * distance**2
    push = (1 - same) * F.relu(margin - distance) ** 2
    return (pull + push).mean()


model = Embedder()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(120):
    a, b, same = make_pairs()
    loss = contrastive_loss(model(a), model(b), same)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(f"step {step}: loss {loss.item():.4f}")
