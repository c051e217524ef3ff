"""Exercise 12.2: one update of BFGS, by hand."""

from numbers import Real

import torch

from helpers.exercises.exercise import Exercise, Mistake

NEW_B = [[0.75, -0.5], [-0.5, 1.0]]  # from the identity, s = (1, 0) and y = (2, 1)


def _rows(answer):
    """A matrix in any clothes, as a list of lists of numbers, where it is one."""
    if isinstance(answer, torch.Tensor):
        return answer.double().tolist()
    if isinstance(answer, (list, tuple)):
        return [_rows(row) for row in answer]
    return float(answer) if isinstance(answer, Real) else answer


WRONG_MATRICES = (
    Mistake(
        [[1.0, 0.0], [0.0, 1.0]],
        "That is the B before the update. s · y is 2, above zero, so the pair is fit "
        "for use, and B must change until B y is s.",
    ),
    Mistake(
        [[0.5, 0.0], [0.0, 1.25]],
        "You put V on the other side, V B V', or took s y' for y s' in it. On the left "
        "stands the transposed V, so that the old B sees what V has left of a vector.",
    ),
    Mistake(
        [[0.25, -0.5], [-0.5, 1.0]],
        "The last term is missing, rho · s · s'. Without it B y is zero, and it should "
        "be s.",
    ),
    Mistake(
        [[1.25, -0.5], [-0.5, 1.0]],
        "The last term has no rho: 1 / (s · y) is 1/2 here. Multiply your B with y; it "
        "should give s.",
    ),
    Mistake(
        [[2.0, 1.0], [1.0, 1.75]],
        "You exchanged s and y. That learns the Hessian itself: your matrix turns s "
        "into y. B turns y into s.",
    ),
    Mistake(
        [[0.6, -0.2], [-0.2, 0.4]],
        "You scaled the first matrix by gamma. Here it is the identity as it stands.",
    ),
    Mistake(
        [[0.5, 0.0], [-0.5, 1.0]],
        "You multiplied by V on one side only, and the result is not symmetric. V "
        "stands on the right, its transpose on the left.",
    ),
    Mistake(
        [[0.5, -0.5], [0.0, 1.0]],
        "You multiplied by V on one side only, and the result is not symmetric. V "
        "stands on the right, its transpose on the left.",
    ),
    Mistake(
        [[2 / 3, -1 / 3], [-1 / 3, 2 / 3]],
        "That is the symmetric update of rank one, SR1. It obeys the secant equation "
        "too, but it is another method: it can lose its positive eigenvalues.",
    ),
    Mistake(
        [[4 / 3, 2 / 3], [2 / 3, 4 / 3]],
        "You inverted the matrix. B stands for the inverse Hessian already.",
    ),
    Mistake(
        [[0.0, 0.0], [-0.5, 1.0]],
        "That is V itself. B is still to come: V' B V, and the last term.",
    ),
    Mistake(
        [[0.75, 0.5], [0.5, 1.0]],
        "A sign is lost beside the diagonal. V takes away: below its 0 stands -1/2.",
    ),
    Mistake(
        [[4.75, 0.5], [0.5, 1.0]],
        "You added in V. It is the identity less rho · y · s'.",
    ),
    Mistake(
        [[0.6, -0.2], [-0.2, 1.0]],
        "Your rho is 1 / (y · y). It is 1 / (s · y), which is 1/2 here.",
    ),
    Mistake(
        [[3.0, -1.0], [-1.0, 1.0]],
        "Your rho is 1, which is 1 / (s · s). It is 1 / (s · y), 1/2 here.",
    ),
    Mistake(
        [[0.7, -0.4], [-0.4, 0.8]],
        "That is the update of Davidon, Fletcher and Powell, DFP. It obeys the secant "
        "equation too, and came before BFGS; the one of section 3 is another.",
    ),
    Mistake(
        [[0.5, 0.0], [0.0, 0.0]],
        "That is the last term alone. What the old B says of other directions stays, "
        "between the two V.",
    ),
    Mistake(
        [[1.5, 0.0], [0.0, 1.0]],
        "You added the last term to the old B. Before that, V must take out what the "
        "old B says about y: B y should be s.",
    ),
)

EXERCISE = Exercise(
    number="12.2",
    title="One update by hand",
    solution=NEW_B,
    cases=lambda: [()],
    probe=lambda answer: _rows(answer),
    mistakes=WRONG_MATRICES,
    compared_with="the update of section 3",
    tolerance=1e-3,
)
