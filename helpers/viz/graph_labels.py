"""Where the labels of arrows stand, so that none covers another.

With this module one can: find a spot for each label on the last curve of its arrow
(`label_spots`), and the shape of such a curve (`handles`).
"""

import operator

LABEL_FONT, MARGIN = 9.0, 2.0  # in points
# Where on its curve a label may stand, from its start to its end, the best place first.
SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
ROUNDS = 4


def label_spots(routes: dict, widths: dict) -> dict:
    """For each edge in `widths`, the point (x, y) for the middle of its label.

    `routes` holds the corners of each arrow, `widths` the widths of labels. Labels
    start in the middle of their curves; then each in turn moves to where it covers
    least of the others, a few times over.

    >>> label_spots({("a", "b"): [(0, 0), (60, 0)]}, {("a", "b"): 10})
    {('a', 'b'): (30.0, 0.0)}

    Used by `draw_graph`.
    """
    spots = {edge: _on_curve(*routes[edge][-2:], SHARES[0]) for edge in widths}
    for _ in range(ROUNDS):
        for edge, width in widths.items():
            others = [(spots[e], w) for e, w in widths.items() if e != edge]
            free = [_on_curve(*routes[edge][-2:], share) for share in SHARES]
            spots[edge] = min(free, key=lambda spot: _covered(spot, width, others))
    return spots


def handles(start, end) -> tuple:
    """The two inner points of a curve that leaves `start` and arrives at `end` level.

    >>> handles((0, 0), (10, 4))
    ((5.0, 0), (5.0, 4))

    Used by `draw_arrow`.
    """
    middle = (start[0] + end[0]) / 2
    return (middle, start[1]), (middle, end[1])


def _on_curve(start, end, share: float) -> tuple[float, float]:
    points = (start, *handles(start, end), end)
    rest = 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    x, y = (sum(map(operator.mul, weights, axis)) for axis in zip(*points, strict=True))
    return x, y


def _covered(spot, width, others) -> float:
    """How much of the other labels a label at `spot` would cover, in square points."""
    total = 0.0
    for (x, y), other in others:
        across = (width + other) / 2 + MARGIN - abs(spot[0] - x)
        down = LABEL_FONT + MARGIN - abs(spot[1] - y)
        total += max(across, 0) * max(down, 0)
    return total
