"""A whole training step as one graph, beside the plain loop and PyTorch's own."""

import torch

from benchmarks.problems import moons_network
from helpers import optim
from helpers.fast import compiled_step


def moons_step() -> dict:
    """Candidates for a step on two moons; they return the loss.

    >>> list(moons_step())[:2]
    ['torch', 'torch, model compiled']
    """
    return {
        "torch": plain(torch.optim.SGD),
        "torch, model compiled": plain(torch.optim.SGD, torch.compile),
        "ours, plain loop": plain(optim.SGD),
        "ours, compiled step": whole(),
    }


def network():
    """Model and batch, in torch's own classes."""
    problem, layers = moons_network(), []
    for weight, bias in zip(problem.weights, problem.biases, strict=True):
        layer = torch.nn.Linear(*weight.shape[::-1])
        layer.weight.data = torch.tensor(weight)
        layer.bias.data = torch.tensor(bias)
        layers += [layer, torch.nn.ReLU()]
    batch = torch.tensor(problem.inputs), torch.tensor(problem.targets)
    return torch.nn.Sequential(*layers[:-1]), *batch


def plain(optimizer, around=lambda model: model):
    """A candidate that goes through the lines of the loop."""
    model, inputs, targets = network()
    model, criterion = around(model), torch.nn.MSELoss()
    optimizer = optimizer(model.parameters(), lr=0.1)

    def run():
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def whole():
    """A candidate whose step is one graph, with kernels called from C++."""
    model, inputs, targets = network()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    options = {"cpp_wrapper": True}
    step = compiled_step(model, torch.nn.MSELoss(), optimizer, options=options)
    return lambda: step(inputs, targets).item()
