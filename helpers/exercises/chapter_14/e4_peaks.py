"""Exercise 14.4: the most memory that a step holds, in three ways."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def peaks(saved, grads):
    """The most bytes of saved values and gradients at any moment."""
    none, inside = sum(saved), sum(saved)
    for k in range(len(saved)):
        still_saved = sum(saved[: k + 1])
        none = max(none, still_saved + sum(grads[k:]))
        inside = max(inside, still_saved + grads[k])
    return {"zeros": sum(saved) + sum(grads), "none": none, "inside": inside}


def _all(saved, grads):
    return sum(saved) + sum(grads)


def build(
    zeros=_all,
    still_saved=lambda saved, k: sum(saved[: k + 1]),
    arrived=lambda grads, k: sum(grads[k:]),
    own=lambda grads, k: grads[k],
    forward=sum,
):
    """The solution with some of its parts exchanged."""

    def peaks(saved, grads):
        layers = range(len(saved))
        before = forward(saved)
        kept = [still_saved(saved, k) for k in layers]
        none = max([before, *(kept[k] + arrived(grads, k) for k in layers)])
        inside = max([before, *(kept[k] + own(grads, k) for k in layers)])
        return {"zeros": zeros(saved, grads), "none": none, "inside": inside}

    return peaks


FAULTS = (
    (
        {"zeros": lambda saved, grads: max(sum(saved), sum(grads))},
        "zeros: the gradients are there during forward too: the two add up.",
    ),
    (
        {"zeros": lambda saved, grads: sum(grads)},
        "zeros: what forward saves is missing.",
    ),
    (
        {"zeros": lambda saved, grads: sum(saved)},
        "zeros: the gradients are always there, filled with zeros or not.",
    ),
    (
        {"still_saved": lambda saved, k: sum(saved[:k])},
        "A layer gives its saved bytes back only when its gradient is made: both are "
        "there for a moment.",
    ),
    (
        {"still_saved": lambda saved, k: sum(saved[k:])},
        "You keep the saved bytes of the layers that backward has left. It comes from "
        "the last layer: those of the layers before are still there.",
    ),
    (
        {"still_saved": lambda saved, k: sum(saved)},
        "You keep all saved bytes until backward has ended, or add the largest "
        "of each. "
        "Each layer gives its own back: go through backward layer by layer.",
    ),
    (
        {"still_saved": lambda saved, k: saved[k]},
        "You count the saved bytes of one layer only. Those of the layers before it "
        "are there as well.",
    ),
    (
        {"arrived": lambda grads, k: sum(grads[: k + 1])},
        "none: backward begins at the last layer, where one gradient has arrived; at "
        "layer k those from k to the end have.",
    ),
    (
        {"arrived": lambda grads, k: sum(grads[k + 1 :])},
        "none: at layer k its own gradient is there too.",
    ),
    (
        {"own": lambda grads, k: sum(grads[k:])},
        "inside: each gradient is freed before the next is made; only one is there.",
    ),
    (
        {"own": lambda grads, k: 0},
        "inside: one gradient is there, for a moment. You count none.",
    ),
    (
        {"own": lambda grads, k: max(grads)},
        "inside: you take the largest gradient at every layer. At layer k it is "
        "grads[k].",
    ),
    (
        {"forward": lambda saved: 0, "still_saved": lambda saved, k: sum(saved[:k])},
        "You leave out the end of forward, when all is saved, and a layer's own saved "
        "bytes while its gradient is made.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        lambda saved, grads: {
            "zeros": _all(saved, grads),
            "none": max(sum(saved), sum(grads)),
            "inside": max(sum(saved), max(grads)),
        },
        "You count either saved bytes or gradients. In the midst of backward there are "
        "some of both.",
    ),
)

EXERCISE = Exercise(
    number="14.4",
    title="The peak",
    solution=peaks,
    cases=lambda: [
        ([10, 10, 10], [4, 4, 4]),
        ([100, 20, 5], [3, 40, 60]),
        ([5, 20, 100], [60, 40, 3]),
        ([1, 1, 1, 1], [10, 30, 20, 10]),
        ([7], [9]),
    ],
    mistakes=MISTAKES,
    compared_with="a walk through five networks",
    build=build,
    faults=FAULTS,
)
