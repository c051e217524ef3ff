"""A variational autoencoder on 8 x 8 stripes."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader


def stripes(count):
    phase = torch.rand(count, 1) * 6.28
    wave = torch.sin(torch.arange(8.0) * 0.9 + phase)
    return ((wave.unsqueeze(1).expand(-1, 8, -1) + 1) / 2).reshape(count, 64)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 40)
        self.mu, self.logvar = nn.Linear(40, 4), nn.Linear(40, 4)
        self.fc3, self.fc4 = nn.Linear(4, 40), nn.Linear(40, 64)

    def forward(self, x):
        h = F.relu(self.fc1(x))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mu, logvar


def loss_function(recon, x, mu, logvar):
    bce = F.binary_cross_entropy(recon, x, reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return bce + kld


torch.manual_seed(1)
data = stripes(512)
loader = DataLoader(data, batch_size=64, shuffle=True)
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(1, 6):
    model.train()
    train_loss = 0
    for batch in loader:
        optimizer.zero_grad()
        recon, mu, logvar = model(batch)
        loss = loss_function(recon, batch, mu, logvar)
        loss.backward  # HERE
        train_loss += loss.item()
        optimizer.step()  # HERE
    print(f"====> Epoch: {epoch} Average loss: {train_loss / len(data):.4f}")
