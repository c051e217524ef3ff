import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
encoder = nn.Sequential(nn.Linear(8, 24), nn.ReLU())
decoder = nn.Linear(24, 8)
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=0.01)
for step in range(40):
    with torch.no_grad():
        code = encoder(inputs)  # HERE
    loss = nn.functional.mse_loss(decoder(code), inputs)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
