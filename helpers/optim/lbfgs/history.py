"""What LBFGS knows of the loss: how the gradient changed along its last steps.

With this module one can: keep pairs of changes and turn a gradient into a direction
with them (`Curvature`), and tell a pair that can be trusted (`RULES`).
"""

import torch

from helpers.optim.lbfgs.compact import Triangles

MANY = 12  # pairs: with fewer the loops are as quick
SHORT = 10_000  # numbers in a vector: longer ones take longer than the way to them
SOLVABLE = torch.float32, torch.float64  # torch solves no systems of other dtypes
TORCH_LEAST = 1e-10  # what torch asks of a pair, whatever the scale of the loss


def absolute(change, bend):
    """torch's rule: s . y > 1e-10. Near a flat minimum it refuses every pair."""
    return bend > TORCH_LEAST


def relative(change, bend):
    """s . y > eps * (y . y): all that rounding leaves of the sign of s . y.

    It refuses curvatures above 1 / eps: 5e15 in float64, and 8e6 in float32. There
    divide the loss by a number, or take the other rule.
    """
    return bend > torch.finfo(change.dtype).eps * change.dot(change).item()


RULES = {"absolute": absolute, "relative": relative}


class Curvature:
    """The last pairs (s, y): a step s, and the change y of the gradient along it.

    `state` is a dict in which they are kept, under torch's names: "old_stps", the steps
    s; "old_dirs", the changes y; "ro", 1 / (s . y); "H_diag", the scale (s . y) /
    (y . y) of the last pair, 1 before. `size` is how many pairs are kept; `rule`, a key
    of `RULES`, says which are. All vectors are flat, of equal length.

    >>> curvature = Curvature({}, size=10)
    >>> curvature.learn(torch.tensor([1.0, 0.0]), torch.tensor([4.0, 0.0]))
    True
    >>> curvature.direction(torch.tensor([8.0, 8.0]))
    tensor([-2., -2.])

    Source: Nocedal and Wright, Numerical Optimization (2006), section 7.2; its method
    `torch.optim.LBFGS`. Chapter 12 builds it.
    """

    def __init__(self, state, size, rule="absolute"):
        self.steps = state.setdefault("old_stps", [])
        self.changes = state.setdefault("old_dirs", [])
        self.inverses = state.setdefault("ro", [])
        self.state = state
        self.size = size
        self.is_trusted = RULES[rule]
        self.triangles = None

    def is_for(self, state, size, rule):
        """Whether it was made with these arguments."""
        same = state is self.state and RULES[rule] is self.is_trusted
        return same and size == self.size

    def learn(self, step, change):
        """Keep a pair if it can be trusted; whether it was. The oldest makes room.

        No rule trusts products so close to 0 that they have lost digits.
        """
        bend, square = change.dot(step).item(), change.dot(change).item()
        lost = min(bend, square) < torch.finfo(change.dtype).smallest_normal
        if lost or not self.is_trusted(change, bend):
            return False
        for kept in (self.steps, self.changes, self.inverses):
            del kept[: max(0, len(kept) + 1 - self.size)]
        self.steps.append(step)
        self.changes.append(change)
        self.inverses.append(1.0 / bend)
        if self.triangles is not None:
            self.triangles.renew(step, change, len(self.steps))
        self.state["H_diag"] = bend / square
        return True

    def direction(self, gradient):
        """Minus the gradient, times the inverse Hessian that the pairs make."""
        scale = float(self.state.get("H_diag", 1))
        few = len(self.steps) < MANY or gradient.numel() > SHORT
        if few or gradient.dtype not in SOLVABLE:
            return self.two_loops(gradient, scale)
        if self.triangles is None:
            self.triangles = Triangles(self.steps, self.changes)
        return self.triangles.direction(gradient, scale)

    def two_loops(self, gradient, scale):
        """The direction, by two loops over the pairs: back in time, and forth.

        Source: Nocedal and Wright (2006), algorithm 7.4.
        """
        pairs = list(zip(self.steps, self.changes, self.inverses, strict=True))
        direction, shares = gradient.neg(), []
        for step, change, inverse in reversed(pairs):
            shares.append(step.dot(direction).item() * float(inverse))
            direction.add_(change, alpha=-shares[-1])
        direction.mul_(scale)
        for step, change, inverse in pairs:
            share = change.dot(direction).item() * float(inverse)
            direction.add_(step, alpha=shares.pop() - share)
        return direction

    def forget(self):
        """Let go of all pairs."""
        for kept in (self.steps, self.changes, self.inverses):
            kept.clear()
        self.triangles = None
        self.state["H_diag"] = 1
