import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
G = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 8))
D = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=0.001)
opt_d = torch.optim.Adam(D.parameters(), lr=0.001)
bce = nn.BCEWithLogitsLoss()
for step in range(20):
    fake = G(torch.randn(240, 2))
    opt_d.zero_grad()
    loss_d = bce(D(inputs), torch.ones(240, 1))
    loss_d = loss_d + bce(D(fake), torch.zeros(240, 1))  # HERE
    loss_d.backward()  # HERE
    opt_d.step()
    loss_g = bce(D(G(torch.randn(240, 2))), torch.ones(240, 1))
    loss_g.backward()
    opt_g.step()
    opt_g.zero_grad()
print(loss_g.item())
