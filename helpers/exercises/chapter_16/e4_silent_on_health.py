"""Exercise 16.4: steps that read a sum, with several optimizers."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def reads_a_sum(events):
    """The lines of the steps that read something new on top of what was used."""
    return build()(events)


def build(
    names=lambda owners: set(owners),
    needs_new=True,
    clears_new=True,
    step_uses_new_only=True,
    step_clears=lambda owner: (),
    tells_once=False,
):
    """The solution with some of its parts exchanged."""

    def reads_a_sum(events):
        lines, used, new = [], set(), set()
        for kind, owners, line in events:
            owners = names(owners)
            if kind == "backward":
                new |= owners
            elif kind == "zero_grad":
                used -= owners
                new -= owners if clears_new else set()
            elif kind == "step":
                if used & owners and (new & owners or not needs_new):
                    lines.append(line)
                used |= owners & new if step_uses_new_only else owners
                new -= owners
                used -= set(step_clears(owners))
        return sorted(set(lines)) if tells_once else lines

    return reads_a_sum


def _any_backward_twice(events):
    """Two backward without a clearing between them."""
    lines, count = [], {}
    for kind, owners, line in events:
        for owner in owners:
            if kind == "backward":
                count[owner] = count.get(owner, 0) + 1
            elif kind == "zero_grad":
                count[owner] = 0
            elif count.get(owner, 0) > 1:
                lines.append(line)
    return lines


FAULTS = (
    (
        {"names": lambda owners: {"any"}},
        "You keep one memory for all optimizers: a step of one is no step of the "
        "other, and a clearing of one leaves the other's gradients.",
    ),
    (
        {"needs_new": False},
        "A step that finds only what was used before, with no backward since, reads no "
        "sum: it makes the same step once more.",
    ),
    (
        {"clears_new": False},
        "zero_grad clears what is new too, before any step has used it.",
    ),
    (
        {"step_uses_new_only": False},
        "A step that found no gradient has used none: what comes after it is new, and "
        "no sum.",
    ),
    (
        {"step_clears": lambda owner: owner},
        "You take a step for a clearing. It leaves .grad as it is.",
    ),
    ({"tells_once": True}, "Each line comes once. Give one for each such step."),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _any_backward_twice,
        "You count backward since the clearing. Several before one step are an "
        "accumulation, and no fault: what counts is that a step stood in between.",
    ),
)

G, D, BOTH = ("G",), ("D",), ("G", "D")
HEALTHY_PAIR = [
    ("zero_grad", D, 1),
    ("backward", D, 2),
    ("step", D, 3),
    ("zero_grad", G, 4),
    ("backward", BOTH, 5),
    ("step", G, 6),
]
LEFT_OVER = [
    ("backward", D, 2),
    ("step", D, 3),
    ("zero_grad", G, 4),
    ("backward", BOTH, 5),
    ("step", G, 6),
]
NEVER = [("backward", G, 2), ("step", G, 3)]
ACCUMULATED = [
    ("backward", G, 2),
    ("backward", G, 2),
    ("step", G, 3),
    ("zero_grad", G, 4),
]
REPEATED = [("zero_grad", G, 1), ("backward", G, 2), ("step", G, 3), ("step", G, 4)]
EMPTY_FIRST = [("step", G, 1), ("backward", G, 2), ("step", G, 3), ("zero_grad", G, 4)]
BY_THE_MODEL = [("zero_grad", BOTH, 1), ("backward", BOTH, 2), ("step", G, 3)]
BY_THE_MODEL += [("step", D, 4)]
DROPPED = [("backward", G, 2), ("step", G, 3), ("backward", G, 4)]
DROPPED += [("zero_grad", G, 5), ("step", G, 6)]

EXERCISE = Exercise(
    number="16.4",
    title="Silent on health",
    solution=reads_a_sum,
    cases=lambda: [
        (list(case),)
        for case in (
            NEVER * 3,
            HEALTHY_PAIR * 3,
            LEFT_OVER * 3,
            ACCUMULATED * 2,
            REPEATED * 2,
            EMPTY_FIRST * 2,
            BY_THE_MODEL * 2,
            DROPPED * 2,
            [("backward", G, 1), ("zero_grad", G, 2), *NEVER * 2],
            [
                ("backward", G, 1),
                ("step", G, 2),
                ("backward", G, 3),
                ("step", D, 4),
                ("zero_grad", D, 5),
                ("step", G, 6),
            ],
        )
    ],  # fmt: skip
    mistakes=MISTAKES,
    compared_with="ten logs, six of them of healthy loops",
    build=build,
    faults=FAULTS,
)
