"""Exercise 15.2: how the micro-batches of all ranks weigh, by their tokens."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def token_weights(counts):
    """The weight of each micro-batch's mean loss, in lists of the same shape."""
    total = sum(sum(rank) for rank in counts)
    if total == 0:
        return [[0.0 for _ in rank] for rank in counts]
    return [[count * len(counts) / total for count in rank] for rank in counts]


def _all(counts):
    return sum(sum(rank) for rank in counts)


def build(
    ranks=len,
    total=lambda counts, rank: _all(counts),
    of_nothing=0.0,
    by=lambda weight, rank: weight,
):
    """The solution with some of its parts exchanged."""

    def token_weights(counts):
        if _all(counts) == 0:
            return [[of_nothing for _ in rank] for rank in counts]
        return [
            [
                by(count * ranks(counts) / (total(counts, rank) or 1), rank)
                for count in rank
            ]
            for rank in counts
        ]

    return token_weights


FAULTS = (
    (
        {"ranks": lambda counts: 1},
        "You give each micro-batch its share of the tokens. The average over ranks "
        "divides once more: multiply by the number of ranks.",
    ),
    (
        {"ranks": lambda counts: sum(len(rank) for rank in counts)},
        "You multiply by the number of micro-batches. They are added up on each rank; "
        "only ranks are averaged.",
    ),
    (
        {"ranks": lambda counts: max(len(rank) for rank in counts)},
        "You multiply by the micro-batches of a rank. What divides is the number of "
        "ranks.",
    ),
    (
        {"ranks": lambda counts: sum(bool(rank) for rank in counts)},
        "You leave ranks without a micro-batch out of the count. They take part in the "
        "average, with a gradient of 0.",
    ),
    (
        {"ranks": lambda counts: sum(sum(rank) > 0 for rank in counts)},
        "You leave ranks without a token out of the count. They take part in the "
        "average, with a gradient of 0.",
    ),
    (
        {"total": lambda counts, rank: len(counts) * sum(rank)},
        "Your weights know the tokens of their own rank only. A rank with few tokens "
        "then counts as much as one with many.",
    ),
    (
        {"total": lambda counts, rank: max(sum(each) for each in counts)},
        "You divide by the tokens of the largest rank, not by those of all.",
    ),
    (
        {"by": lambda weight, rank: weight / len(rank)},
        "You divide by the micro-batches of the rank as well. The weights count their "
        "tokens already, so the sum is right as it is.",
    ),
    (
        {"of_nothing": 1.0},
        "Without a token anywhere the weights are 0.",
    ),
)


def _flat(counts):
    return [weight for rank in token_weights(counts) for weight in rank]


def _one_a_rank(counts):
    return [sum(rank) for rank in token_weights(counts)]


MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(_flat, "The weights are right, in one list. Give a list for each rank."),
    Mistake(
        _one_a_rank,
        "You give one weight for a rank. Each micro-batch has its own mean loss, and "
        "needs its own weight.",
    ),
    Mistake(
        lambda counts: [[1.0 for _ in rank] for rank in counts],
        "All your weights are 1: then each micro-batch counts alike, however many "
        "tokens it has, and a sum over them is not a mean.",
    ),
)

EXERCISE = Exercise(
    number="15.2",
    title="Tokens of micro-batches",
    solution=token_weights,
    cases=lambda: [
        ([[3], [1]],),
        ([[6, 2], [5, 7], [1, 3]],),
        ([[4, 4, 1], [3], []],),
        ([[5, 0], [0, 0]],),
        ([[2, 6], [8]],),
        ([[0], [0, 0]],),
    ],
    mistakes=MISTAKES,
    compared_with="the gradient of all tokens on six counts",
    build=build,
    faults=FAULTS,
)
