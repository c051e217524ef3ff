import torch
from torch import nn


class Mixture(nn.Module):
    def __init__(self, inputs, experts=4):
        super().__init__()
        self.gate = nn.Linear(inputs, experts)
        self.experts = {  # HERE
            f"expert{i}": nn.Sequential(  # HERE
                nn.Linear(inputs, 8), nn.Tanh(), nn.Linear(8, 1)
            )
            for i in range(experts)
        }

    def forward(self, x):
        weight = self.gate(x).softmax(dim=-1)
        outs = torch.cat([e(x) for e in self.experts.values()], dim=1)
        return (weight * outs).sum(1)


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        return nn.functional.mse_loss(model(x), y).item()


def main():
    torch.manual_seed(0)
    x = torch.randn(400, 3)
    y = x[:, 0].abs() * 2 + x[:, 1]
    model = Mixture(3)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.0)
    for epoch in range(8):
        model.train()
        for idx in torch.randperm(300).split(50):
            loss = nn.functional.mse_loss(model(x[idx]), y[idx])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        print(epoch, f"val {evaluate(model, x[300:], y[300:]):.4f}")
    print(len(model.state_dict()), "entries saved")


main()
