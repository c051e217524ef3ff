"""The history of LBFGS: how the gradient changed along the last steps.

With this module one can
- keep pairs (s, y) and turn a gradient into a direction with them (`History`),
- tell a pair that can be trusted (`absolute`, `relative`), by name (`RULES`).

Numbers of equations and algorithms are those of Nocedal and Wright, Numerical
Optimization (2006).
"""

import math

import torch

from helpers.optim.base.products import dot, least_sure
from helpers.optim.lbfgs.compact import CompactHistory

MANY = 12  # pairs: with fewer the loops are as quick
SHORT = 10_000  # numbers in a vector: above, arithmetic exceeds Python overhead
SOLVABLE = torch.float32, torch.float64  # torch solves no systems of other dtypes
LEAST = torch.finfo(torch.float64).smallest_normal
TORCH_LEAST = 1e-10  # what torch asks of a pair, whatever the scale of the loss


def absolute(y, curvature):
    """torch's rule: s . y > 1e-10. Near a flat minimum it refuses every pair."""
    return curvature > TORCH_LEAST


def relative(y, curvature):
    """s . y > eps * (y . y): all that rounding leaves of the sign of s . y.

    It refuses curvatures above 1 / eps: 5e15 in float64, and 8e6 in float32. There
    divide the loss by a number, or take the other rule.
    """
    return curvature > torch.finfo(y.dtype).eps * dot(y, y)


RULES = {"absolute": absolute, "relative": relative}


def is_lost(y, curvature, square):
    """Whether the products of a pair, or its y, are so close to 0 that digits lack."""
    least = max(torch.finfo(y.dtype).smallest_normal ** 2, LEAST)
    return not least <= min(curvature, square) < math.inf


class History:
    """The last pairs (s, y): a step s, and the change y of the gradient along it.

    Args:
        state: a dict in which the pairs are kept, under torch's names: "old_stps", the
            steps s; "old_dirs", the changes y; "ro", rho = 1 / (s . y); "H_diag", gamma
            = (s . y) / (y . y) of the last pair, 1 before. All vectors are flat, of
            equal length.
        size: how many pairs are kept, from 1 up.
        rule: a key of `RULES` ("absolute"), which says which pairs are kept.

    Source: Nocedal and Wright, section 7.2; its method `torch.optim.LBFGS`. Chapter 12
    builds it.

    >>> history = History({}, size=10)
    >>> history.push(torch.tensor([1.0, 0.0]), torch.tensor([4.0, 0.0]))
    True
    >>> history.direction(torch.tensor([8.0, 8.0]))
    tensor([-2., -2.])
    """

    def __init__(self, state, size, rule="absolute"):
        self.s = state.setdefault("old_stps", [])
        self.y = state.setdefault("old_dirs", [])
        self.rho = state.setdefault("ro", [])
        self.state = state
        self.size = size
        self.is_trusted = RULES[rule]
        self.compact = None

    def is_of(self, state, size, rule):
        """Whether it was made with these arguments."""
        same = state is self.state and RULES[rule] is self.is_trusted
        return same and size == self.size

    def push(self, s, y):
        """Keep a pair if it can be trusted; whether it was. The oldest makes room.

        No rule trusts products so close to 0 that they have lost digits.
        """
        curvature, square = dot(y, s), dot(y, y)
        if is_lost(y, curvature, square) or not self.is_trusted(y, curvature):
            return False
        for each in (self.s, self.y, self.rho):
            del each[: max(0, len(each) + 1 - self.size)]
        self.s.append(s)
        self.y.append(y)
        self.rho.append(1.0 / curvature)  # eqn 7.17
        if self.compact is not None:
            self.compact.push(s, y, len(self.s))
        self.state["H_diag"] = curvature / square  # eqn 7.20
        return True

    def direction(self, gradient):
        """Minus the gradient, times the inverse Hessian that the pairs make."""
        gamma = float(self.state.get("H_diag", 1))
        few = len(self.s) < MANY or gradient.numel() > SHORT
        if few or gradient.dtype not in SOLVABLE or self.is_wide(gradient.dtype):
            return self.two_loops(gradient, gamma)
        if self.compact is None:
            self.compact = CompactHistory(self.s, self.y)
        return self.compact.direction(gradient, gamma)

    def is_wide(self, dtype):
        """Whether products of a pair leave the range of its dtype."""
        info = torch.finfo(dtype)
        most = 1 / least_sure(dtype)
        return any(not 1 / info.max < float(rho) < most for rho in self.rho)

    def two_loops(self, gradient, gamma):
        """The direction, by two loops over the pairs: back in time, and forth.

        Source: Nocedal and Wright, algorithm 7.4, begun with minus the gradient.
        """
        pairs = list(zip(self.s, self.y, self.rho, strict=True))
        direction, alphas = gradient.neg(), []
        for s, y, rho in reversed(pairs):
            alphas.append(dot(s, direction) * float(rho))
            direction.add_(y, alpha=-alphas[-1])
        direction.mul_(gamma)  # Nocedal and Wright, eqn 7.20
        for s, y, rho in pairs:
            beta = dot(y, direction) * float(rho)
            direction.add_(s, alpha=alphas.pop() - beta)
        return direction

    def clear(self):
        """Drop all pairs."""
        for each in (self.s, self.y, self.rho):
            each.clear()
        self.compact = None
        self.state["H_diag"] = 1
