"""Variational autoencoder with a cosine schedule over the epochs."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 5


class VAE(nn.Module):
    def __init__(self, dim=64, latent=3):
        super().__init__()
        self.enc = nn.Linear(dim, 48)
        self.mu = nn.Linear(48, latent)
        self.logvar = nn.Linear(48, latent)
        self.dec = nn.Sequential(nn.Linear(latent, 48), nn.ReLU(), nn.Linear(48, dim))

    def forward(self, x):
        h = F.relu(self.enc(x))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec(z), mu, logvar


def elbo(logits, x, mu, logvar):
    bce = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return (bce + kld) / x.size(0)


def stripes(n):
    i = torch.arange(8)
    shift = torch.randint(2, 7, (n, 1, 1))
    image = ((i[:, None] + i[None, :]) % shift < 2).float()
    return image.flatten(1)


def train(epoch, model, loader, optimizer, scheduler):
    model.train()
    total = 0.0
    for (x,) in loader:
        optimizer.zero_grad()
        logits, mu, logvar = model(x)
        loss = elbo(logits, x, mu, logvar)
        loss.backward()
        optimizer.step()
        scheduler.step()  # HERE
        total += loss.item()
    print(f"epoch {epoch} elbo {total / len(loader):.3f}")


torch.manual_seed(1)
loader = DataLoader(TensorDataset(stripes(384)), batch_size=32, shuffle=True)
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
scheduler = CosineAnnealingLR(optimizer, T_max=EPOCHS)  # HERE
for epoch in range(1, EPOCHS + 1):
    train(epoch, model, loader, optimizer, scheduler)
