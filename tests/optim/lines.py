"""What tests of line searches share: a line that notes its trials, torch's own search.

Random lines are functions of one number that go down at 0 and have a minimum ahead.
"""

import math

import torch
from hypothesis import strategies as st
from torch.optim.lbfgs import _strong_wolfe

from helpers.optim.line_search import SearchResult, strong_wolfe

CONSTANTS = [(1e-4, 0.9), (1e-4, 0.1), (1e-3, 0.5), (0.1, 0.1), (0.3, 0.4)]


class Traced:
    """A function phi that notes where it was called, and hands back what it said."""

    def __init__(self, phi, dtype=None):
        self.phi = phi
        self.dtype = dtype
        self.trials = []
        self.said = []

    def __call__(self, step):
        self.trials.append(float(step))
        value, slope = self.phi(float(step))
        self.said.append((value, slope))
        if self.dtype is not None:
            slope = torch.tensor(slope, dtype=self.dtype)
        return value, slope, f"the gradient at {float(step)!r}"


def ours(phi, step, dtype=None, **options):
    """Our search along phi from step 0: its trials, and its result."""
    value, slope = phi(0.0)
    traced = Traced(phi, dtype)
    if dtype is not None:
        slope, step = (torch.tensor(each, dtype=dtype) for each in (slope, step))
    return traced, strong_wolfe(traced, value, slope, step, **options)


def torchs(phi, step, dtype=torch.float64, c1=1e-4, c2=0.9, max_eval=25, scale=1.0):
    """torch's search along phi from step 0: its trials, and its result."""
    value, slope = phi(0.0)
    traced = Traced(phi)
    direction = torch.tensor([scale], dtype=dtype)
    slope, step = (torch.tensor(each, dtype=dtype) for each in (slope, step))

    def evaluate(start, step, direction):
        value, slope, _ = traced(step)
        return value, torch.tensor([slope / scale], dtype=dtype)

    how = direction, value, slope[None] / scale, slope, c1, c2, 1e-9, max_eval - 1
    value, gradient, step, count = _strong_wolfe(evaluate, None, step, *how)
    what = float(step), value, float(gradient * scale), None, count
    start = phi(0.0)
    satisfied = conditions_hold(start, what[:3], c1, c2)
    return traced, SearchResult(*what, satisfied, "")


def conditions_hold(start, end, c1, c2):
    """Whether both strong Wolfe conditions hold at (step, value, slope)."""
    (value0, slope0), (step, value, slope) = start, end
    return value <= value0 + c1 * step * slope0 and abs(slope) <= -c2 * slope0


def end_of(result):
    """Where a search ended."""
    return float(result.step), result.value, float(result.slope)


def quartic(a, b, c, d):
    """-a t + b t^2 + c t^3 + d t^4."""

    def phi(t):
        value = t * (-a + t * (b + t * (c + t * d)))
        return value, -a + t * (2 * b + t * (3 * c + t * 4 * d))

    return phi


def hanging_chains(parts):
    """A sum of weight * cosh(rate * (t - middle))."""

    def phi(t):
        value = sum(w * math.cosh(r * (t - m)) for w, r, m in parts)
        return value, sum(w * r * math.sinh(r * (t - m)) for w, r, m in parts)

    return phi


def logistic(parts, pull):
    """A sum of weight * log(1 + exp(rate * t + shift)), and pull * t^2."""

    def phi(t):
        value, slope = pull * t**2, 2 * pull * t
        for weight, rate, shift in parts:
            z = rate * t + shift
            tail = math.exp(-abs(z))
            value += weight * (max(z, 0.0) + math.log1p(tail))
            slope += weight * rate * (1.0 if z >= 0 else tail) / (1 + tail)
        return value, slope

    return phi


def waves(parts, pull, middle):
    """A sum of weight * sin(rate * t + shift), and pull * (t - middle)^2."""

    def phi(t):
        value = sum(w * math.sin(r * t + s) for w, r, s in parts)
        slope = sum(w * r * math.cos(r * t + s) for w, r, s in parts)
        return value + pull * (t - middle) ** 2, slope + 2 * pull * (t - middle)

    return phi


def downhill(phi):
    """The same line, turned round if it rises at 0."""
    if phi(0.0)[1] < 0:
        return phi
    return lambda t: (phi(-t)[0], -phi(-t)[1])


def numbers(low, high):
    """Floats from low to high."""
    return st.floats(low, high, allow_subnormal=False)


def parts(*ranges):
    """One to four tuples of numbers from these ranges."""
    drawn = st.tuples(*(numbers(*each) for each in ranges))
    return st.lists(drawn, min_size=1, max_size=4)


STEPS = st.builds(lambda power: 10.0**power, numbers(-3, 2))
SMOOTH = st.one_of(
    st.builds(
        quartic, numbers(0.01, 9), numbers(-3, 3), numbers(-3, 3), numbers(0.01, 9)
    ),
    st.builds(hanging_chains, parts((0.1, 3), (0.1, 4), (-3, 3))),
    st.builds(logistic, parts((0.1, 3), (-5, 5), (-3, 3)), numbers(0.01, 2)),
)
WAVES = st.builds(
    waves, parts((0.1, 3), (0.1, 30), (-3, 3)), numbers(0.01, 9), numbers(0, 5)
)
LINES = st.one_of(SMOOTH, WAVES).map(downhill).filter(lambda phi: phi(0.0)[1] < -1e-3)
