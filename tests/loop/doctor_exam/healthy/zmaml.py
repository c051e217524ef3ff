"""Meta-learning of sines: weights are rebound inside the inner loop."""

import torch
import torch.nn.functional as F


def init_params(hidden=24):
    shapes = [(hidden, 1), (hidden,), (1, hidden), (1,)]
    return [(0.5 * torch.randn(s)).requires_grad_() for s in shapes]


def forward(params, x):
    w1, b1, w2, b2 = params
    return F.linear(torch.tanh(F.linear(x, w1, b1)), w2, b2)


def sample_task():
    amplitude, phase = torch.rand(1) * 2 + 0.5, torch.rand(1) * 3.14

    def draw(n):
        x = torch.rand(n, 1) * 6 - 3
        return x, amplitude * torch.sin(x + phase)

    return draw


def adapt(params, x, y, inner_lr=0.05, inner_steps=2):
    fast = params
    for _ in range(inner_steps):
        loss = F.mse_loss(forward(fast, x), y)
        grads = torch.autograd.grad(loss, fast, create_graph=True)
        fast = [w - inner_lr * g for w, g in zip(fast, grads)]
    return fast


def meta_train(steps=25, tasks=4):
    params = init_params()
    optimizer = torch.optim.Adam(params, lr=5e-3)
    for step in range(steps):
        optimizer.zero_grad()
        total = 0.0
        for _ in range(tasks):
            task = sample_task()
            fast = adapt(params, *task(10))
            x, y = task(10)
            loss = F.mse_loss(forward(fast, x), y) / tasks
            loss.backward()
            total += loss.item()
        optimizer.step()
        if step % 5 == 0:
            print(step, round(total, 4))
    return params


def fine_tune(params, task, lr=0.02, steps=5):
    x, y = task(10)
    params = [p.detach().clone().requires_grad_() for p in params]
    for _ in range(steps):
        loss = F.mse_loss(forward(params, x), y)
        loss.backward()
        params = [(p - lr * p.grad).detach().requires_grad_() for p in params]
        print("fine-tune", loss.item())


torch.manual_seed(0)
fine_tune(meta_train(), sample_task())
