import torch
from torch import nn

torch.manual_seed(0)
x = torch.linspace(-2, 2, 80).unsqueeze(1)
y = torch.sin(2 * x) + 0.1 * torch.randn_like(x)
models = [
    nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 1)) for _ in range(5)
]
optimizers = [torch.optim.Adam(m.parameters(), lr=0.02) for m in models]
loss_fn = nn.MSELoss()

for epoch in range(40):
    for m, opt in zip(models, optimizers):
        idx = torch.randint(0, len(x), (80,))  # bootstrap
        loss = loss_fn(m(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()

with torch.no_grad():
    predictions = torch.stack([m(x) for m in models])
mean, std = predictions.mean(0), predictions.std(0)
print(loss_fn(mean, y).item(), std.mean().item())
