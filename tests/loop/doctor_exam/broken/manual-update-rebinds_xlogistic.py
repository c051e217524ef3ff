import torch

torch.manual_seed(0)
X = torch.randn(200, 4)
y = (X @ torch.tensor([1.0, -2.0, 0.5, 3.0]) > 0).float()

w = torch.zeros(4, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
lr = 0.5

for step in range(30):
    p = torch.sigmoid(X @ w + b)
    loss = torch.nn.functional.binary_cross_entropy(p, y)
    loss.backward()
    w = w - lr * w.grad  # HERE
    b = b - lr * b.grad  # HERE
    print(f"{step:2d} {loss.item():.4f}")
