"""Softmax regression from scratch with parameters in a dictionary."""

import torch

torch.manual_seed(0)


def load(n=200, d=6, k=3):
    centres = torch.randn(k, d) * 2
    y = torch.randint(0, k, (n,))
    return centres[y] + torch.randn(n, d), y


def init_params(sizes):
    params = {}
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        params[f"W{i}"] = (torch.randn(a, b) / a**0.5).requires_grad_()
        params[f"b{i}"] = torch.zeros(b, requires_grad=True)
    return params


def forward(params, x):
    h = torch.tanh(x @ params["W0"] + params["b0"])
    return h @ params["W1"] + params["b1"]


def cross_entropy(logits, y):
    return (torch.logsumexp(logits, 1) - logits[torch.arange(len(y)), y]).mean()


def minibatches(x, y, size):
    order = torch.randperm(len(x))
    for i in range(0, len(x), size):
        idx = order[i : i + size]
        yield x[idx], y[idx]


def update(params, lr):
    for name in params:
        params[name] = params[name] - lr * params[name].grad  # HERE


def clear(params):
    for p in params.values():
        p.grad = None


X, Y = load()
params = init_params([6, 16, 3])
for epoch in range(5):
    losses = []
    for xb, yb in minibatches(X, Y, 20):
        clear(params)
        loss = cross_entropy(forward(params, xb), yb)
        loss.backward()
        update(params, lr=0.1)
        losses.append(loss.item())
    with torch.no_grad():
        acc = (forward(params, X).argmax(1) == Y).float().mean().item()
    print(f"epoch {epoch} loss {sum(losses) / len(losses):.4f} acc {acc:.3f}")
