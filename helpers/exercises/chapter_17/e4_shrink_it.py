"""Exercise 17.4: the smallest case that still fails, one size at a time."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def shrink(sizes, fails):
    """Sizes that still fail, and do no longer if one of them is lowered by one."""
    lowered = True
    while lowered:
        lowered = False
        for k in range(len(sizes)):
            smaller = list(sizes)
            smaller[k] -= 1
            if smaller[k] >= 1 and fails(tuple(smaller)):
                sizes = tuple(smaller)
                lowered = True
    return sizes


def build(
    rounds=10**6, lower=lambda size: size - 1, places=range, least=1, keeps=lambda f: f
):
    """The solution with some of its parts exchanged."""

    def shrink(sizes, fails):
        for _ in range(rounds):
            before = sizes
            for k in places(len(sizes)):
                smaller = list(sizes)
                smaller[k] = lower(sizes[k])
                possible = least <= smaller[k] < sizes[k]
                if possible and keeps(fails(tuple(smaller))):
                    sizes = tuple(smaller)
            if sizes == before:
                break
        return sizes

    return shrink


def _one_after_the_other(sizes, fails):
    for k in range(len(sizes)):
        while sizes[k] > 1:
            smaller = (*sizes[:k], sizes[k] - 1, *sizes[k + 1 :])
            if not fails(smaller):
                break
            sizes = smaller
    return sizes


def _one_too_far(sizes, fails):
    smallest = list(shrink(sizes, fails))
    for k, size in enumerate(smallest):
        if size > 1:
            smallest[k] -= 1
            break
    return tuple(smallest)


def _all_together(sizes, fails):
    while min(sizes) > 1 and fails(tuple(size - 1 for size in sizes)):
        sizes = tuple(size - 1 for size in sizes)
    return sizes


def _as_given(sizes, fails):
    return sizes


def _all_ones(sizes, fails):
    return (1,) * len(sizes)


FAULTS = (
    (
        {"rounds": 1},
        "You go round once, and lower each size by one at most. Go round until nothing "
        "changes.",
    ),
    (
        {"lower": lambda size: size // 2},
        "You halve, and stop where half does not fail. Between half and whole there "
        "may be a smaller one that does: end with steps of one.",
    ),
    (
        {"places": lambda count: range(1)},
        "You lower the first size only.",
    ),
    (
        {"places": lambda count: range(count - 1)},
        "You never lower the last size.",
    ),
    (
        {"places": lambda count: range(1, count)},
        "You never lower the first size.",
    ),
    (
        {"least": 2},
        "You stop at 2. A size of 1 is allowed, and often the most telling one.",
    ),
    (
        {"least": 0},
        "A size of yours goes to 0: a tensor without numbers is another case.",
    ),
    (
        {"keeps": lambda fault: not fault},
        "You turned the answer of fails around: keep a smaller case if the fault still "
        "shows.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _one_after_the_other,
        "You finish one size before the next. A size that could not be lowered may be "
        "when a later one has been: go round again.",
    ),
    Mistake(
        _one_too_far,
        "You return the first sizes that no longer fail; asked for are the last that "
        "do.",
    ),
    Mistake(
        _all_together,
        "You lower all sizes together, and stop when that fails no longer. Each can be "
        "lowered by itself.",
    ),
    Mistake(_as_given, "You return the sizes as they came; they can be lowered."),
    Mistake(
        _all_ones,
        "You return ones, and never ask whether the fault still shows.",
    ),
)

PREDICATES = {
    "a second row and a second column": lambda s: s[0] >= 2 and s[1] >= 2,
    "as many rows as columns": lambda s: s[0] >= s[1] >= 3,
    "more than 16 numbers": lambda s: s[0] * s[1] > 16,
    "more than 7 columns": lambda s: s[-1] > 7,
    "a third layer": lambda s: s[2] >= 3 and s[0] >= s[1],
    "no size at all": lambda s: True,
}


def _shrunk(answer, sizes, name):
    """What is left, whether it fails, and which sizes could still be lowered."""
    fault = PREDICATES[name]

    def fails(asked):
        return fault(tuple(asked))

    found = answer(sizes, fails)
    if not isinstance(found, tuple | list) or len(found) != len(sizes):
        return found
    found = tuple(found)
    if not all(isinstance(size, int) and size >= 1 for size in found):
        return {"a size is below 1": True, "found": found}
    facts = {"still fails": fault(found), "all are 1": max(found) == 1}
    return facts | {"can be lowered": _lowerable(found, fault)}


def _lowerable(sizes, fault):
    """The places at which one less would still fail."""
    places = []
    for k, size in enumerate(sizes):
        smaller = (*sizes[:k], size - 1, *sizes[k + 1 :])
        if size > 1 and fault(smaller):
            places.append(k)
    return places


EXERCISE = Exercise(
    number="17.4",
    title="Shrink it",
    solution=shrink,
    cases=lambda: [
        ((5, 9), "a second row and a second column"),
        ((8, 8), "as many rows as columns"),
        ((9, 5), "more than 16 numbers"),
        ((3, 30), "more than 7 columns"),
        ((6, 6, 6), "a third layer"),
        ((4, 2), "no size at all"),
    ],
    probe=_shrunk,
    mistakes=MISTAKES,
    compared_with="six faults, each shrunk as far as it goes",
    build=build,
    faults=FAULTS,
)
