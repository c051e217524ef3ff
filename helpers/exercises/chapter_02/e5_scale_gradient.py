"""Exercise 2.5: a Function that scales the gradient on its way back.

An answer may be written for either engine: its base class says which.
"""

import torch

from helpers import autograd
from helpers.exercises.exercise import Exercise, Mistake


class ScaleGradient(torch.autograd.Function):
    """Passes numbers on as they are, and their gradient times a factor."""

    @staticmethod
    def forward(ctx, x, factor):
        """The same numbers as x; keeps the factor, a plain number."""
        ctx.factor = factor
        return x.clone()

    @staticmethod
    def backward(ctx, grad):
        """The gradient times the factor; the factor itself has none."""
        return grad * ctx.factor, None


def _function(there, back):
    """A Function of `there(x, factor)` forward and `back(grad, factor)` backward."""

    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, factor):
            ctx.factor = factor
            return there(x, factor)

        @staticmethod
        def backward(ctx, grad):
            return back(grad, ctx.factor)

    return Wrong


def _same(x, factor):
    return x.clone()


def _scaled(x, factor):
    return x * factor


class _Saved(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        """Saves the factor as one saves a tensor, which raises."""
        ctx.save_for_backward(factor)
        return x.clone()

    @staticmethod
    def backward(ctx, grad):
        """Would give the right gradients."""
        (factor,) = ctx.saved_tensors
        return grad * factor, None


FACTOR_ALONE = (
    "You return the factor alone. What arrives in backward is the gradient of the loss "
    "along the output, and it is what gets scaled."
)
WRONG_FUNCTIONS = (
    Mistake(
        _function(_same, lambda grad, factor: grad * factor),
        "Two inputs go into forward, x and factor, and one gradient comes back. "
        "Return one for each input, None for an input that can have none, in a tuple: "
        "a list counts as one.",
    ),
    Mistake(
        _function(_same, lambda grad, factor: (grad * factor, (grad * factor).sum())),
        "The factor is a plain number and can have no gradient: return None for it. "
        "The order is that of forward's inputs, x first.",
    ),
    Mistake(
        _function(_scaled, lambda grad, factor: (grad * factor, None)),
        "You scale on the way forward too. That is an ordinary product with its right "
        "derivative; here the numbers pass unchanged.",
    ),
    Mistake(
        _function(_scaled, lambda grad, factor: (grad, None)),
        "You scale on the way forward and not on the way back. It should be the other "
        "way round.",
    ),
    Mistake(
        _function(_same, lambda grad, factor: (grad, None)),
        "The gradient comes back as it went in: multiply it by the factor that forward "
        "was given.",
    ),
    Mistake(
        _function(_same, lambda grad, factor: (grad * -factor, None)),
        "Your gradient has the wrong sign. If it is to be reversed, the caller gives a "
        "negative factor.",
    ),
    Mistake(
        _function(_same, lambda grad, factor: (-grad, None)),
        "Your gradient is reversed whatever the factor is. Multiply it by the factor; "
        "a caller who wants it reversed gives -1.",
    ),
    Mistake(
        _function(_same, lambda grad, factor: (grad / factor, None)),
        "You divide by the factor. The gradient is to be multiplied by it.",
    ),
    Mistake(
        _function(_same, lambda grad, factor: (torch.full_like(grad, factor), None)),
        FACTOR_ALONE,
    ),
    Mistake(_function(_same, lambda grad, factor: (factor, None)), FACTOR_ALONE),
    Mistake(
        _function(_same, lambda grad, factor: (grad.mul_(factor), None)),
        "The gradients are right, and you scale the one that arrives in place. It is "
        "borrowed, and others may hold it: grad * factor makes a new one.",
    ),
    Mistake(
        _Saved,
        "save_for_backward is for tensors, whose changes it watches. The factor is a "
        "plain number: keep it with ctx.factor = factor.",
    ),
)

KNOWN_ERRORS = (
    "incorrect number of gradients",
    "gradient different than None",
    "can only save variables",
    "expected Variable or None",
)


def _both_ways(answer, numbers, factor):
    """What passes forward and what comes back; PyTorch's complaint, if a known one."""
    theirs = issubclass(answer, torch.autograd.Function)
    make = torch.tensor if theirs else autograd.tensor
    x, arrived = make(numbers, dtype=torch.float64, requires_grad=True), []
    try:
        y = answer.apply(x, factor)
        y.register_hook(lambda g: arrived.append((g.data, g.data.clone())))
        (y * y * y).sum().backward()
    except (RuntimeError, TypeError) as error:
        known = [words for words in KNOWN_ERRORS if words in str(error)]
        if not known:
            raise
        return {type(error).__name__: known[0]}
    gradient = None if x.grad is None else x.grad.data
    kept = [bool((now == then).all()) for now, then in arrived]
    return {"forward": y.detach().data, "gradient": gradient, "what arrived": kept}


EXERCISE = Exercise(
    number="2.5",
    title="A Function with two inputs",
    solution=ScaleGradient,
    cases=lambda: [([1.0, -2.0, 3.0], -0.5), ([[0.5, 4.0]], 3.0)],
    probe=_both_ways,
    mistakes=WRONG_FUNCTIONS,
    compared_with="the gradient without it, times the factor, for two factors",
)
