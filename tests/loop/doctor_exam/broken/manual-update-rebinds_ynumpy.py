"""A two-layer network without nn and without optim."""

import torch

torch.manual_seed(0)
N, D_IN, HIDDEN, D_OUT = 64, 10, 20, 1
x = torch.randn(N, D_IN)
y = torch.sin(x.sum(1, keepdim=True))

w1 = (torch.randn(D_IN, HIDDEN) * 0.3).requires_grad_()
w2 = (torch.randn(HIDDEN, D_OUT) * 0.3).requires_grad_()
learning_rate = 0.05

for t in range(200):
    y_pred = x.mm(w1).clamp(min=0).mm(w2)
    loss = (y_pred - y).pow(2).mean()
    if t % 20 == 0:
        print(t, loss.item())
    loss.backward()
    w1 = w1 - learning_rate * w1.grad  # HERE
    w2 = w2 - learning_rate * w2.grad  # HERE
    w1.grad = None
    w2.grad = None
