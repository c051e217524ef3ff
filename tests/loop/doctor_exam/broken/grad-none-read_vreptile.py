"""Reptile meta-learning on sine waves, outer step through an ordinary optimizer."""

from copy import deepcopy

import torch
import torch.nn.functional as F
from torch import nn, optim


class SineTask:
    def __init__(self):
        self.amp = 0.5 + 2.0 * torch.rand(1)
        self.phase = 3.14 * torch.rand(1)

    def sample(self, k):
        x = 10 * torch.rand(k, 1) - 5
        return x, self.amp * torch.sin(x + self.phase)


def build():
    return nn.Sequential(
        nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1)
    )


def adapt(meta_net, task, steps, k, lr):
    fast = deepcopy(meta_net)
    inner = optim.SGD(fast.parameters(), lr=lr)
    for _ in range(steps):
        x, y = task.sample(k)
        inner.zero_grad()
        loss = F.mse_loss(fast(x), y)
        loss.backward()
        inner.step()
    return fast, loss.item()


def outer_gradients(meta_net, fast_nets):
    for name_p, *fast_ps in zip(
        meta_net.parameters(), *(f.parameters() for f in fast_nets)
    ):
        mean = torch.stack([p.data for p in fast_ps]).mean(0)
        name_p.grad.data.copy_(name_p.data - mean)  # HERE


def main(meta_iters=20, tasks_per_iter=3):
    torch.manual_seed(21)
    meta_net = build()
    meta_opt = optim.Adam(meta_net.parameters(), lr=1e-2, betas=(0.0, 0.999))
    for it in range(meta_iters):
        results = [
            adapt(meta_net, SineTask(), steps=5, k=10, lr=0.02)
            for _ in range(tasks_per_iter)
        ]
        meta_opt.zero_grad()  # HERE
        outer_gradients(meta_net, [net for net, _ in results])
        meta_opt.step()
        if it % 5 == 0:
            print(
                f"meta iteration {it}: inner loss {sum(l for _, l in results) / len(results):.4f}"
            )


if __name__ == "__main__":
    main()
