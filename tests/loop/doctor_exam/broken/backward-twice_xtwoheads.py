import torch
from torch import nn


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(10, 32), nn.Tanh(), nn.Linear(32, 16))
        self.age = nn.Sequential(nn.Tanh(), nn.Linear(16, 1))
        self.group = nn.Sequential(nn.Tanh(), nn.Linear(16, 3))

    def forward(self, x):
        h = self.trunk(x)
        return self.age(h).squeeze(1), self.group(h)


def main():
    torch.manual_seed(0)
    x = torch.randn(240, 10)
    age = x[:, :3].sum(1)
    group = x[:, 3:6].argmax(1)
    model = TwoHeads()
    opt = torch.optim.Adagrad(model.parameters(), lr=0.05)
    for epoch in range(5):
        for idx in torch.randperm(240).split(24):
            opt.zero_grad()
            a, g = model(x[idx])
            age_loss = nn.functional.smooth_l1_loss(a, age[idx])
            group_loss = nn.functional.cross_entropy(g, group[idx])
            age_loss.backward()  # HERE
            group_loss.backward()  # HERE
            opt.step()
        print(epoch, age_loss.item(), group_loss.item())


main()
