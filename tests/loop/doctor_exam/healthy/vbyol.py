"""BYOL: online and EMA target networks, BatchNorm in both in train mode."""

import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class MLP(nn.Sequential):
    def __init__(self, i, h, o):
        super().__init__(nn.Linear(i, h), nn.BatchNorm1d(h), nn.ReLU(), nn.Linear(h, o))


class BYOL(nn.Module):
    def __init__(self, d=16, dim=12, tau=0.95):
        super().__init__()
        self.online = nn.Sequential(MLP(d, 32, 24), MLP(24, 32, dim))
        self.predictor = MLP(dim, 24, dim)
        self.target = copy.deepcopy(self.online)
        for p in self.target.parameters():
            p.requires_grad = False
        self.tau = tau

    @torch.no_grad()
    def update_target(self):
        for o, t in zip(self.online.parameters(), self.target.parameters()):
            t.lerp_(o, 1 - self.tau)
        for o, t in zip(self.online.buffers(), self.target.buffers()):
            t.copy_(o)

    def side(self, a, b):
        p = F.normalize(self.predictor(self.online(a)), dim=-1)
        with torch.no_grad():
            z = F.normalize(self.target(b), dim=-1)
        return 2 - 2 * (p * z.detach()).sum(-1)

    def forward(self, a, b):
        return (self.side(a, b) + self.side(b, a)).mean()


def augment(x):
    return x * (torch.rand_like(x) > 0.1) + 0.1 * torch.randn_like(x)


torch.manual_seed(5)
centres = 2 * torch.randn(4, 16)
x = centres[torch.randint(0, 4, (192,))] + 0.4 * torch.randn(192, 16)
loader = DataLoader(TensorDataset(x), batch_size=32, shuffle=True, drop_last=True)
model = BYOL()
optimizer = torch.optim.Adam(
    [p for p in model.parameters() if p.requires_grad], lr=2e-3
)
for epoch in range(4):
    model.train()
    losses = []
    for (b,) in loader:
        loss = model(augment(b), augment(b))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        model.update_target()
        losses.append(loss.item())
    print("epoch", epoch, "loss", round(sum(losses) / len(losses), 4))
