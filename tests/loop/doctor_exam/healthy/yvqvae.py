"""A VQ-VAE: a straight-through estimator and two losses with detached sides."""

import torch
import torch.nn.functional as F
from torch import nn


class VQVAE(nn.Module):
    def __init__(self, codes=16, width=4):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, width))
        self.decoder = nn.Sequential(nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, 12))
        self.codebook = nn.Parameter(torch.randn(codes, width) * 0.3)

    def forward(self, x):
        z = self.encoder(x)
        nearest = torch.cdist(z.detach(), self.codebook.detach()).argmin(1)
        code = self.codebook[nearest]
        quantised = z + (code - z).detach()
        book = F.mse_loss(code, z.detach())
        commit = F.mse_loss(z, code.detach())
        return self.decoder(quantised), book + 0.25 * commit


torch.manual_seed(0)
centres = torch.randn(10, 12)
model = VQVAE()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for step in range(201):
    x = centres[torch.randint(10, (64,))] + 0.1 * torch.randn(64, 12)
    reconstruction, vq = model(x)
    recon = F.mse_loss(reconstruction, x)
    loss = recon + vq
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(f"{step}: reconstruction {recon.item():.4f} codebook {vq.item():.4f}")
