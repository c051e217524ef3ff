"""The VAE example, on 8 x 8 stripes."""

import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader


def stripes(count):
    phase = torch.rand(count, 1) * 6.28
    wave = torch.sin(torch.arange(8.0) * 0.9 + phase)
    return ((wave.unsqueeze(1).expand(-1, 8, -1) + 1) / 2).reshape(count, 64)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 40)
        self.fc21 = nn.Linear(40, 4)
        self.fc22 = nn.Linear(40, 4)
        self.fc3 = nn.Linear(4, 40)
        self.fc4 = nn.Linear(40, 64)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        if not self.training:
            return mu
        std = torch.exp(0.5 * logvar)
        return mu + torch.randn_like(std) * std

    def decode(self, z):
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 64))
        return self.decode(self.reparameterize(mu, logvar)), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    bce = F.binary_cross_entropy(recon_x, x.view(-1, 64), reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return bce + kld


torch.manual_seed(1)
train_loader = DataLoader(stripes(512), batch_size=64, shuffle=True)
test_loader = DataLoader(stripes(128), batch_size=64)
model = VAE()
optimizer = optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 9):
    model.train()
    train_loss = 0
    for data in train_loader:
        optimizer.zero_grad()
        recon_batch, mu, logvar = model(data)
        loss = loss_function(recon_batch, data, mu, logvar)
        loss.backward()
        train_loss += loss.item()
        optimizer.step()
    model.eval()
    test_loss = 0
    with torch.no_grad():
        for data in test_loader:
            recon_batch, mu, logvar = model(data)
            test_loss += loss_function(recon_batch, data, mu, logvar).item()
    train_loss /= len(train_loader.dataset)
    test_loss /= len(test_loader.dataset)
    print(f"====> Epoch: {epoch} train {train_loss:.3f} test {test_loss:.3f}")
with torch.no_grad():
    print(model.decode(torch.randn(1, 4)).view(8, 8)[0])
