"""DeZero: define by run over NumPy, from a book that builds it step by step."""

from unittest import mock

import numpy as np

from benchmarks.peers.numpy_sgd import SGD

# Its last release asks NumPy for a name that NumPy has dropped since.
with mock.patch.object(np, "int", int, create=True):
    import dezero
    import dezero.functions as F


def left_out(task, problem):
    """DeZero runs everything."""


def chain(problem):
    """The chain and its gradients."""
    x, w, b = map(dezero.Variable, problem.arrays())

    def run():
        for leaf in (x, w, b):
            leaf.cleargrad()
        y = x
        for _ in range(problem.length // (4 if problem.mixed else 1)):
            y = F.tanh(y * w + b) * w if problem.mixed else y * w
        y.backward()
        return float(x.grad.data.sum())

    return run


def step(problem):
    """One step of SGD; DeZero keeps its weights as (in, out)."""
    arrays = [np.ascontiguousarray(each.T) for each in problem.parameters()]
    leaves = [dezero.Parameter(each) for each in arrays]
    optimizer = SGD(arrays, problem.lr, problem.momentum)
    loss_of = F.softmax_cross_entropy if problem.classes else F.mean_squared_error

    def run():
        for leaf in leaves:
            leaf.cleargrad()
        signal = problem.inputs
        for place in range(0, len(leaves), 2):
            signal = F.relu(signal) if place else signal
            signal = F.linear(signal, leaves[place], leaves[place + 1])
        loss = loss_of(signal, problem.targets)
        loss.backward()
        optimizer.step([leaf.grad.data for leaf in leaves])
        return float(loss.data)

    return run
