"""Gradient descent without an optimizer, in place and under no_grad."""

import torch

torch.manual_seed(0)
x = torch.linspace(-3.14, 3.14, 200)
y = torch.sin(x)
powers = x.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))
powers = powers / powers.std(0)
weights = torch.zeros(3, requires_grad=True)
bias = torch.zeros((), requires_grad=True)
for t in range(401):
    loss = (powers @ weights + bias - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        weights -= 0.2 * weights.grad
        bias -= 0.2 * bias.grad
        weights.grad.zero_()
        bias.grad = None
    if t % 100 == 0:
        print(t, f"{loss.item():.5f}")
print([round(w, 3) for w in weights.tolist()], round(bias.item(), 3))
