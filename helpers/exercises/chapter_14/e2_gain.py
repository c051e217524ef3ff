"""Exercise 14.2: how many times as fast one kernel makes a step."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def gain(tensors, numbers, calls, moved, least, price, bandwidth):
    """The time of all calls and bytes, over that of one call and fewer bytes."""
    before = tensors * calls * price + numbers * moved / bandwidth
    after = price + numbers * least / bandwidth
    return before / after


def build(
    calls_before=lambda tensors, calls: tensors * calls,
    calls_after=lambda tensors, calls: 1,
    numbers_of=lambda tensors, numbers: numbers,
    least_of=lambda moved, least: least,
    travel=lambda amount, bandwidth: amount / bandwidth,
    compare=lambda before, after: before / after,
):
    """The solution with some of its parts exchanged."""

    def gain(tensors, numbers, calls, moved, least, price, bandwidth):
        numbers = numbers_of(tensors, numbers)
        before = calls_before(tensors, calls) * price
        before += travel(numbers * moved, bandwidth)
        after = calls_after(tensors, calls) * price
        after += travel(numbers * least_of(moved, least), bandwidth)
        return compare(before, after)

    return gain


FAULTS = (
    (
        {"calls_before": lambda tensors, calls: calls},
        "Before, you make `calls` calls in all. They are made for each tensor.",
    ),
    (
        {"calls_before": lambda tensors, calls: tensors},
        "Before, you make one call a tensor; it takes `calls`.",
    ),
    (
        {"calls_before": lambda tensors, calls: 0},
        "You leave out the price of the calls before.",
    ),
    (
        {"calls_after": lambda tensors, calls: tensors},
        "After, you make one call a tensor. The text says one in all.",
    ),
    (
        {"calls_after": lambda tensors, calls: calls},
        "After, you make `calls` calls. One kernel is one call.",
    ),
    (
        {"calls_after": lambda tensors, calls: 0},
        "You leave out the price of the one call that is left.",
    ),
    (
        {"calls_after": lambda tensors, calls: tensors * calls},
        "You save bytes and no calls: after there is one call in all.",
    ),
    (
        {"numbers_of": lambda tensors, numbers: tensors * numbers},
        "`numbers` counts all numbers already: don't multiply by `tensors`.",
    ),
    (
        {"numbers_of": lambda tensors, numbers: numbers / tensors},
        "You move the bytes of one tensor. `numbers` counts those of all.",
    ),
    (
        {"least_of": lambda moved, least: moved},
        "You save calls and no bytes: after, each number costs `least`.",
    ),
    (
        {"least_of": lambda moved, least: moved - least},
        "`least` is what is still moved, not what is saved.",
    ),
    (
        {"travel": lambda amount, bandwidth: amount * bandwidth},
        "You multiply by the bandwidth. More bytes a second take less time: divide.",
    ),
    (
        {"travel": lambda amount, bandwidth: 0.0},
        "You leave out the bytes.",
    ),
    (
        {"compare": lambda before, after: after / before},
        "Your quotient is upside down: before over after.",
    ),
    (
        {"compare": lambda before, after: before - after},
        "That is how many seconds are saved. Asked for is how many times as fast.",
    ),
    (
        {"compare": lambda before, after: before / after - 1},
        "That is by how much it is faster. As fast as before is 1, not 0.",
    ),
    (
        {"compare": lambda before, after: 100 * before / after},
        "That is in per cent. Return the quotient itself.",
    ),
)


def _larger_of_both(tensors, numbers, calls, moved, least, price, bandwidth):
    before = max(tensors * calls * price, numbers * moved / bandwidth)
    return before / max(price, numbers * least / bandwidth)


MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _larger_of_both,
        "You take the larger of the two terms, as a roofline does; section 2 adds "
        "them.",
    ),
)

EXERCISE = Exercise(
    number="14.2",
    title="When is fusing worth it?",
    solution=gain,
    cases=lambda: [
        (100, 10_000, 3, 32, 20, 2e-6, 1e10),
        (1, 4_000_000, 3, 32, 20, 2e-6, 1e10),
        (62, 11_700_000, 5, 56, 28, 5e-6, 3e12),
        (7, 700, 4, 44, 28, 1e-6, 5e9),
    ],
    mistakes=MISTAKES,
    compared_with="the formula on four machines and models",
    build=build,
    faults=FAULTS,
)
