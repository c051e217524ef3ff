"""Exercise 1.1: the gradients of (a·b + a)² at a = 2, b = 3, on paper."""

from helpers.exercises.exercise import Exercise, Mistake

GRADIENTS = {"a": 64, "b": 32}

ONE_PATH = (
    "The value a is used twice, by the product and by the sum, and you followed one "
    "of the two arrows. Both bring a share back, and the shares are added."
)
WRONG_GRADIENTS = (
    Mistake({"a": 48, "b": 32}, ONE_PATH),
    Mistake({"a": 16, "b": 32}, ONE_PATH),
    Mistake(
        {"a": 4, "b": 2},
        "These are the slopes of a·b + a. Its square stands outside: multiply with the "
        "square's local derivative, two times its inner value.",
    ),
    Mistake(
        {"a": 8, "b": 4},
        "The square's local derivative is two times its inner value, 2 · 8. You took "
        "the factor 2 and left the 8 out.",
    ),
    Mistake(
        {"a": 32, "b": 16},
        "The square's local derivative is two times its inner value. You took the "
        "inner value, 8, without the 2.",
    ),
    Mistake(
        {"a": 48, "b": 48},
        "You gave each input of the product its own value. A product swaps: a moves "
        "the result b times as fast, and b moves it a times as fast.",
    ),
    Mistake(
        {"a": 32, "b": 64},
        "The right numbers at the wrong leaves: a has two paths to the result, b has "
        "one.",
    ),
)

EXERCISE = Exercise(
    number="1.1",
    title="By hand",
    solution=GRADIENTS,
    cases=lambda: [()],
    mistakes=WRONG_GRADIENTS,
    compared_with="backward() at a = 2, b = 3",
)
