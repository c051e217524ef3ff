"""Exercise 14.4: a flat tensor in two regions, with decay and without."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def layout(sizes, decays):
    """Where each parameter lies, and where the region without decay begins."""
    places, start, border = [None] * len(sizes), 0, 0
    for wanted in (True, False):
        for number, size in enumerate(sizes):
            if decays[number] == wanted:
                places[number] = (start, start + size)
                start += size
        if wanted:
            border = start
    return places, border


def _in_two_regions(sizes, decays):
    """The numbers of the parameters in the order in which they lie."""
    numbers = range(len(sizes))
    return [n for n in numbers if decays[n]] + [n for n in numbers if not decays[n]]


def _size_with_decay(sizes, decays, order):
    return sum(size for size, decay in zip(sizes, decays, strict=True) if decay)


def build(
    order=_in_two_regions,
    pair=lambda start, size: (start, start + size),
    first=0,
    listed=lambda places, order: [places[n] for n in range(len(order))],
    border=_size_with_decay,
):
    """The solution with some of its parts exchanged."""

    def layout(sizes, decays):
        places, start, numbers = {}, first, order(sizes, decays)
        for number in numbers:
            places[number] = pair(start, sizes[number])
            start += sizes[number]
        return listed(places, numbers), border(sizes, decays, numbers)

    return layout


def _given_order(sizes, decays):
    return list(range(len(sizes)))


def _others_first(sizes, decays):
    return _in_two_regions(sizes, [not decay for decay in decays])


def _backwards(sizes, decays):
    numbers = range(len(sizes) - 1, -1, -1)
    return [n for n in numbers if decays[n]] + [n for n in numbers if not decays[n]]


def _restarting(sizes, decays):
    """Each region counted from 0."""
    starts, places = {True: 0, False: 0}, []
    for size, decay in zip(sizes, decays, strict=True):
        places.append((starts[decay], starts[decay] + size))
        starts[decay] += size
    return places, starts[True]


FAULTS = (
    (
        {"order": _given_order},
        "You place them in the given order: those with decay are no single slice.",
    ),
    (
        {"order": _others_first},
        "You place those without decay first; the text wants them last.",
    ),
    (
        {"order": _backwards},
        "Within a region yours stand backwards; keep the given order.",
    ),
    (
        {"pair": lambda start, size: (start, size)},
        "Your pairs are start and size; asked for are start and stop.",
    ),
    (
        {"pair": lambda start, size: (start, start + size - 1)},
        "Your stop is the last place itself. A slice ends before its stop.",
    ),
    (
        {"pair": lambda start, size: start},
        "You return where each starts. Where does it stop?",
    ),
    ({"first": 1}, "You count places from 1; a slice counts from 0."),
    (
        {"listed": lambda places, order: [places[n] for n in order]},
        "Your pairs stand in the order of the flat tensor. Return them in the order in "
        "which the parameters were given.",
    ),
    (
        {"border": lambda sizes, decays, order: sum(decays)},
        "Your border counts parameters with decay; it is to count their numbers.",
    ),
    (
        {"border": lambda sizes, decays, order: sum(sizes)},
        "Your border is the end of the flat tensor, not of the region with decay.",
    ),
    (
        {
            "border": lambda sizes, decays, order: (
                sum(sizes) - _size_with_decay(sizes, decays, order)
            )
        },
        "Your border is the size of the region without decay; asked for is where it "
        "begins.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _restarting,
        "You count each region from 0. There is one flat tensor: the second region "
        "goes on where the first ends.",
    ),
    Mistake(
        lambda sizes, decays: build()(sizes, decays)[0],
        "The pairs are right; the border is missing.",
    ),
)


def _plain(answer, sizes, decays):
    """Places and border, with lists and tuples alike."""
    found = answer(list(sizes), list(decays))
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        return found
    places, border = found
    if isinstance(places, (tuple, list)):
        places = [tuple(p) if isinstance(p, (tuple, list)) else p for p in places]
    return {"places": places, "border": border}


EXERCISE = Exercise(
    number="14.4",
    title="A layout",
    solution=layout,
    cases=lambda: [
        ((6, 2, 12, 4), (True, False, True, False)),
        ((3, 5, 2), (False, True, True)),
        ((4, 1), (False, False)),
        ((2, 7), (True, True)),
    ],
    probe=_plain,
    mistakes=MISTAKES,
    compared_with="the flat tensors of four models",
    build=build,
    faults=FAULTS,
)
