import torch
from torch import nn

torch.manual_seed(0)
x = torch.rand(120, 1) * 6 - 3
y = x.pow(2) / 5 + 0.1 * torch.randn_like(x)
model = nn.Sequential(
    nn.Linear(1, 64),
    nn.ReLU(),
    nn.Dropout(0.1),
    nn.Linear(64, 64),
    nn.ReLU(),
    nn.Dropout(0.1),
    nn.Linear(64, 1),
)
opt = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(80):
    opt.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    opt.step()


def enable_dropout(model):
    for m in model.modules():
        if isinstance(m, nn.Dropout):
            m.train()


model.eval()
enable_dropout(model)
grid = torch.linspace(-4, 4, 50).unsqueeze(1)
with torch.no_grad():
    samples = torch.stack([model(grid) for _ in range(20)])
print(samples.mean(0)[:3].squeeze(), samples.std(0).mean().item())
