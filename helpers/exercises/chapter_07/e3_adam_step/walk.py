"""What exercise 7.3 tries a step with: several steps in a row, on a copy.

With this module one can
- walk with a step that changes a parameter and a dict in place (walk), along gradients
  of very different sizes (GRADIENTS),
- spoil a step so that it moves nothing (rebinding), with its message (REBOUND).
"""

import torch

GRADIENTS = (
    (1000.0, 2.0, 0.001),
    (-300.0, 0.5, 0.004),
    (40.0, -3.0, -0.002),
    (-5.0, 0.0, 0.02),
)


def walk(step, gradients, start, names=(), **options):
    """Places after each step from `start`, and the last state, as plain values.

    `step(p, g, state, **options)` changes `p` and `state`. `gradients` is a list of
    equally long tuples, `start` one such tuple. Returns a dict: "gradients" tells
    whether the gradients are as they were, "places" is a tensor with a row for each
    step, "state" the state's names and values. If the state has all of
    `names`, what else it holds is left out.
    """
    p, state, places = torch.tensor(start, dtype=torch.float64), {}, []
    given = torch.tensor(gradients, dtype=torch.float64)
    kept = given.clone()
    for gradient in given:
        step(p, gradient, state, **options)
        places.append(p.clone())
    return {
        "gradients": torch.equal(given, kept),
        "places": torch.stack(places),
        "state": _state(state, names),
    }


def _state(state, names):
    """The names that are asked for, if all are there; else whatever there is."""
    chosen = names if names and all(name in state for name in names) else state
    return {name: _plain(name, state[name]) for name in chosen}


def _plain(name, value):
    """A count as an int, whatever holds it; a tensor as a copy."""
    if name == "step":
        return int(value)
    return value.clone() if isinstance(value, torch.Tensor) else value


def rebinding(step):
    """The same step, but its last line makes a new `p`: the caller's stays as it was.

    >>> p = torch.ones(1)
    >>> rebinding(torch.Tensor.neg_)(p)
    >>> p
    tensor([1.])
    """

    def rebound(p, *arguments, **options):
        step(p.clone(), *arguments, **options)

    return rebound


REBOUND = (
    "Your `p` is a new tensor, and the caller's has not moved: `p = p - ...` gives the "
    "name to another one. Write `p -= ...`."
)
