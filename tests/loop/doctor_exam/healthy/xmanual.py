import torch

torch.manual_seed(0)
x = torch.randn(200, 5)
y = x @ torch.tensor([1.0, 0.0, -1.0, 2.0, 0.5]) + 0.7
w = torch.zeros(5, requires_grad=True)
b = torch.zeros((), requires_grad=True)
for step in range(60):
    loss = (x @ w + b - y).square().mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
        w.grad.zero_()
        b.grad = None
    if step % 20 == 19:
        print(step + 1, loss.item())
