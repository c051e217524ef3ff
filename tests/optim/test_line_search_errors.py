"""Line searches refuse what makes no sense, in three parts; and backtracking's ways."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.optim.line_search import backtracking, strong_wolfe
from tests.optim.lines import LINES, STEPS, Traced, numbers

BOTH = [
    ({"value0": math.nan}, r"value0 = nan; allowed is a finite number: start where"),
    ({"value0": -math.inf}, r"value0 = -inf; allowed is a finite number: start where"),
    ({"slope0": 0.0}, r"slope0 = 0.0; allowed is a finite number below 0: turn the"),
    ({"slope0": math.nan}, r"slope0 = nan; allowed is a finite number below 0: turn"),
    ({"slope0": -math.inf}, r"slope0 = -inf; allowed is a finite number below 0"),
    ({"step": 0.0}, r"step = 0.0; allowed is a finite number above 0: begin with"),
    ({"step": -1}, r"step = -1; allowed is a finite number above 0: begin with"),
    ({"step": math.inf}, r"step = inf; allowed is a finite number above 0: begin"),
    ({"max_eval": 0}, r"max_eval = 0; allowed is an integer from 1 up: allow"),
    ({"max_eval": 2.5}, r"max_eval = 2.5; allowed is an integer from 1 up: allow"),
]
WOLFE = [
    ({"c1": 0.0}, r"c1, c2 = \(0.0, 0.9\); allowed are numbers with 0 < c1 <= c2 < 1"),
    ({"c1": 0.95}, r"c1, c2 = \(0.95, 0.9\); allowed are numbers with 0 < c1 <= c2"),
    ({"c2": 1.0}, r"c1, c2 = \(0.0001, 1.0\); allowed are .* < 1: take c1=1e-4 and"),
    ({"c2": math.nan}, r"c1, c2 = \(0.0001, nan\); allowed are numbers with 0 < c1"),
    ({"tolerance_change": -1}, r"tolerance_change = -1; allowed .* from 0 up: take"),
    ({"tolerance_change": math.nan}, r"tolerance_change = nan; allowed is a finite"),
    ({"scale": 0.0}, r"scale = 0.0; allowed is a finite number above 0: pass the"),
    ({"scale": math.inf}, r"scale = inf; allowed is a finite number above 0: pass"),
]
ARMIJO = [
    ({"c1": 1.0}, r"c1 = 1.0; allowed is a number between 0 and 1: take c1=1e-4"),
    ({"shrink": 0.0}, r"shrink = 0.0; allowed is a number between 0 and 1: take shri"),
    ({"shrink": 1}, r"shrink = 1; allowed is a number between 0 and 1: take shrink"),
]
CASES = [
    (search, *case)
    for search, own in ((strong_wolfe, WOLFE), (backtracking, ARMIJO))
    for case in BOTH + own
]


@pytest.mark.parametrize(("search", "given", "message"), CASES)
def test_a_number_that_is_not_allowed_is_named_before_phi_is_called(
    search, given, message
):
    traced = Traced(lambda step: ((step - 1) ** 2, 2 * (step - 1)))
    with pytest.raises(ValueError, match=message):
        search(traced, **{"value0": 1.0, "slope0": -2.0, **given})
    assert traced.trials == []


@pytest.mark.parametrize("answer", [None, 1.0, (1.0,), (1.0, 2.0, 3, 4), [1.0, 2.0]])
@pytest.mark.parametrize("search", [strong_wolfe, backtracking])
def test_phi_must_return_two_or_three_items(search, answer):
    with pytest.raises(TypeError, match=r"phi returned .*; allowed is a tuple .*: ret"):
        search(lambda step: answer, 1.0, -1.0)


def test_strong_wolfe_alone_needs_slopes():
    assert backtracking(lambda step: (0.0, None), 1.0, -1.0).satisfied
    with pytest.raises(TypeError, match=r"phi returned \(0.0, None\); .* slope too"):
        strong_wolfe(lambda step: (0.0, None), 1.0, -1.0)


@pytest.mark.parametrize("search", [strong_wolfe, backtracking])
def test_what_phi_raises_comes_through(search):
    def phi(step):
        raise KeyError("in phi")

    with pytest.raises(KeyError, match="in phi"):
        search(phi, 1.0, -1.0)


def test_equal_constants_are_allowed():
    def phi(step):
        return (step - 1) ** 2, 2 * (step - 1)

    assert strong_wolfe(phi, 1.0, -2.0, 8.0, c1=0.001, c2=0.001).satisfied


@settings(max_examples=200)
@given(LINES, STEPS, numbers(0.05, 0.9), st.sampled_from([1e-4, 0.3]))
def test_backtracking_takes_the_first_step_that_falls_enough(phi, step, shrink, c1):
    (value, slope), traced = phi(0.0), Traced(phi)
    result = backtracking(
        traced, value, slope, step, c1=c1, shrink=shrink, max_eval=500
    )
    falls = [
        there <= value + c1 * at * slope
        for at, (there, _) in zip(traced.trials, traced.said, strict=True)
    ]
    assert falls == [False] * (len(falls) - 1) + [True]
    assert traced.trials == pytest.approx([step * shrink**k for k in range(len(falls))])
    assert (result.step, result.value) == (traced.trials[-1], traced.said[-1][0])
    assert (result.evaluations, result.satisfied) == (len(falls), True)
    assert result.extra == f"the gradient at {result.step!r}"


def test_backtracking_that_is_spent_hands_back_the_lowest_point():
    def phi(step):  # it falls, but never by as much as the slope promises
        return -0.01 * step, -1.0, f"at {step}"

    result = backtracking(phi, 0.0, -1.0, 4.0, c1=0.5, max_eval=3)
    assert (result.step, result.value, result.extra) == (4.0, -0.04, "at 4.0")
    assert (result.evaluations, result.satisfied) == (3, False)
    assert result.why == "max_eval evaluations were made"
    assert backtracking(lambda t: (9.0, None), 0.0, -1.0, extra0="here").extra == "here"
