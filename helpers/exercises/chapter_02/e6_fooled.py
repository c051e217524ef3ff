"""Exercise 2.6: matrices for which a wrong rule passes its test."""

import torch

from helpers.exercises.exercise import Exercise, Mistake

FOOLING = {"a": [[1, 2], [2, 3]], "b": [[4, 5], [5, 6]]}
LOPSIDED = [[1, 2], [3, 4]]
SYMMETRIC = [[1, 2], [2, 3]]
OTHERS = (
    "Its rule multiplies with {}, and a matrix differs from its transpose unless it is "
    "symmetric."
)
WRONG_PAIRS = (
    Mistake(
        {"a": LOPSIDED, "b": LOPSIDED},
        "Both gradients come out wrong here, so gradcheck would see it. For which "
        "matrices does a transpose change nothing?",
    ),
    Mistake(
        {"a": SYMMETRIC, "b": LOPSIDED},
        "The gradient of a still comes out wrong. " + OTHERS.format("b"),
    ),
    Mistake(
        {"a": LOPSIDED, "b": SYMMETRIC},
        "The gradient of b still comes out wrong. " + OTHERS.format("a"),
    ),
    Mistake(
        {"a": [[1, 0], [0, 1]], "b": [[1, 0], [0, 1]]},
        "They fool the test, and they hold zeros: what do they have in common with "
        "other matrices that do?",
    ),
    Mistake(
        {"a": [[1, 0], [0, 1]], "b": LOPSIDED},
        "They hold zeros, and one of the two gradients comes out wrong, or both. For "
        "which matrices does a transpose change nothing, zeros or not?",
    ),
    Mistake(
        {"a": [[1]], "b": [[1]]},
        "These are not 2 x 2 matrices: give two rows of two numbers for a, and "
        "the same for b.",
    ),
)


def _how_fooled(answer):
    """Which of the two wrong gradients come out right, and what else was asked."""
    a, b = (torch.as_tensor(answer[name], dtype=torch.float64) for name in "ab")
    if a.shape != (2, 2) or b.shape != (2, 2):
        return {"2 x 2": False}
    grad = torch.tensor([[0.3, -1.1], [2.7, 0.9]], dtype=torch.float64)
    right = {
        "gradient of a is right": torch.allclose(grad @ b, grad @ b.T),
        "gradient of b is right": torch.allclose(a @ grad, a.T @ grad),
    }
    zero = bool((a == 0).any() or (b == 0).any())
    if zero:
        return {"holds a zero": True, "fools the test": all(right.values())}
    return {"holds a zero": False} | right


EXERCISE = Exercise(
    number="2.6",
    title="Fool the test",
    solution=FOOLING,
    cases=lambda: [()],
    probe=_how_fooled,
    mistakes=WRONG_PAIRS,
    compared_with="the right rule at your matrices",
)
