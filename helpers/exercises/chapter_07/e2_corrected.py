"""Exercise 7.2: the correction of a mean that did not start at zero."""

from helpers.exercises.exercise import Exercise, Mistake


def corrected(mean, start, beta, step):
    """Give the gradient that, `step` times over, has led from `start` to `mean`."""
    left = beta**step
    return (mean - left * start) / (1 - left)


def _wrong(formula, message):
    """A mistake from a formula of the mean, the start, and what is left of it."""

    def corrected(mean, start, beta, step):
        return formula(mean, start, beta**step)

    return Mistake(corrected, message)


def _other(formula, message):
    """A mistake from a formula of the exercise's own four arguments."""
    return Mistake(
        lambda mean, start, beta, step: formula(mean, start, beta, step), message
    )


WHOLE_START = (
    "You take the whole start away. After `step` steps only the share beta**step of it "
    "is left in the mean."
)
WRONG_CORRECTIONS = (
    _wrong(
        lambda mean, start, left: mean / (1 - left),
        "That is Adam's correction, for a start of zero. Something of `start` is still "
        "in the mean: take it away first.",
    ),
    _wrong(
        lambda mean, start, left: mean - left * start,
        "You take away what is left of the start, and what remains is only the share "
        "1 - beta**step of the gradient. Divide by it.",
    ),
    _wrong(lambda mean, start, left: (mean - start) / (1 - left), WHOLE_START),
    _wrong(lambda mean, start, left: mean / (1 - left) - start, WHOLE_START),
    _wrong(
        lambda mean, start, left: mean / (1 - left) - left * start,
        "The part of the start stands in the mean itself: take it away before you "
        "divide, not after.",
    ),
    _wrong(
        lambda mean, start, left: (mean - (1 - left) * start) / left,
        "The shares are exchanged. The start keeps beta**step, which shrinks; the "
        "gradient has the rest, which grows.",
    ),
    _wrong(
        lambda mean, start, left: (mean + left * start) / (1 - left),
        "The sign is turned: what is left of the start is too much, so it is taken "
        "away.",
    ),
    _wrong(
        lambda mean, start, left: (mean - left * start) * (1 - left),
        "The mean holds the share 1 - beta**step of the gradient. To get the gradient, "
        "divide by the share; you multiply.",
    ),
    _other(
        lambda mean, start, beta, step: mean,
        "That is the mean as it is. A share of it is still the start's: how large is "
        "that after `step` steps?",
    ),
    _wrong(
        lambda mean, start, left: mean - left * start / (1 - left),
        "Brackets are missing: all of mean - beta**step * start is divided, not only "
        "the last part.",
    ),
    _wrong(
        lambda mean, start, left: (mean - left * start) / left,
        "You divide by the share of the start. The gradient's share is the rest, "
        "1 - beta**step.",
    ),
    _wrong(
        lambda mean, start, left: left * start + (1 - left) * mean,
        "You average once more. The mean already is that sum of two shares, with the "
        "gradient in it: solve for the gradient.",
    ),
    _other(
        lambda mean, start, beta, step: (mean - beta**step * start) / (1 - beta),
        "1 - beta is the gradient's share after one step. After `step` steps it is "
        "1 - beta**step.",
    ),
    _other(
        lambda mean, start, beta, step: (mean - beta * start) / (1 - beta),
        "That is right after one step. After `step` steps the start has been "
        "multiplied by beta that many times.",
    ),
    _other(
        lambda mean, start, beta, step: (
            (mean - beta * step * start) / (1 - beta * step)
        ),
        "Each step multiplies by beta, so after `step` steps it is a power, not a "
        "product: beta**step.",
    ),
    _other(
        lambda mean, start, beta, step: (
            (mean - beta ** (step + 1) * start) / (1 - beta ** (step + 1))
        ),
        "One power too many: at the first step `step` is 1, and the start has been "
        "multiplied by beta once.",
    ),
    _other(
        lambda mean, start, beta, step: (
            (mean - beta ** (step - 1) * start) / (1 - beta ** (step - 1) + 1e-300)
        ),
        "One power too few: at the first step `step` is 1, and the start has been "
        "multiplied by beta once already.",
    ),
)

EXERCISE = Exercise(
    number="7.2",
    title="Derive a correction",
    solution=corrected,
    cases=lambda: [
        (2.6, 2.0, 0.8, 2),
        (0.7, 0.0, 0.9, 3),
        (-1.5, 4.0, 0.5, 1),
        (3.0, -2.0, 0.99, 40),
    ],
    mistakes=WRONG_CORRECTIONS,
    compared_with="the mean, averaged step by step, from four starts",
)
