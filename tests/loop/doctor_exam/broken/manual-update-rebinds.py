import torch

torch.manual_seed(0)
x, y = torch.randn(50, 3), torch.randn(50)
w = torch.zeros(3, requires_grad=True)
for step in range(20):
    loss = ((x @ w - y) ** 2).mean()
    loss.backward()
    w = w - 0.1 * w.grad  # HERE
print(w)
