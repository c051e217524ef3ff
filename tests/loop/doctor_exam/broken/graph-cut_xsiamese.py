import torch
from torch import nn


class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 6, 5, stride=2)
        self.proj = nn.Linear(6 * 14, 8)

    def forward(self, x):
        h = torch.relu(self.conv(x)).flatten(1)
        return self.proj(h)


class Matcher(nn.Module):
    def __init__(self):
        super().__init__()
        self.tower = Tower()
        self.score = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1))

    def forward(self, a, b):
        ea = self.tower(a)
        eb = self.tower(b)
        distance = torch.tensor((ea - eb).abs().tolist())  # HERE
        return self.score(distance).squeeze(1)


def pairs(n):
    kind = torch.randint(2, (n, 2))
    t = torch.linspace(0, 6.28, 32)
    wave = torch.stack([torch.sin(t), torch.sin(2 * t)])
    a = wave[kind[:, 0]].unsqueeze(1) + 0.2 * torch.randn(n, 1, 32)
    b = wave[kind[:, 1]].unsqueeze(1) + 0.2 * torch.randn(n, 1, 32)
    return a, b, (kind[:, 0] == kind[:, 1]).float()


if __name__ == "__main__":
    torch.manual_seed(0)
    net = Matcher()
    before = net.tower.proj.weight.detach().clone()
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    criterion = nn.BCEWithLogitsLoss()
    for step in range(60):
        a, b, same = pairs(32)
        loss = criterion(net(a, b), same)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 15 == 14:
            print(f"step {step + 1} loss {loss.item():.4f}")
    print("tower moved:", (net.tower.proj.weight - before).abs().max().item())
