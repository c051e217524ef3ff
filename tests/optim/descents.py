"""Runs of conjugate gradients, for tests: closures, quadratics, random matrices."""

import torch
from hypothesis import settings
from hypothesis import strategies as st

from helpers.optim import ConjugateGradient


def closure_of(optimizer, function, *parameters, values=None):
    """A closure for function(*parameters); the losses are appended to `values`."""

    def closure():
        optimizer.zero_grad()
        loss = function(*parameters)
        loss.backward()
        if values is not None:
            values.append(loss.item())
        return loss

    return closure


def descend(function, start, **options):
    """Where one step of conjugate gradients leads, and the state of its optimizer."""
    point = torch.nn.Parameter(torch.as_tensor(start, dtype=torch.float64).clone())
    optimizer = ConjugateGradient([point], **options)
    optimizer.step(closure_of(optimizer, function, point))
    return point.detach(), optimizer.state[point]


def drawn(seed, *shape):
    """Normal numbers in float64."""
    chance = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=chance, dtype=torch.float64)


def matrix_with(eigenvalues, seed=0):
    """A symmetric matrix with these eigenvalues, turned at random."""
    size = len(eigenvalues)
    turn, _ = torch.linalg.qr(drawn(seed, size, size))
    return turn @ torch.diag(torch.tensor(eigenvalues, dtype=torch.float64)) @ turn.T


class Quadratic:
    """x . A x / 2 - b . x; its gradient is A x - b."""

    def __init__(self, eigenvalues, seed=0):
        self.matrix = matrix_with(eigenvalues, seed)
        self.b = drawn(seed + 1, len(eigenvalues))

    def __call__(self, x):
        return x.dot(self.matrix @ x) / 2 - self.b.dot(x)

    def solution(self):
        """Where the minimum is."""
        return torch.linalg.solve(self.matrix, self.b)

    def distance(self, x):
        """How far x is from the minimum, the start at 0 being 1 away."""
        solution = self.solution()
        return ((x - solution).norm() / solution.norm()).item()


spectra = st.lists(st.floats(0.5, 8.0), min_size=1, max_size=7)
seeds = st.integers(0, 1000)
patient = settings(max_examples=25)
