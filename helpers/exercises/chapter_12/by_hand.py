"""Exercise 12.2: one update of BFGS, by hand.

With this module one can: check an answer to it (`EXERCISE`).
"""

import torch

from helpers.exercises.model import Exercise, Mistake

NEW_B = [[0.75, -0.5], [-0.5, 1.0]]  # from the identity, s = (1, 0) and y = (2, 1)


def _rows(answer):
    """A matrix in any clothes, as a list of lists of numbers."""
    return torch.as_tensor(answer).double().tolist()


WRONG_MATRICES = (
    Mistake(
        [[1.0, 0.0], [0.0, 1.0]],
        "That is the B before the update. s · y is 2, above zero, so the pair is fit "
        "for use, and B must change until B y is s.",
    ),
    Mistake(
        [[0.5, 0.0], [0.0, 1.25]],
        "You put V on the other side: V B V'. On the left stands the transposed V, so "
        "that the old B sees only what V has left of a vector.",
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
