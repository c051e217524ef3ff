"""An autoencoder that keeps its codes to look at them after the run."""

import torch
from torch import nn
from torch.utils.data import DataLoader


class AutoEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(40, 32), nn.Tanh(), nn.Linear(32, 2))
        self.decoder = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 40))

    def forward(self, x):
        code = self.encoder(x)
        return self.decoder(code), code


torch.manual_seed(0)
data = torch.tanh(torch.randn(400, 2) @ torch.randn(2, 40))
loader = DataLoader(data, batch_size=20, shuffle=True)
model = AutoEncoder()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
codes, losses = [], []
for epoch in range(8):
    for x in loader:
        reconstruction, code = model(x)
        loss = nn.functional.mse_loss(reconstruction, x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)  # HERE
        codes.append(code.detach())
    recent = torch.stack(losses[-len(loader) :]).mean().item()
    print(f"epoch {epoch}: {recent:.4f}")
print("spread of the codes", torch.cat(codes).std(0))
