"""Formulas for beta, the share of the last direction that is kept; and restarts.

`METHODS` has each formula by its name, `RESTARTS` each test that starts afresh.

The convention of all formulas: g is the gradient here, g0 the gradient at the point
before, d the direction that led from there to here, and y = g - g0. All are vectors of
n numbers. The new direction is -g + beta * d. On a quadratic, after exact steps, all
formulas give the same number.

A formula that divides by zero returns infinity or NaN: who asked then starts afresh.
Chapter 11 compares them.
"""

from helpers.optim.base.products import dot
from helpers.optim.line_search.cubic import divide


def fletcher_reeves(gradient, before, direction):
    """beta = (g . g) / (g0 . g0).

    It has no automatic restart: after a bad step the next ones are short too, as Powell
    found. Source: Fletcher and Reeves (1964); Nocedal and Wright, Numerical
    Optimization (2006), equation 5.41.

    >>> import torch
    >>> fletcher_reeves(torch.tensor([3.0, 4.0]), torch.tensor([0.0, 1.0]), None)
    25.0
    """
    return quotient(gradient, gradient, before, before)


def polak_ribiere_plus(gradient, before, direction):
    """beta = (g . y) / (g0 . g0), and 0 where that is below 0.

    After a short step g is close to g0, and beta to 0: it starts afresh by itself.
    Source: Polak and Ribière (1969); the plus is Powell's (1986), studied by Gilbert
    and Nocedal (1992); Nocedal and Wright (2006), equation 5.45.

    >>> import torch
    >>> polak_ribiere_plus(torch.tensor([3.0, 4.0]), torch.tensor([0.0, 1.0]), None)
    21.0
    """
    return max(quotient(gradient, gradient - before, before, before), 0.0)


def hestenes_stiefel(gradient, before, direction):
    """beta = (g . y) / (d . y).

    The new direction is conjugate to the last, d_new . y = 0, whatever the steps were.
    Source: Hestenes and Stiefel (1952); Nocedal and Wright (2006), equation 5.46.

    >>> import torch
    >>> g, g0, d = torch.tensor([[3.0, 4.0], [0.0, 1.0], [0.0, -1.0]])
    >>> hestenes_stiefel(g, g0, d)
    -7.0
    """
    change = gradient - before
    return quotient(gradient, change, direction, change)


def dai_yuan(gradient, before, direction):
    """beta = (g . g) / (d . y).

    After any step that meets the Wolfe conditions the new direction leads downhill.
    Source: Dai and Yuan (1999); Nocedal and Wright (2006), equation 5.49.

    >>> import torch
    >>> g, g0, d = torch.tensor([[3.0, 4.0], [0.0, 1.0], [0.0, 1.0]])
    >>> round(dai_yuan(g, g0, d), 4)
    8.3333
    """
    return quotient(gradient, gradient, direction, gradient - before)


def hager_zhang(gradient, before, direction):
    """beta = (y - 2 (y . y) / (d . y) d) . g / (d . y), kept above a number below 0.

    That number is 0.4 (d . g0) / (d . d). The new direction leads downhill after any
    step with d . y > 0, exact or not: d_new . g <= -7/8 (g . g) where the bound is not
    reached. Source: Hager and Zhang, A new conjugate gradient method with guaranteed
    descent (2005); the bound is that of their later The limited memory conjugate
    gradient method (2013), which, unlike the first, does not change when the function
    is scaled.

    >>> import torch
    >>> g, g0, d = torch.tensor([[3.0, 4.0], [0.0, 1.0], [0.0, 1.0]])
    >>> round(hager_zhang(g, g0, d), 4)  # the bound: the formula itself gives -9
    0.4
    """
    change = gradient - before
    along = dot(direction, change)
    ratio = divide(dot(change, change), along)
    pull = dot(change, gradient) - 2 * ratio * dot(direction, gradient)
    bound = divide(0.4 * dot(direction, before), dot(direction, direction))
    return max(divide(pull, along), bound)


METHODS = {
    "fletcher-reeves": fletcher_reeves,
    "polak-ribiere+": polak_ribiere_plus,
    "hestenes-stiefel": hestenes_stiefel,
    "dai-yuan": dai_yuan,
    "hager-zhang": hager_zhang,
}


def powell(gradient, before, since):
    """Whether two gradients in a row are far from orthogonal: |g . g0| >= 0.2 (g . g).

    On a quadratic, after exact steps, g . g0 is 0. Source: Powell, Restart procedures
    for the conjugate gradient method (1977); Nocedal and Wright (2006), equation 5.52.

    >>> import torch
    >>> powell(torch.tensor([3.0, 4.0]), torch.tensor([0.0, 1.0]), since=1)
    False
    """
    return abs(dot(gradient, before)) >= 0.2 * dot(gradient, gradient)


def every_n(gradient, before, since):
    """Whether n steps were made since the last fresh start, n numbers being sought.

    In n dimensions there are no more than n conjugate directions.

    >>> import torch
    >>> every_n(torch.ones(3), torch.ones(3), since=3)
    True
    """
    return since >= gradient.numel()


RESTARTS = {"powell": powell, "every-n": every_n}


def quotient(first, second, third, fourth):
    """(first . second) / (third . fourth); infinity or NaN where that divides by 0."""
    return divide(dot(first, second), dot(third, fourth))
