"""Lines with NaN, infinity, noise or lies: searches end, and say what they met."""

import math
import random

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.optim.line_search import (
    Point,
    SearchResult,
    backtracking,
    cubic_minimum,
    strong_wolfe,
)
from tests.optim.lines import Traced, conditions_hold, end_of, numbers, ours, torchs

FAR = st.builds(lambda power: 10.0**power, numbers(-3, 12))


def barrier(wall, pull):
    """-pull * t - log(wall - t): NaN from the wall on, where a log is none."""

    def phi(t):
        if t >= wall:
            return math.nan, math.nan
        return -pull * t - math.log(wall - t), -pull + 1 / (wall - t)

    return phi


def growth(rate, pull):
    """exp(rate * t) - pull * t: infinite once a float can't hold it."""

    def phi(t):
        power = math.exp(rate * t) if rate * t < 700 else math.inf
        return power - pull * t, rate * power - pull

    return phi


ROUGH = st.one_of(
    st.builds(barrier, numbers(0.1, 9), numbers(20, 99)),
    st.builds(growth, numbers(0.1, 9), numbers(20, 99)),
)


@settings(max_examples=200)
@given(ROUGH, FAR, st.sampled_from([0.9, 0.1]))
def test_both_conditions_hold_beside_nan_and_infinity(phi, step, c2):
    _, result = ours(phi, step, c2=c2, max_eval=100)
    assert result.satisfied, result
    assert conditions_hold(phi(0.0), end_of(result), 1e-4, c2)


@settings(max_examples=100)
@given(ROUGH, FAR)
def test_backtracking_leaves_nan_and_infinity_behind(phi, step):
    value, slope = phi(0.0)
    result = backtracking(phi, value, slope, step, max_eval=100)
    assert result.satisfied
    assert result.value <= value + 1e-4 * result.step * slope


def test_torch_ends_at_nan_where_we_find_a_step():
    phi = barrier(wall=1.0, pull=20.0)
    assert math.isnan(torchs(phi, 10.0)[1].value)
    assert ours(phi, 10.0)[1].satisfied


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("search", [strong_wolfe, backtracking])
@pytest.mark.parametrize("place", ["value", "slope"])
def test_a_line_finite_nowhere_ends_at_step_0_and_says_so(search, bad, place):
    def phi(step):
        return (bad, -1.0, "there") if place == "value" else (0.0, bad, "there")

    result = search(phi, 3.0, -1.0, max_eval=7, extra0="here")
    why = "phi is not finite at any step that was tried"
    assert result == SearchResult(0, 3.0, -1.0, "here", 7, False, why)


def test_a_slope_that_is_infinite_is_no_end():
    def phi(t):  # a cusp at 1: a slope, but none there
        gap = abs(t - 1)
        slope = math.inf if gap == 0 else math.copysign(0.5 / math.sqrt(gap), t - 1)
        return math.sqrt(gap), slope

    traced, result = ours(phi, 1.0)
    assert traced.trials[0] == 1.0
    assert result.step != 1.0
    assert math.isfinite(result.slope)


@pytest.mark.parametrize("mend", [True, False])
def test_steps_that_grow_past_all_numbers_end_the_search(mend):
    traced, result = ours(lambda t: (-t, -1.0), 1e300, max_eval=10_000, mend=mend)
    assert all(map(math.isfinite, traced.trials))
    assert result.evaluations < 50
    assert result.why.startswith("no step is left to try")
    if mend:
        assert result.step == max(traced.trials)


@pytest.mark.parametrize("step", [5e-324, 1e-300, 1e300])
def test_steps_near_the_ends_of_the_numbers_are_taken(step):
    def phi(t):
        return (t / step - 3) ** 2, 2 * (t / step - 3) / step

    value, slope = 9.0, -6.0 / step
    if math.isfinite(slope):
        assert strong_wolfe(phi, value, slope, step).satisfied
        assert backtracking(phi, value, slope, step).satisfied
    else:
        with pytest.raises(ValueError, match="slope0 = -inf"):
            strong_wolfe(phi, value, slope, step)


