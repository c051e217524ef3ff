"""Exercise 17.3: whether sizes and strides fill a stretch of memory exactly."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def fills(sizes, strides):
    """True if no place is left out and none is used twice, in whatever order."""
    filled = 1
    for stride, size in sorted(zip(strides, sizes, strict=True)):
        if size == 1:
            continue
        if stride != filled:
            return False
        filled *= size
    return True


def build(
    ordered=sorted,
    skips_ones=True,
    fits=lambda stride, filled: stride == filled,
    grow=lambda filled, size: filled * size,
):
    """The solution with some of its parts exchanged."""

    def fills(sizes, strides):
        filled = 1
        for stride, size in ordered(list(zip(strides, sizes, strict=True))):
            if size == 1 and skips_ones:
                continue
            if not fits(stride, filled):
                return False
            filled = grow(filled, size)
        return True

    return fills


def _count(sizes):
    count = 1
    for size in sizes:
        count *= size
    return count


def _last_place(sizes, strides):
    return sum((n - 1) * stride for n, stride in zip(sizes, strides, strict=True))


def _span_alone(sizes, strides):
    return _last_place(sizes, strides) + 1 == _count(sizes)


def _places(sizes, strides):
    places = [0]
    for size, stride in zip(sizes, strides, strict=True):
        places = [place + k * stride for place in places for k in range(size)]
    return places


def _no_place_twice(sizes, strides):
    return len(set(_places(sizes, strides))) == _count(sizes)


def _no_gap(sizes, strides):
    return set(_places(sizes, strides)) == set(range(_last_place(sizes, strides) + 1))


def _innermost_is_one(sizes, strides):
    wide = [d for n, d in zip(sizes, strides, strict=True) if n > 1]
    return not wide or min(wide) == 1


FAULTS = (
    (
        {"ordered": lambda pairs: pairs[::-1]},
        "You go from the last dimension to the first: that is is_contiguous(). A "
        "transposed matrix fills its memory too, in another order.",
    ),
    (
        {"ordered": lambda pairs: pairs},
        "You go from the first dimension to the last: only tensors stored column by "
        "column pass. Sort by stride.",
    ),
    (
        {"ordered": lambda pairs: sorted(pairs, reverse=True)},
        "You sort by stride, and start with the largest. The innermost dimension has "
        "the smallest, and that must be 1.",
    ),
    (
        {"skips_ones": False},
        "You look at the stride of a dimension of size 1. Nobody ever walks along it, "
        "so it may be anything.",
    ),
    (
        {"fits": lambda stride, filled: stride >= filled},
        "You allow gaps: a stride that is larger than what lies inside leaves places "
        "out.",
    ),
    (
        {"fits": lambda stride, filled: stride <= filled},
        "You allow places that are used twice: a stride that is smaller than what lies "
        "inside comes back to it.",
    ),
    (
        {"grow": lambda filled, size: size},
        "You expect the size of the last dimension alone. All dimensions inside "
        "count: multiply.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _span_alone,
        "You compare where the last number lies with how many there are. A place used "
        "twice can make up for a gap.",
    ),
    Mistake(
        _no_place_twice,
        "You ask whether a place is used twice, and not whether one is left out.",
    ),
    Mistake(
        _no_gap,
        "You ask whether a place is left out, and not whether one is used twice.",
    ),
    Mistake(
        _innermost_is_one,
        "You ask whether neighbours lie side by side in the innermost dimension. The "
        "outer ones may have gaps.",
    ),
)


def _cases():
    return [
        ((2, 4), (4, 1)),  # a whole matrix
        ((4, 2), (1, 4)),  # transposed
        ((2, 3, 4), (4, 8, 1)),  # two dimensions exchanged
        ((2, 2), (4, 1)),  # left columns
        ((2, 2), (4, 2)),  # every second column
        ((3, 4), (0, 1)),  # expanded
        ((3, 3), (2, 2)),  # a gap and a place used twice
        ((4, 3), (1, 1)),  # windows that overlap
        ((2, 1, 3), (3, 100, 1)),  # a size of 1, with any stride
        ((1, 1), (7, 5)),
        ((3, 1), (1, 0)),
        ((2, 3, 2), (6, 2, 1)),
        ((2, 3, 2), (5, 2, 1)),
        ((2, 3, 2), (12, 2, 1)),
        ((4, 2), (2, 3)),  # no place twice, and gaps
        ((3, 2), (0, 3)),  # expanded, with a gap
        ((5,), (2,)),
        ((), ()),
    ]


EXERCISE = Exercise(
    number="17.3",
    title="Without gaps",
    solution=fills,
    cases=_cases,
    mistakes=MISTAKES,
    compared_with="PyTorch's own answer for 18 layouts",
    build=build,
    faults=FAULTS,
)
