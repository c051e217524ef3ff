"""What LBFGS knows of the loss: how the gradient changed along its last steps.

With this module one can: keep pairs of changes and turn a gradient into a direction
with them (`Curvature`), and tell a pair that can be trusted (`RULES`).
"""

import torch

TORCH_LEAST = 1e-10  # what torch asks of a pair, whatever the scale of the loss


def absolute(change, bend):
    """torch's rule: s . y > 1e-10. Near a flat minimum it refuses every pair."""
    return bend > TORCH_LEAST


def relative(change, bend):
    """s . y > eps * (y . y): all that rounding leaves of the sign of s . y."""
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

    def learn(self, step, change):
        """Keep a pair if it can be trusted; whether it was. The oldest makes room."""
        bend = change.dot(step).item()
        if not self.is_trusted(change, bend):
            return False
        for kept in (self.steps, self.changes, self.inverses):
            del kept[: len(kept) + 1 - self.size]
        self.steps.append(step)
        self.changes.append(change)
        self.inverses.append(1.0 / bend)
        self.state["H_diag"] = bend / change.dot(change).item()
        return True

    def direction(self, gradient):
        """Minus the gradient, times the inverse Hessian that the pairs make.

        Two loops over the pairs: back in time, and forth.

        Source: Nocedal and Wright (2006), algorithm 7.4.
        """
        pairs = list(zip(self.steps, self.changes, self.inverses, strict=True))
        direction, shares = gradient.neg(), []
        for step, change, inverse in reversed(pairs):
            shares.append(step.dot(direction).item() * float(inverse))
            direction.add_(change, alpha=-shares[-1])
        direction.mul_(float(self.state.get("H_diag", 1)))
        for step, change, inverse in pairs:
            share = change.dot(direction).item() * float(inverse)
            direction.add_(step, alpha=shares.pop() - share)
        return direction

    def forget(self):
        """Let go of all pairs."""
        for kept in (self.steps, self.changes, self.inverses):
            kept.clear()
        self.state["H_diag"] = 1
