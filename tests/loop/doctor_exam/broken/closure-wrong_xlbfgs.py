import torch
from torch import nn


class Curve(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(1, 12)
        self.out = nn.Linear(12, 1)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))


def fit(model, x, y, rounds=20):
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=5)
    for r in range(rounds):

        def closure():  # HERE
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()  # HERE
            return loss

        optimizer.zero_grad()  # HERE
        loss = optimizer.step(closure)  # HERE
        print(f"round {r} loss {loss.item():.6f}")


torch.manual_seed(0)
points = torch.linspace(-2, 2, 80).unsqueeze(1)
fit(Curve(), points, points.sin() + 0.3 * points.pow(2))
