"""HIPS autograd: NumPy, recorded; gradients of a function, SGD in NumPy."""

import autograd.numpy as np
from autograd import grad, value_and_grad

from benchmarks.peers.numpy_sgd import SGD


def left_out(task, problem):
    """HIPS autograd runs everything."""


def chain(problem):
    """The chain and its gradients."""
    arrays = problem.arrays()

    def total(x, w, b):
        for _ in range(problem.length // (4 if problem.mixed else 1)):
            x = np.tanh(x * w + b) * w if problem.mixed else x * w
        return np.sum(x)

    gradients = grad(total, argnum=(0, 1, 2))
    return lambda: float(gradients(*arrays)[0].sum())


def step(problem):
    """One step of SGD."""
    inputs, targets, parameters = problem.inputs, problem.targets, problem.parameters()
    optimizer = SGD(parameters, problem.lr, problem.momentum)
    rows = np.arange(len(targets))

    def loss_of(parameters):
        signal = inputs
        for place in range(0, len(parameters), 2):
            signal = np.maximum(signal, 0) if place else signal
            signal = np.dot(signal, parameters[place].T) + parameters[place + 1]
        if not problem.classes:
            return np.mean((signal - targets) ** 2)
        signal = signal - np.max(signal, axis=1, keepdims=True)
        logs = signal - np.log(np.sum(np.exp(signal), axis=1, keepdims=True))
        return -np.mean(logs[rows, targets])

    both = value_and_grad(loss_of)

    def run():
        loss, gradients = both(parameters)
        optimizer.step(gradients)
        return float(loss)

    return run
