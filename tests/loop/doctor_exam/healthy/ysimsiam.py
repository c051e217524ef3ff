"""Self-supervised twins with a stopped gradient on one side."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
encoder = nn.Sequential(
    nn.Linear(20, 48), nn.BatchNorm1d(48), nn.ReLU(), nn.Linear(48, 16)
)
predictor = nn.Sequential(nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 16))
optimizer = torch.optim.SGD(
    [
        {"params": encoder.parameters(), "lr": 0.1},
        {"params": predictor.parameters(), "lr": 0.2},
    ],
    momentum=0.9,
)
patterns = torch.randn(64, 20)


def views(count=64):
    x = patterns[torch.randint(64, (count,))]
    return x + 0.3 * torch.randn_like(x), x + 0.3 * torch.randn_like(x)


def distance(p, z):
    return -F.cosine_similarity(p, z.detach(), dim=1).mean()


encoder.train()
for step in range(121):
    x1, x2 = views()
    z1, z2 = encoder(x1), encoder(x2)
    loss = 0.5 * (distance(predictor(z1), z2) + distance(predictor(z2), z1))
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    if step % 30 == 0:
        spread = F.normalize(z1.detach(), dim=1).std(0).mean().item()
        print(f"{step}: loss {loss.item():.4f} spread {spread:.3f}")
