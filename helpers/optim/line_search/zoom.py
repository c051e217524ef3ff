"""Zooming: a bracket is divided until a step in it is accepted."""

import sys

from helpers.optim.line_search.cubic import cubic_minimum

ROUNDING = 4 * sys.float_info.epsilon  # relative: closer numbers are told apart no more
MARGIN = 0.1  # of the bracket: no second trial in a row closer to an end


class Zoom:
    """A bracket of two `Point`s that is divided until the conditions hold.

    `line` is the `Line` they lie on. The bracket is too short when its length times
    `scale` is below `tolerance`. `mend=False` does as torch does where torch's way
    misses. `strong_wolfe` says what that means.

    Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 3.6. Chapter 11
    builds it.
    """

    def __init__(self, line, ends, tolerance, scale, mend):
        self.line = line
        self.ends = list(ends)
        self.tolerance = tolerance
        self.scale = scale
        self.mend = mend
        self.choose_low()

    def choose_low(self):
        """Make the better end the low one; of equals the first, as torch does."""
        first, second = map(self.rank, self.ends)
        self.low = 0 if first <= second else 1

    def rank(self, end):
        """What makes an end the low one: to fall enough (if mending), then its value.

        The low end must fall enough: only then must an accepted step lie between it
        and the other.
        """
        return self.mend and not self.line.falls_enough(end), end.value

    def search(self):
        """Divide until a step is accepted; return it, or else the lowest end."""
        near_end = False
        while not (self.line.is_spent or self.is_too_short()):
            step, near_end = next_trial(*self.ends, near_end)
            if self.narrow(self.line.at(step)):
                return self.ends[self.low]
        return min(self.ends, key=lambda end: end.value)

    def narrow(self, trial):
        """Replace an end by the trial; whether it is accepted."""
        low, high = self.ends[self.low], self.ends[1 - self.low]
        if not self.line.falls_enough(trial) or trial.value >= low.value:
            self.ends[1 - self.low] = trial
            self.choose_low()
            return False
        self.ends[self.low] = trial
        if self.line.is_flat_enough(trial):
            return True
        if trial.slope * (high.step - low.step) >= 0:
            self.ends[1 - self.low] = low
        return False

    def is_too_short(self):
        """Whether there is nothing left to divide."""
        low, high = self.ends[self.low], self.ends[1 - self.low]
        length = abs(high.step - low.step)
        is_short = length * self.scale < self.tolerance
        if not self.mend:
            return is_short
        if length <= ROUNDING * max(high.step, low.step):
            return True
        return is_short and abs(high.value - low.value) <= ROUNDING * abs(low.value)


def next_trial(first, second, near_end):
    """Where to divide a bracket, and whether that is near one of its ends.

    It is where the cubic is lowest. Of two trials in a row near an end, or one at it,
    the last is moved away from that end, by a tenth of the bracket.

    >>> from helpers.optim.line_search import Point
    >>> next_trial(Point(0, 1.0, -2.0), Point(3, 4.0, 4.0), near_end=True)
    (1.0, False)

    Source: torch.optim.lbfgs, `_strong_wolfe`.
    """
    least, most = sorted((first.step, second.step))
    step = cubic_minimum(first, second)
    margin = MARGIN * (most - least)
    if min(most - step, step - least) >= margin:
        return step, False
    if not near_end and least < step < most:
        return step, True
    near_most = abs(step - most) < abs(step - least)
    return (most - margin if near_most else least + margin), False
