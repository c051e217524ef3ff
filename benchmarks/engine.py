"""The engine over arrays, `helpers.autograd`, beside torch's and those of others.

With this module one can: make candidates for a chain of small operations (`mul_chain`,
`mixed_chain`), for a training step of two networks (`mlp_step`, `moons_step`), and of a
convolutional network whose layers, loss and optimizer are rebuilt too (`digits_step`).
What runs in torch and in ours is one text; each candidate returns a number, so that a
test can compare them.
"""

import torch
import torch.nn.functional as F

from benchmarks import floor, peers
from benchmarks.problems import Chain, mlp, moons_network
from helpers import nn
from helpers.autograd import tensor
from helpers.data import digits
from helpers.optim import SGD


def mul_chain() -> dict:
    """Candidates for 1,000 multiplications, forward and backward.

    >>> list(mul_chain())[:2]
    ['torch', 'ours']
    """
    return chain(Chain())


def mixed_chain() -> dict:
    """Candidates for 1,000 operations in turn: mul, add, tanh, mul."""
    return chain(Chain(mixed=True))


def mlp_step() -> dict:
    """Candidates for a step of 784-256-128-10."""
    problem = mlp()
    return {
        "torch": step(problem, torch_leaf, torch.optim.SGD),
        "torch, fused": step(problem, torch_leaf, torch.optim.SGD, fused=True),
        "ours": step(problem, tensor, SGD),
        "ours, fused": step(problem, tensor, SGD, fused=True),
        "raw kernels": floor.step(problem),
        **peers.candidates("step", problem),
    }


def moons_step() -> dict:
    """Candidates for a step of 2-16-16-1."""
    problem = moons_network()
    return {
        "torch": step(problem, torch_leaf, torch.optim.SGD),
        "ours": step(problem, tensor, SGD),
        "raw kernels": floor.step(problem),
        **peers.candidates("step", problem),
    }


def digits_step() -> dict:
    """Candidates for a step of a convolutional network on 64 digits.

    >>> list(digits_step())
    ['torch', 'torch, fused', 'ours', 'ours, fused']
    """
    return {
        "torch": rebuilt_step(torch.nn, torch.optim.SGD),
        "torch, fused": rebuilt_step(torch.nn, torch.optim.SGD, fused=True),
        "ours": rebuilt_step(nn, SGD),
        "ours, fused": rebuilt_step(nn, SGD, fused=True),
    }


def rebuilt_step(nn, optimizer, **way):
    """A candidate whose layers, loss and optimizer are torch's, or all ours."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(128, 10),
    )  # fmt: skip
    criterion = nn.CrossEntropyLoss()
    optimizer = optimizer(model.parameters(), lr=0.05, momentum=0.9, **way)
    inputs, targets, _, _ = digits()
    inputs, targets = inputs[:64].reshape(-1, 1, 8, 8), targets[:64]

    def run():
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def torch_leaf(array, requires_grad=False):
    """An array as a leaf of torch's own engine."""
    return array.requires_grad_(requires_grad)


def chain(problem) -> dict:
    """Candidates for a chain; they return the sum of the gradients of its start."""
    return {
        "torch": walk(problem, torch_leaf),
        "ours": walk(problem, tensor),
        "raw kernels": floor.chain(problem),
        **peers.candidates("chain", problem),
    }


def walk(problem, leaf):
    """A candidate that goes through a chain and back, in torch or in ours."""
    leaves = [leaf(torch.from_numpy(each), True) for each in problem.arrays()]
    ones = torch.ones(4)

    def run():
        for each in leaves:
            each.grad = None
        problem.run(*leaves).backward(ones)
        return sum(leaves[0].grad.tolist())

    return run


def step(problem, leaf, optimizer, **way):
    """A candidate for a training step, in torch or in ours."""
    parameters = [leaf(torch.from_numpy(p), True) for p in problem.parameters()]
    inputs, targets = leaf(torch.from_numpy(problem.inputs)), targets_of(problem)
    options = {"lr": problem.lr, "momentum": problem.momentum, **way}
    optimizer = optimizer(parameters, **options)

    def run():
        optimizer.zero_grad()
        loss = loss_of(problem, parameters, inputs, targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def loss_of(problem, parameters, inputs, targets):
    """The forward pass, in the functions of torch."""
    signal = inputs
    for place in range(0, len(parameters), 2):
        signal = signal.relu() if place else signal
        signal = F.linear(signal, parameters[place], parameters[place + 1])
    loss = F.cross_entropy if problem.classes else F.mse_loss
    return loss(signal, targets)


def targets_of(problem):
    """The targets as a raw array."""
    return torch.from_numpy(problem.targets)
