import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
targets = inputs[:, :3].tanh().sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(8, 24), nn.Tanh(), nn.Linear(24, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))
for step in range(40):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(inputs), targets)
    loss.backward()
    optimizer.step()
    averaged.update_parameters(model)
with torch.no_grad():
    print(nn.functional.mse_loss(averaged(inputs), targets).item())
