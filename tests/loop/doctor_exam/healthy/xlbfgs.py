import torch
from torch import nn

torch.manual_seed(0)
x = torch.linspace(-1, 1, 60).unsqueeze(1)
y = (4 * x).sin()
model = nn.Sequential(nn.Linear(1, 10), nn.Tanh(), nn.Linear(10, 1))
optimizer = torch.optim.LBFGS(
    model.parameters(), lr=0.8, max_iter=6, line_search_fn="strong_wolfe"
)


def closure():
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    return loss


for i in range(20):
    loss = optimizer.step(closure)
    if i % 5 == 4:
        print(i + 1, loss.item())
