"""Exercise 9.3: the factor that multiplies a rate along a given height."""

from helpers.exercises.exercise import Exercise, Mistake


def factor(epoch, total, power):
    """What the rate of the epoch before is multiplied by."""
    if epoch > total:
        return 0.0
    return ((total - epoch) / (total - epoch + 1)) ** power


def _rates(answer, total, power):
    """The rates that a MultiplicativeLR makes of it, from 1, two epochs too long."""
    rates = [1.0]
    for epoch in range(1, total + 3):
        rates.append(rates[-1] * answer(epoch, total, power))
    return rates


def _height(epoch, total, power):
    return (1 - min(epoch, total) / total) ** power


def _upside_down(epoch, total, power):
    if epoch >= total:
        return 0.0
    return ((total - epoch + 1) / (total - epoch)) ** power


def _late(epoch, total, power):
    if epoch > total:
        return 0.0
    return ((total - epoch + 1) / (total - epoch + 2)) ** power


def _early(epoch, total, power):
    if epoch >= total:
        return 0.0
    return ((total - epoch - 1) / (total - epoch)) ** power


def _no_power(epoch, total, power):
    return factor(epoch, total, 1)


def _times_power(epoch, total, power):
    return power * factor(epoch, total, 1)


def _difference(epoch, total, power):
    return _height(epoch, total, power) - _height(epoch - 1, total, power)


def _constant(epoch, total, power):
    return (1 - 1 / total) ** power


def _unguarded(epoch, total, power):
    now, before = 1 - epoch / total, 1 - (epoch - 1) / total
    return (now / before) ** power


def _above_zero(epoch, total, power):
    return factor(epoch, total, power) if epoch < total else 1.0


EXERCISE = Exercise(
    number="9.3",
    title="From height to factor",
    solution=factor,
    cases=lambda: [(5, 1.0), (10, 2.0), (4, 3.0), (10, 0.5)],
    probe=_rates,
    mistakes=(
        Mistake(
            _height,
            "That is the height itself, which `LambdaLR` wants. Multiplied step after "
            "step the heights pile up. The factor is this height divided by the one "
            "before.",
        ),
        Mistake(
            _upside_down,
            "Your ratio is upside down: the rate grows. Today's height stands above, "
            "the one before below.",
        ),
        Mistake(
            _late,
            "You are one epoch late: with epoch 1 the rate leaves its first height.",
        ),
        Mistake(
            _early,
            "You are one epoch ahead: your rate is 0 at epoch total - 1. Divide the "
            "height of `epoch` by that of epoch - 1.",
        ),
        Mistake(_no_power, "The power is missing: the ratio has it too."),
        Mistake(
            _times_power,
            "You multiply by the power. It is an exponent, of the ratio as a whole.",
        ),
        Mistake(
            _difference,
            "That is how much the height changes. A factor is a ratio: divide, don't "
            "subtract.",
        ),
        Mistake(
            _constant,
            "The same factor at each epoch makes an exponential decay. Here each epoch "
            "has its own.",
        ),
        Mistake(
            _unguarded,
            "Up to `total` it is right. One epoch later you divide by a height of 0. "
            "The rate is 0 then and stays: return any number.",
        ),
        Mistake(
            _above_zero,
            "At epoch total the height is 0, so the factor is 0. Yours leaves the rate "
            "where it was.",
        ),
    ),
    compared_with="the height of a PolynomialLR, for four of them",
)
