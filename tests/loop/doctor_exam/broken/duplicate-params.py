import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
embed = nn.Linear(8, 8, bias=False)
out = nn.Linear(8, 8, bias=False)
out.weight = embed.weight
optimizer = torch.optim.SGD([embed.weight, out.weight], lr=0.01)  # HERE
for step in range(20):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(out(torch.tanh(embed(inputs))), inputs)
    loss.backward()
    optimizer.step()
print(loss.item())
