"""Which solver finds which minimum, and after how many evaluations: a table.

With this module one can: let the solvers of `SOLVERS` run on a problem (`descents_on`),
see whether one ended in a minimum that is known (`is_known_minimum`), and make a table
of them all on the problems of Moré, Garbow and Hillstrom (`table`). To print it:
`python -m benchmarks.minimisers`.
"""

from functools import partial

import torch

import helpers.optim
from benchmarks.closures import Descent, descend, descend_with_scipy
from helpers.problems import MORE_GARBOW_HILLSTROM

MOST = 1_500  # evaluations
FLAT = 1e-9  # the largest entry of a gradient at which a descent has arrived
LIMITS = {
    "max_iter": MOST,
    "max_eval": MOST,
    "tolerance_grad": FLAT,
    "tolerance_change": 0.0,
    "line_search_fn": "strong_wolfe",
}
SCIPY_LIMITS = {"maxiter": MOST, "gtol": FLAT}
OURS = partial(descend, optimizer=helpers.optim.LBFGS, **LIMITS)
SOLVERS = {
    "ours": OURS,
    "ours, relative": partial(OURS, curvature="relative"),
    "ours, CG": partial(descend, optimizer=helpers.optim.ConjugateGradient, **LIMITS),
    "torch": partial(descend, optimizer=torch.optim.LBFGS, **LIMITS),
    "SciPy L-BFGS-B": partial(
        descend_with_scipy, ftol=0, maxfun=MOST, maxcor=100, **SCIPY_LIMITS
    ),
    "SciPy CG": partial(descend_with_scipy, method="CG", **SCIPY_LIMITS),
}


def descents_on(problem, solvers=SOLVERS) -> dict[str, Descent]:
    """How each solver ends on a `Problem`, from its customary start, in float64.

    >>> from helpers.problems import booth
    >>> ends = descents_on(booth)
    >>> [end.value < 1e-12 for end in ends.values()]
    [True, True, True, True, True, True]
    """
    return {name: solve(problem, problem.start) for name, solve in solvers.items()}


def is_known_minimum(problem, value, worse=False) -> bool:
    """Whether a value is the published minimum; with `worse`, or a worse one published.

    A minimum of 0 counts as found below 1e-9: where curvature vanishes too, nobody
    comes near quickly. Others must agree in five digits, which is how they are printed.

    >>> from helpers.problems import MORE_GARBOW_HILLSTROM, booth
    >>> is_known_minimum(booth, 1e-12), is_known_minimum(booth, 1e-3)
    (True, False)
    >>> is_known_minimum(MORE_GARBOW_HILLSTROM[2], 48.9843, worse=True)
    True
    """
    known = problem.minimum_value, *(problem.worse_minimum_values if worse else ())
    return any(abs(value - each) <= 1e-9 + 1e-5 * abs(each) for each in known)


def table(solvers=SOLVERS, problems=MORE_GARBOW_HILLSTROM) -> str:
    """A line for each problem: evaluations of each solver, and what it found.

    A star marks a worse minimum that is published too; in brackets stands a value that
    is none.
    """
    head = f"{'':40}" + "".join(f"{name:>22}" for name in solvers)
    lines = [head]
    for number, problem in problems.items():
        ends = descents_on(problem, solvers).values()
        cells = "".join(f"{in_words(problem, end):>22}" for end in ends)
        lines.append(f"{number:2} {problem.name:37}{cells}")
    return "\n".join(lines)


def in_words(problem, end) -> str:
    """The evaluations of a descent, and a remark on the value if it is not the lowest.

    >>> from helpers.problems import booth
    >>> in_words(booth, Descent(None, 0.0, 12)), in_words(booth, Descent(None, 0.5, 12))
    ('12', '12 (0.5)')
    """
    if is_known_minimum(problem, end.value):
        return f"{end.evaluations}"
    if is_known_minimum(problem, end.value, worse=True):
        return f"{end.evaluations} *"
    return f"{end.evaluations} ({end.value:.3g})"


if __name__ == "__main__":
    print(table())
