"""Conjugate gradients for A x = b, where A is known only by what it does to a vector.

A Hessian is such an A: its product with a vector is the gradient of (gradient .
vector), so Newton's step can be had without the matrix.
"""

import math
from dataclasses import dataclass, replace

import torch

from helpers.optim.base.products import (
    dot,
    largest,
    least_sure,
    norm,
    power_of_two,
)
from helpers.optim.conjugate_gradient.linear_checks import (
    check_function,
    check_limits,
    checked_vector,
)

CONVERGED = "the residual is small enough"
OUT_OF_ITERATIONS = "max_iter iterations were made"
CURVED = "A is not positive definite: d . A d <= 0 for d = negative_direction"
UNFIT = "the preconditioner is not positive definite: r . M r <= 0 for a residual r"
NOT_FINITE = "A d or a residual is not finite"
LEAST = torch.finfo(torch.float64).smallest_normal  # for a product of two lengths
ROUNDED = "the residual falls no further: the rest is rounding"


@dataclass(frozen=True)
class LinearSolution:
    """What `linear_conjugate_gradient` found, and why it ended.

    `x` has the shape of b. `residual_norm` is |b - A x|, computed from x. `iterations`
    counts the directions that were taken. `converged` is True if the residual is as
    small as was asked; `why` says in words how it ended. `negative_direction` is None,
    or a direction d with d . A d <= 0, of the shape of b.
    """

    x: torch.Tensor
    residual_norm: float
    iterations: int
    converged: bool
    why: str
    negative_direction: torch.Tensor | None = None


def linear_conjugate_gradient(
    product, b, x0=None, *, tolerance=1e-5, max_iter=None, preconditioner=None
):
    """Solve A x = b for a symmetric, positive definite A, given `product(v)` = A v.

    1. The residual is r = b - A x, and the first direction d = r.
    2. Go along d as far as makes r orthogonal to d: (r . r) / (d . A d).
    3. The next direction is r_new + (r_new . r_new) / (r . r) d; back to 2.

    Args:
        product: a function from v to A v, both of the shape of b.
        b: a real floating-point tensor of any shape, of n numbers.
        x0: where to begin, of the shape of b; None is 0 (None).
        tolerance: from 0 up (1e-5), stops once |b - A x| <= tolerance * |b|.
        max_iter: from 1 up, the most iterations; None is 10 n (None). Exact arithmetic
            needs at most n, and no more than A has distinct eigenvalues.
        preconditioner: a function from r to M r, where M is symmetric, positive
            definite, and close to A's inverse; None is the identity (None).

    Returns a `LinearSolution`. When a direction shows that A is not positive definite,
    it ends there, with the best x so far, and names the direction. Rounding makes the
    residual drift from b - A x, so that is computed anew before it is said to be small.

    Raises: `TypeError` for what is no function or no such tensor, `ValueError` for
    other shapes and for numbers out of range.

    >>> A = torch.tensor([[4.0, 1.0], [1.0, 3.0]])
    >>> solution = linear_conjugate_gradient(A.mv, torch.tensor([1.0, 2.0]))
    >>> [round(value, 4) for value in solution.x.tolist()], solution.iterations
    ([0.0909, 0.6364], 2)
    >>> linear_conjugate_gradient(torch.neg, torch.ones(2)).why
    'A is not positive definite: d . A d <= 0 for d = negative_direction'

    Source: Hestenes and Stiefel (1952); Nocedal and Wright, Numerical Optimization
    (2006), algorithms 5.2 and 5.3. Chapter 11 builds it.
    """
    check_function("product", product)
    if preconditioner is not None:
        check_function("preconditioner", preconditioner)
    b = checked_vector("b", b)
    x = torch.zeros_like(b) if x0 is None else checked_vector("x0", x0, b).clone()
    max_iter = max(1, 10 * b.numel()) if max_iter is None else max_iter
    check_limits(tolerance, max_iter)
    system = System(product, preconditioner or (lambda r: r), b, tolerance * norm(b))
    solve = system.solve if is_ordinary(b) else system.solve_scaled
    return solve(x, max_iter)


