"""A whole training step as one graph, beside the plain loop, PyTorch's own and JAX.

With this module one can: make candidates for a step of two networks (`moons_step`,
`mlp_step`), and on a GPU, where the step is recorded as a CUDA graph
(`moons_step_on_gpu`, `mlp_step_on_gpu`).
"""

from functools import partial

import torch

from benchmarks import peers
from benchmarks.problems import mlp, moons_network
from helpers import optim
from helpers.fast import compiled_step


def candidates(make, peer="JAX, jit", **options) -> dict:
    """Candidates for a step of the network that `make` gives; they return the loss."""
    problem = make()
    jax = peers.candidate(peers.PEERS[peer], "step", problem)
    return {**on(problem, "cpu", **options), peer: jax}


def on(problem, device, **options) -> dict:
    """Candidates that work on a device; `options` are for `compiled_step`."""
    return {
        "torch": plain(problem, device, torch.optim.SGD),
        "torch, model compiled": plain(problem, device, torch.optim.SGD, torch.compile),
        "ours, plain loop": plain(problem, device, optim.SGD),
        "ours, compiled step": whole(problem, device, **options),
    }


def on_gpu(make) -> dict | str:
    """The same on a GPU, or a sentence why there are none."""
    if not torch.cuda.is_available():
        return "CUDA finds no GPU here"
    return on(make(), "cuda")


# Kernels that take microseconds are called from C++.
moons_step = partial(candidates, moons_network, options={"cpp_wrapper": True})
mlp_step = partial(candidates, mlp)
moons_step_on_gpu = partial(on_gpu, moons_network)
mlp_step_on_gpu = partial(on_gpu, mlp)


def network(problem, device):
    """Model, criterion and batch, in torch's own classes; options for SGD."""
    layers = []
    for weight, bias in zip(problem.weights, problem.biases, strict=True):
        layer = torch.nn.Linear(*weight.shape[::-1])
        layer.weight.data = torch.tensor(weight)
        layer.bias.data = torch.tensor(bias)
        layers += [layer, torch.nn.ReLU()]
    criterion = torch.nn.CrossEntropyLoss() if problem.classes else torch.nn.MSELoss()
    inputs, targets = torch.tensor(problem.inputs), torch.tensor(problem.targets)
    model = torch.nn.Sequential(*layers[:-1]).to(device)
    rate = {"lr": problem.lr, "momentum": problem.momentum}
    return model, criterion, inputs.to(device), targets.to(device), rate


def plain(problem, device, optimizer, around=lambda model: model):
    """A candidate that goes through the lines of the loop."""
    model, criterion, inputs, targets, rate = network(problem, device)
    model, optimizer = around(model), optimizer(model.parameters(), **rate)

    def run():
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def whole(problem, device, **options):
    """A candidate whose step is one graph."""
    model, criterion, inputs, targets, rate = network(problem, device)
    optimizer = optim.SGD(model.parameters(), **rate)
    step = compiled_step(model, criterion, optimizer, **options)
    return lambda: step(inputs, targets).item()
