import torch
from torch import nn

torch.manual_seed(0)


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad * (s + x * s * (1 - s))


probe = torch.randn(4, 3, dtype=torch.double, requires_grad=True)
print(torch.autograd.gradcheck(Swish.apply, (probe,)))

w1 = nn.Parameter(torch.randn(3, 16) * 0.3)
w2 = nn.Parameter(torch.randn(16, 1) * 0.3)
x, y = torch.randn(64, 3), torch.randn(64, 1)


def loss_at():
    return ((Swish.apply(x @ w1) @ w2 - y) ** 2).mean()


# by finite differences
loss = loss_at()
loss.backward()
eps = 1e-3
for i in range(3):
    with torch.no_grad():
        old = w1[i, 0].item()
        w1[i, 0] = old + eps
        up = loss_at()
        w1[i, 0] = old - eps
        down = loss_at()
        w1[i, 0] = old
    print(w1.grad[i, 0].item(), ((up - down) / (2 * eps)).item())

opt = torch.optim.SGD([w1, w2], lr=0.05)
for step in range(40):
    opt.zero_grad()
    loss = loss_at()
    loss.backward()
    opt.step()
print(loss.item())
