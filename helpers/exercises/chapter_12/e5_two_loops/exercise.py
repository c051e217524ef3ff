"""Exercise 12.5: the two loops of LBFGS."""

from itertools import product

import torch

from helpers.exercises.chapter_12.e5_two_loops.parts import loops_with
from helpers.exercises.exercise import Exercise, Mistake


def two_loops(gradient, pairs, gamma):
    """Minus the gradient, times the inverse Hessian that the pairs make."""
    v, alphas = -gradient, []
    for s, y in reversed(pairs):
        alphas.append((s @ v) / (s @ y))
        v = v - alphas[-1] * y
    v = gamma * v
    for s, y in pairs:
        beta = (y @ v) / (s @ y)
        v = v + (alphas.pop() - beta) * s
    return v


MESSAGES = (
    (
        {"sign": 1},
        "The sign is turned: your vector leads uphill. A direction is minus B times "
        "the gradient.",
    ),
    (
        {"back": "oldest"},
        "Your first loop begins with the oldest pair. The newest update stands "
        "outermost in B, so it is met first.",
    ),
    (
        {"forth": "newest"},
        "Your second loop begins with the newest pair. On the way up the recursion "
        "comes to the oldest one first.",
    ),
    (
        {"back": "oldest", "forth": "newest"},
        "Both loops run the wrong way round: the first goes from the newest pair to "
        "the oldest, the second from the oldest to the newest.",
    ),
    (
        {"alphas": "turned"},
        "The alphas meet the wrong pairs: the first loop has made them from the newest "
        "pair on, and the second loop begins with the oldest.",
    ),
    (
        {"alphas": "last"},
        "One alpha serves all pairs in your second loop: the last one of the first "
        "loop. Keep them in a list.",
    ),
    (
        {"stale": "alpha"},
        "Each alpha is taken of the first vector. It belongs to the vector that the "
        "newer pairs have left.",
    ),
    (
        {"stale": "beta"},
        "Each beta is taken of the vector before the second loop. It belongs to the "
        "vector as the older pairs have left it.",
    ),
    (
        {"takes": "adds"},
        "Your first loop adds alpha · y. V takes it away.",
    ),
    (
        {"scale": 1.0},
        "gamma is not used: between the loops stands the first matrix, gamma times "
        "the identity.",
    ),
    (
        {"forth": "left out"},
        "The second loop is missing: V stands on both sides of B.",
    ),
    (
        {"share": "alpha"},
        "You add alpha · s and take nothing off. The second loop has its own share, "
        "beta = y · v / s · y: add (alpha - beta) · s.",
    ),
    (
        {"share": "beta"},
        "You take beta · s off, and alpha is forgotten. It is what the last term, "
        "rho · s · s', adds.",
    ),
    (
        {"share": "turned"},
        "alpha and beta are exchanged in the second loop: add (alpha - beta) · s.",
    ),
    (
        {"share": "sum"},
        "beta has the wrong sign: add (alpha - beta) · s.",
    ),
    (
        {"beta": "s"},
        "Your beta is taken with s, like alpha. In the second loop V is transposed, "
        "and y asks: beta = y · v / s · y.",
    ),
    (
        {"alpha": "y"},
        "Your alpha is taken with y. In the first loop s asks: alpha = s · v / s · y.",
    ),
    (
        {"takes": "s"},
        "In the first loop you take off alpha · s. It is alpha · y that goes: the "
        "vector is a gradient, and y is a change of gradients.",
    ),
    (
        {"adds": "y"},
        "In the second loop you add y. By then the vector is a step, and what is added "
        "to it is s.",
    ),
    (
        {"rho": "none"},
        "alpha and beta are not divided by s · y, which is 1 / rho.",
    ),
    (
        {"rho": "y"},
        "You divide by y · y. That belongs to gamma; alpha and beta are divided by "
        "s · y.",
    ),
    ({"rho": "s"}, "You divide by s · s. alpha and beta are divided by s · y."),
)


def _scaled_late(gradient, pairs, gamma):
    return gamma * loops_with(scale=1.0)(gradient, pairs, gamma)


def _scaled_first(gradient, pairs, gamma):
    return loops_with(scale=1.0)(gamma * gradient, pairs, gamma)


def _own(pairs, gamma):
    """The scale that the newest pair suggests; the given one where there is none."""
    if not pairs:
        return gamma
    s, y = pairs[-1]
    return (s @ y) / (y @ y)


ALONE = tuple(Mistake(loops_with(**slip), message) for slip, message in MESSAGES)
PLACED = tuple(
    Mistake(
        answer,
        "gamma stands in the wrong place. It is the innermost matrix: multiply after "
        "the first loop and before the second.",
    )
    for answer in (_scaled_late, _scaled_first)
)
UNUSED = (
    Mistake(
        lambda gradient, pairs, gamma: -gamma * gradient,
        "That is the first matrix alone: the pairs are not used.",
    ),
    Mistake(
        lambda gradient, pairs, gamma: -gradient,
        "That is steepest descent: neither gamma nor the pairs are used.",
    ),
    Mistake(
        lambda gradient, pairs, gamma: two_loops(gradient, pairs[-1:], gamma),
        "Only the newest pair is used. Both loops go over all of them.",
    ),
    Mistake(
        lambda gradient, pairs, gamma: two_loops(gradient, pairs[:1], gamma),
        "Only the oldest pair is used. Both loops go over all of them.",
    ),
    Mistake(
        lambda g, pairs, gamma: two_loops(g, pairs, gamma) if pairs else -g,
        "Without a pair you go by the bare gradient. gamma is used then too.",
    ),
    Mistake(
        lambda g, pairs, gamma: two_loops(g, [pair[::-1] for pair in pairs], gamma),
        "s and y are exchanged throughout: in each pair s is the first.",
    ),
    Mistake(
        lambda gradient, pairs, gamma: two_loops(gradient, pairs, 1 / gamma),
        "You divide by gamma. It is an inverse curvature already: multiply.",
    ),
    Mistake(
        lambda gradient, pairs, gamma: two_loops(gradient, pairs, _own(pairs, gamma)),
        "You worked gamma out from the newest pair. Here it is given: use that number.",
    ),
)
PAIRS = tuple(
    Mistake(loops_with(**first, **second), message)
    for (first, message), (second, _) in product(MESSAGES, MESSAGES)
    if first in ({"sign": 1}, {"scale": 1.0}) and not first.keys() & second.keys()
    if first != {"scale": 1.0} or second != {"sign": 1}
)
HESSIAN = torch.tensor(
    [[4.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 2.0]], dtype=torch.float64
)
STEPS = (1.0, 0.5, -1.0), (0.25, -1.0, 0.5), (-0.5, 0.75, 2.0)


def _cases():
    """No pair, one, two and three, from a bowl; gammas that are not 1."""
    steps = [torch.tensor(step, dtype=torch.float64) for step in STEPS]
    pairs = [(step, HESSIAN @ step) for step in steps]
    gradient = torch.tensor([2.0, -1.0, 3.0], dtype=torch.float64)
    return [(gradient, pairs[:count], 0.25 * (count + 1)) for count in (3, 2, 1, 0)]


EXERCISE = Exercise(
    number="12.5",
    title="Two loops",
    solution=two_loops,
    cases=_cases,
    mistakes=(*ALONE, *PLACED, *UNUSED, *PAIRS),
    compared_with="the matrix of BFGS after none to three pairs",
)
