"""Exercise 8.3: the spread of weights in front of a leaky relu."""

from helpers.exercises.exercise import Exercise, Mistake


def weight_std(inputs, slope):
    """The standard deviation that keeps the mean square of the signal."""
    return (2 / ((1 + slope**2) * inputs)) ** 0.5


WRONG_SPREADS = (
    Mistake(
        lambda inputs, slope: 2 / ((1 + slope**2) * inputs),
        "That is the mean square of the weights. Their standard deviation is its root.",
    ),
    Mistake(
        lambda inputs, slope: (2 / inputs) ** 0.5,
        "That is right for the relu, whose slope is 0. A leaky relu lets a part of the "
        "negative half through, so the weights may be smaller.",
    ),
    Mistake(
        lambda inputs, slope: (1 / inputs) ** 0.5,
        "That keeps the size through the weights alone. The activation behind them "
        "takes some of it away.",
    ),
    Mistake(
        lambda inputs, slope: (2 / ((1 + slope) * inputs)) ** 0.5,
        "The negative half is multiplied by the slope, its mean square by the square "
        "of the slope.",
    ),
    Mistake(
        lambda inputs, slope: (1 / ((1 + slope**2) * inputs)) ** 0.5,
        "Both halves together keep (1 + slope²)/2 of the mean square: the 2 is "
        "missing.",
    ),
    Mistake(
        lambda inputs, slope: ((1 + slope**2) / (2 * inputs)) ** 0.5,
        "Upside down: what the activation takes away, the weights have to give.",
    ),
    Mistake(
        lambda inputs, slope: (2 * (1 + slope**2) / inputs) ** 0.5,
        "A leaky relu takes away less than a relu, so its weights are smaller: divide "
        "by 1 + slope².",
    ),
    Mistake(
        lambda inputs, slope: (2 / ((1 - slope**2) * inputs)) ** 0.5,
        "The two halves add up: 1 + slope², not 1 - slope².",
    ),
    Mistake(
        lambda inputs, slope: (2 / (1 + slope**2)) ** 0.5,
        "That is the gain. It is still to be divided by the root of the number of "
        "inputs, over which a sum goes.",
    ),
    Mistake(
        lambda inputs, slope: (2 / (1 + slope**2)) ** 0.5 / inputs,
        "The sum goes over independent numbers: mean squares add up, so it is the root "
        "of the number of inputs that divides.",
    ),
    Mistake(
        lambda inputs, slope: (6 / ((1 + slope**2) * inputs)) ** 0.5,
        "That is the bound of an even draw, whose standard deviation is the bound "
        "divided by √3. Asked is for the standard deviation.",
    ),
)

EXERCISE = Exercise(
    number="8.3",
    title="A leaky relu",
    solution=weight_std,
    cases=lambda: [(64, 0.25), (128, 0.5), (50, 0.0), (9, 2.0), (100, 1.0)],
    tolerance=1e-5,
    mistakes=WRONG_SPREADS,
    compared_with="Kaiming's draw in torch.nn.init, at five layers",
)