@pytest.mark.parametrize("mend", [True, False])
def test_where_rounding_hides_every_fall_the_search_ends_by_itself(mend):
    def phi(t):  # it rises by one unit in the last place, whatever the slope says
        return math.nextafter(1.0, 2.0), -1e-6

    result = strong_wolfe(phi, 1.0, -1e-6, 1.0, max_eval=10_000, mend=mend)
    assert (result.step, result.value, result.satisfied) == (0, 1.0, False)
    assert result.evaluations < 100
    assert result.why.startswith("no step is left to try")


def test_a_jump_up_right_behind_the_start_ends_the_search():
    def phi(t):
        return 2.0, -1.0

    for search in (strong_wolfe, backtracking):  # after halving to the smallest number
        result = search(phi, 1.0, -1.0, max_eval=100_000)
        assert (result.step, result.satisfied) == (0, False)
        assert result.evaluations < 1100
        assert result.why.startswith("no step is left to try")


@settings(max_examples=100)
@given(numbers(-1, 1), numbers(1e-9, 1e-3), FAR)
def test_near_a_minimum_of_rounded_values_it_ends_at_no_higher_value(middle, w, step):
    def phi(t):  # values are multiples of 1e-7 or so, slopes are exact
        return 1e9 + w * (t - middle - 2) ** 2, 2 * w * (t - middle - 2)

    value, slope = phi(0.0)
    result = strong_wolfe(phi, value, slope, step, c2=0.1, max_eval=10_000)
    assert result.value <= value
    assert result.evaluations < 200


@settings(max_examples=300)
@given(st.integers(0, 10**6), st.integers(1, 40), st.booleans())
def test_whatever_phi_says_the_search_counts_and_tells_the_truth(seed, most, mend):
    chance = random.Random(seed)
    odd = [math.nan, math.inf, -math.inf, 0.0, 1e308, -1e308]

    def phi(step):
        drawn = (chance.gauss(0, 3) for _ in range(2))
        return tuple(chance.choice(odd) if chance.random() < 0.1 else x for x in drawn)

    traced = Traced(phi)
    result = strong_wolfe(traced, 1.0, -1.0, max_eval=most, mend=mend)
    assert result.evaluations == len(traced.trials) <= most
    assert all(0 < step < math.inf for step in traced.trials)
    assert result.value <= 1.0
    held = conditions_hold((1.0, -1.0), end_of(result), 1e-4, 0.9)
    assert result.satisfied == held
    assert (result.why == "the conditions hold") == held


def test_cubic_minimum_takes_the_middle_where_nobody_can_say():
    flat = Point(1.0, 0.0, -1.0), Point(3.0, -2.0, -1.0)
    assert cubic_minimum(*flat) == 3.0  # a straight line falls to its far end
    for value, slope in ((math.inf, 1.0), (math.nan, 1.0), (0.0, math.nan)):
        assert cubic_minimum(flat[0], Point(3.0, value, slope)) == 2.0
    assert cubic_minimum(flat[0], flat[0], bounds=(4.0, 6.0)) == 5.0


@given(numbers(-5, 5), numbers(0.1, 9), numbers(-9, 9))
def test_cubic_minimum_finds_that_of_any_cubic(middle, a, b):
    def at(t):  # a (t - m)^2 (t - m + ...) has its minimum at m where a > 0
        x = t - middle
        return Point(t, b + x**2 * (3 * a + x), 6 * a * x + 3 * x**2)

    left, right = at(middle - a), at(middle + 2.0)
    assert cubic_minimum(left, right) == pytest.approx(middle, abs=1e-6)
    assert cubic_minimum(right, left) == cubic_minimum(left, right)


def test_a_fall_that_float32_cannot_show_is_not_asked_for():
    def phi(t):  # the fall, 1e-9, is lost in a value of 1 in float32
        return 1.0, 2e-9 * (t - 1)

    result = strong_wolfe(phi, 1.0, -2e-9, dtype=torch.float32)
    assert (result.step, result.evaluations, result.satisfied) == (1.0, 1, True)
    assert not strong_wolfe(phi, 1.0, -2e-9).satisfied
    assert strong_wolfe(phi, 1.0, -2e-3, dtype=torch.float32).step < 1  # one it shows


def test_a_bound_that_float32_cannot_hold_is_no_error():
    result = strong_wolfe(lambda t: (-1e30, -1e30), 0.0, -1e300, dtype=torch.float32)
    assert not result.satisfied
