"""Exercise 9.4: lower the rate when the loss no longer falls."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def plateau(losses, lr, factor, patience, cooldown):
    """The rate after each loss."""
    best, bad, resting, rates = float("inf"), 0, 0, []
    for loss in losses:
        if loss < best:
            best, bad = loss, 0
        else:
            bad += 1
        if resting > 0:
            resting, bad = resting - 1, 0
        if bad > patience:
            lr, bad, resting = lr * factor, 0, cooldown
        rates.append(lr)
    return rates


def variant(
    is_bad=lambda loss, best, last: not loss < best,
    full=lambda bad, patience: bad > patience,
    in_a_row=True,
    rests=True,
    frozen=False,
    restarts=True,
    change=lambda lr, factor: lr * factor,
    best_again=False,
    late=False,
):
    """The rule with one of its parts changed."""

    def plateau(losses, lr, factor, patience, cooldown):
        best, last, bad, resting, rates = float("inf"), float("inf"), 0, 0, []
        for loss in losses:
            before, resting_now = lr, resting > 0
            if is_bad(loss, best, last):
                bad += 1
            elif in_a_row:
                bad = 0
            if not (frozen and resting_now):
                best = min(best, loss)
            last = loss
            if rests and resting_now:
                resting, bad = resting - 1, 0
            if full(bad, patience):
                lr, resting = change(lr, factor), cooldown
                bad = 0 if restarts else bad
                best = float("inf") if best_again else best
            rates.append(before if late else lr)
        return rates

    return plateau


FAULTS = (
    (
        {"full": lambda bad, patience: bad >= patience},
        "You lower the rate one bad epoch too early. `patience` of them pass; the next "
        "one lowers it.",
    ),
    (
        {"full": lambda bad, patience: bad > patience + 1},
        "You wait one bad epoch too long. After `patience` of them the next one lowers "
        "the rate.",
    ),
    (
        {"is_bad": lambda loss, best, last: not loss < last},
        "You compare each loss with the one before. A plateau is seen from the best "
        "loss so far.",
    ),
    (
        {"is_bad": lambda loss, best, last: loss > best},
        "A loss that is equal to the best is no improvement: it is a bad epoch.",
    ),
    (
        {"is_bad": lambda loss, best, last: loss < best},
        "You count the epochs that improve. Bad are the others.",
    ),
    (
        {"in_a_row": False},
        "Bad epochs count in a row: an improvement sets the count back to 0.",
    ),
    (
        {"rests": False},
        "The cooldown is missing: after a fall, that many epochs don't count as bad.",
    ),
    (
        {"frozen": True},
        "In the cooldown you don't look at the loss at all. A new best one counts, "
        "also then; only bad epochs don't.",
    ),
    (
        {"restarts": False},
        "After a fall the count of bad epochs begins again at 0. Yours goes on, so the "
        "next bad epoch lowers the rate again.",
    ),
    (
        {"change": lambda lr, factor: lr / factor},
        "Your rate rises: multiply by the factor.",
    ),
    (
        {"change": lambda lr, factor: lr - factor},
        "You subtract the factor. Multiply by it.",
    ),
    (
        {"best_again": True},
        "After a fall you forget the best loss. It stays: only what is better than "
        "every loss so far is an improvement.",
    ),
    (
        {"late": True},
        "Your rates are those before each loss was looked at. Asked for is the rate "
        "after it.",
    ),
)


def _once(losses, lr, factor, patience, cooldown):
    rates = plateau(losses, lr, factor, patience, cooldown)
    return [max(rate, lr * factor) for rate in rates]


def _from_the_first(losses, lr, factor, patience, cooldown):
    build = variant(is_bad=lambda loss, best, last: not loss < losses[0])
    return build(losses, lr, factor, patience, cooldown)


def _last_only(losses, lr, factor, patience, cooldown):
    return plateau(losses, lr, factor, patience, cooldown)[-1]


EXERCISE = Exercise(
    number="9.4",
    title="A plateau",
    solution=plateau,
    cases=lambda: [
        ([3.0, 2.0, 2.5, 2.0, 1.0, 1.5, 1.2, 1.1, 1.3, 1.0, 1.4], 1.0, 0.5, 1, 0),
        ([3.0, 3.5, 3.2, 3.1, 2.5, 2.7, 2.6, 2.9, 2.8, 2.7, 2.7], 0.4, 0.1, 1, 2),
        ([1.0, 1.0, 0.9, 0.9, 0.8, 1.2, 1.1, 1.0, 0.9, 0.85, 0.84], 0.2, 0.5, 2, 1),
        ([2.0, 2.1, 1.5, 1.8, 1.7, 1.6, 1.9], 1.0, 0.25, 0, 1),
        ([5.0, 4.0, 4.5, 4.2, 3.0, 3.5, 3.2, 2.0], 1.0, 0.5, 1, 3),
        ([5.0, 6.0, 7.0, 4.0, 4.5, 4.4, 4.3, 4.2, 4.1], 1.0, 0.5, 1, 2),
    ],
    mistakes=(
        *faulty(variant, FAULTS),
        Mistake(
            _once,
            "The rate falls once and never again. Each plateau lowers it: multiply the "
            "present rate, not the first one.",
        ),
        Mistake(
            _from_the_first,
            "You compare each loss with the first. A plateau is seen from the best "
            "loss so far: keep the lowest.",
        ),
        Mistake(
            _last_only, "You return the last rate. Asked for is a list, one a loss."
        ),
    ),
    build=variant,
    faults=FAULTS,
    compared_with="ReduceLROnPlateau with threshold=0, for six rows of losses",
)