class System:
    """A x = b, and the iterations on it. The arguments are checked before."""

    def __init__(self, product, preconditioner, b, goal):
        self.product = product
        self.preconditioner = preconditioner
        self.b = b
        self.goal = goal
        self.iterations = 0
        self.negative_direction = None

    def times(self, vector):
        """A @ vector, checked."""
        return checked_vector("product(v)", self.product(vector), self.b)

    def prepared(self, residual):
        """M @ residual, checked."""
        steep = self.preconditioner(residual)
        return checked_vector("preconditioner(r)", steep, self.b)

    def solve(self, x, max_iter):
        """Iterate from x until the true residual is small; tell how it ended."""
        residual = self.b - self.times(x)
        why, before = None, math.inf
        while why is None:
            size = norm(residual)
            why = self.verdict(size, before)
            if why is None:
                why = self.iterate(x, residual, max_iter)
                residual, before = self.b - self.times(x), size
        size, found = norm(residual), self.negative_direction
        small = size <= self.goal < math.inf
        why = CONVERGED if small and found is None else why
        return LinearSolution(x, size, self.iterations, small, why, found)

    def solve_scaled(self, x, max_iter):
        """Solve A z = (b - A x) / scale from z = 0: its squares stay within range.

        `scale` is a power of two near the largest number, so that no digit is lost.
        """
        residual = self.b - self.times(x)
        scale = power_of_two(max(largest(self.b), largest(residual)))
        self.b = times_power(residual, 1 / scale)
        self.goal /= scale
        found = self.solve(torch.zeros_like(x), max_iter)
        x = x + times_power(found.x, scale)
        return replace(found, x=x, residual_norm=found.residual_norm * scale)

    def verdict(self, size, before):
        """Why not to begin, or to begin once more; None if there is reason to."""
        if not math.isfinite(size):
            return NOT_FINITE
        if size <= self.goal:
            return CONVERGED
        return ROUNDED if size > before / 2 else None

    def iterate(self, x, residual, max_iter):
        """Change x until the updated residual is small: None; or why it can't be."""
        direction, square = None, None
        while norm(residual) > self.goal:
            if self.iterations >= max_iter:
                return OUT_OF_ITERATIONS
            steep = self.prepared(residual)
            last, square = square, dot(residual.reshape(-1), steep.reshape(-1))
            if not 0 < square < math.inf:
                return trouble(square, residual, steep, UNFIT)
            kept = 0 if last is None else (square / last) * direction
            direction = steep + kept
            change = self.times(direction)
            curvature = dot(direction.reshape(-1), change.reshape(-1))
            if not 0 < curvature < math.inf:
                return self.refuse(curvature, direction, change)
            self.iterations += 1
            x.add_(direction, alpha=square / curvature)
            residual = residual.sub(change, alpha=square / curvature)
        return None

    def refuse(self, curvature, direction, change):
        """Why a direction can't be taken; one of negative curvature is kept."""
        why = trouble(curvature, direction, change, CURVED)
        if why == CURVED:
            self.negative_direction = direction
        return why


def trouble(number, first, second, otherwise):
    """Why the product of two vectors is no number above 0: range, or `otherwise`."""
    if not math.isfinite(number):
        return NOT_FINITE
    size, other = norm(first), norm(second)
    lost = size < torch.finfo(first.dtype).smallest_normal or 0 < other < LEAST / size
    return ROUNDED if lost else otherwise


def is_ordinary(b) -> bool:
    """Whether squares of b stay in its dtype, or there are none: 0, infinity, NaN.

    >>> is_ordinary(torch.tensor([1e-30])), is_ordinary(torch.tensor([3.0, 4.0]))
    (False, True)
    """
    size = largest(b)
    most = torch.finfo(b.dtype).max / max(1, b.numel())
    within = least_sure(b.dtype) ** 0.5 <= size <= most**0.5
    return within or not 0 < size < math.inf


def times_power(vector, power):
    """A vector times a power of two, which its dtype alone may not hold."""
    return (vector.double() * power).to(vector.dtype)
