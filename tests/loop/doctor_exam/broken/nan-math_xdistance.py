import torch
from torch import nn


def contrastive(a, b, same, margin=1.0):
    distance = (a - b).pow(2).sum(1).sqrt()  # HERE
    pull = same * distance.pow(2)
    push = (1 - same) * (margin - distance).clamp(min=0).pow(2)
    return (pull + push).mean()


def draw(x, y, n):
    i = torch.randint(len(x), (n,))
    j = torch.randint(len(x), (n,))
    return x[i], x[j], (y[i] == y[j]).float()


def main(steps=40):
    torch.manual_seed(1)
    y = torch.randint(3, (40,))
    x = torch.randn(40, 6) * 0.3 + nn.functional.one_hot(y, 6)
    net = nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for step in range(steps):
        a, b, same = draw(x, y, 16)
        loss = contrastive(net(a), net(b), same)
        optimizer.zero_grad()
        loss.backward()  # HERE
        optimizer.step()
        if step % 4 == 0:
            print(f"step {step} loss {loss.item():.4f}")


main()
