"""The scalar `Value` of chapter 01 beside torch, on the same numbers.

With this module one can: make the two candidates for a long chain of operations
(`chain`) and for a training step of a small network (`moons_step`). Each candidate
returns a number, so that a test can see that they do the same work.
"""

import itertools
import math
import random

import torch

from helpers.autograd.scalar import Value
from helpers.data import moons

LENGTH = 1_000
SIZES = (2, 16, 16, 1)
LR = 0.1


def chain() -> dict:
    """Candidates that differentiate tanh(1.02 x), nested; they return the gradient.

    >>> list(chain())
    ['torch', 'Value']
    """

    def nested(x):
        for _ in range(LENGTH // 4):
            x = (x * 1.01 + x * 0.01).tanh()
        return x

    def with_torch():
        x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
        nested(x).backward()
        return x.grad.item()

    def with_values():
        x = Value(0.5)
        nested(x).backward()
        return x.grad

    return {"torch": with_torch, "Value": with_values}


def moons_step() -> dict:
    """Candidates that train a network on two moons for one step; they return its loss.

    >>> list(moons_step())
    ['torch', 'Value']
    """
    inputs, targets = moons(samples=100)
    layers = _first_layers()
    return {
        "torch": _torch_step(inputs.double(), targets * 2.0 - 1, layers),
        "Value": _value_step(inputs.tolist(), (targets * 2 - 1).tolist(), layers),
    }


def _first_layers() -> list[list[list[float]]]:
    """For each layer, for each neuron, its weights and last its bias."""
    numbers = random.Random(0)
    layers = []
    for before, neurons in itertools.pairwise(SIZES):
        width = 1 / math.sqrt(before)
        layer = [
            [numbers.uniform(-width, width) for _ in range(before)] + [0.0]
            for _ in range(neurons)
        ]
        layers.append(layer)
    return layers


def _torch_step(inputs, targets, layers):
    tables = [torch.tensor(layer, dtype=torch.float64) for layer in layers]
    weights = [table[:, :-1].clone().requires_grad_() for table in tables]
    biases = [table[:, -1].clone().requires_grad_() for table in tables]
    optimizer = torch.optim.SGD([*weights, *biases], lr=LR)

    def step():
        optimizer.zero_grad()
        signal = inputs
        for weight, bias in zip(weights, biases, strict=True):
            signal = torch.tanh(torch.nn.functional.linear(signal, weight, bias))
        loss = ((signal[:, 0] - targets) ** 2).mean()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def _value_step(inputs, targets, layers):
    network = [[[Value(number) for number in row] for row in layer] for layer in layers]
    parameters = [value for layer in network for row in layer for value in row]

    def step():
        for value in parameters:
            value.grad = None
        pairs = zip(inputs, targets, strict=True)
        errors = [(_answer(network, point) - target) ** 2 for point, target in pairs]
        loss = sum(errors[1:], errors[0]) * (1 / len(errors))
        loss.backward()
        for value in parameters:
            value.data -= LR * value.grad
        return loss.data

    return step


def _answer(network, point) -> Value:
    signal = point
    for layer in network:
        signal = [_neuron(row, signal) for row in layer]
    return signal[0]


def _neuron(row, signal) -> Value:
    *weights, total = row
    for weight, number in zip(weights, signal, strict=True):
        total = total + weight * number
    return total.tanh()
