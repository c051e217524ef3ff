"""Are two noisy patterns of the same class? Twins that share an encoder."""

import torch
from torch import nn

torch.manual_seed(2)
CLASSES = torch.randn(6, 20)


def pairs(count):
    left = torch.randint(6, (count,))
    same = torch.rand(count) < 0.5
    right = torch.where(same, left, (left + torch.randint(1, 6, (count,))) % 6)
    noise = 0.3 * torch.randn(2, count, 20)
    return CLASSES[left] + noise[0], CLASSES[right] + noise[1], same.float()


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 8))

    def forward(self, x):
        code = self.layers(x).detach().numpy()  # HERE
        length = (code**2).sum(1, keepdims=True) ** 0.5
        return torch.from_numpy(code / length)  # HERE


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.head = nn.Linear(8, 1)

    def forward(self, a, b):
        return self.head((self.encoder(a) - self.encoder(b)).abs()).squeeze(1)


model = Siamese()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
criterion = nn.BCEWithLogitsLoss()
for step in range(200):
    a, b, same = pairs(64)
    score = model(a, b)
    loss = criterion(score, same)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 40 == 0:
        accuracy = ((score > 0) == same.bool()).float().mean().item()
        print(f"{step:4d} loss {loss.item():.4f} accuracy {accuracy:.2f}")
