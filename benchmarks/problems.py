"""What the engines are given: the same numbers for all.

With this module one can: make the start of a chain of small operations (`Chain`), and
two networks with their batch (`mlp`, `moons_network`), as NumPy arrays in float32, so
that each library takes copies of its own.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from helpers.data import moons


@dataclass(frozen=True)
class Chain:
    """A chain of `length` operations on the arrays x, w and b of 4 elements.

    `mixed` chains take turns with mul, add, tanh, mul; the others are all mul. Each
    candidate returns the sum of the gradients that arrive at x. All three arrays
    require gradients; what comes out of the chain is given the gradient 1.
    """

    mixed: bool = False
    length: int = 1_000
    x: tuple = (0.5, -0.3, 0.2, 0.9)
    w: tuple = (1.002, 0.999, 1.001, 0.998)
    b: tuple = (0.01, -0.02, 0.03, 0.0)

    def arrays(self) -> list[np.ndarray]:
        """x, w and b."""
        return [np.array(each, np.float32) for each in (self.x, self.w, self.b)]

    def run(self, x, w, b):
        """The chain, in the operators and methods of whatever is given."""
        if not self.mixed:
            for _ in range(self.length):
                x = x * w
            return x
        for _ in range(self.length // 4):
            x = (x * w + b).tanh() * w
        return x


@dataclass(frozen=True)
class Network:
    """A network of linear layers with relu between them, a batch, and how to step.

    `weights` have the shape (out, in), as torch has them. The loss is the cross entropy
    if `classes`, with whole numbers as targets; else the mean squared error. Each
    candidate makes a step of SGD and returns the loss before it.
    """

    inputs: np.ndarray
    targets: np.ndarray
    weights: list[np.ndarray]
    biases: list[np.ndarray]
    lr: float
    momentum: float
    classes: bool

    def parameters(self) -> list[np.ndarray]:
        """Copies of weight, bias, weight, bias ..."""
        pairs = zip(self.weights, self.biases, strict=True)
        return [array.copy() for pair in pairs for array in pair]


def mlp() -> Network:
    """784-256-128-10 on a batch of 128 random images; SGD with momentum 0.9.

    >>> [weight.shape for weight in mlp().weights]
    [(256, 784), (128, 256), (10, 128)]
    """
    numbers = np.random.RandomState(0)
    inputs = numbers.standard_normal((128, 784)).astype(np.float32)
    targets = numbers.randint(0, 10, 128)
    return Network(inputs, targets, *_layers(784, 256, 128, 10), 0.05, 0.9, True)


def moons_network() -> Network:
    """2-16-16-1 on 100 points of two moons, targets -1 and 1; plain SGD.

    >>> moons_network().targets.shape
    (100, 1)
    """
    inputs, classes = moons(samples=100)
    targets = (classes * 2.0 - 1).reshape(-1, 1).float().numpy()
    return Network(inputs.numpy(), targets, *_layers(2, 16, 16, 1), 0.1, 0.0, False)


def _layers(*sizes):
    """First weights and biases, uniform within 1 / sqrt(in), as torch's Linear."""
    numbers, weights, biases = np.random.RandomState(1), [], []
    for before, after in itertools.pairwise(sizes):
        width = before**-0.5
        weights.append(numbers.uniform(-width, width, (after, before)))
        biases.append(numbers.uniform(-width, width, after))
    return [[a.astype(np.float32) for a in each] for each in (weights, biases)]
