"""Strong Wolfe on the tables of Moré and Thuente, and on random smooth lines."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.optim.lines import (
    CONSTANTS,
    LINES,
    STEPS,
    conditions_hold,
    end_of,
    ours,
    torchs,
)
from tests.optim.more_thuente import ROWS, dip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}-{row.step:g}")
def test_both_conditions_hold_after_about_the_published_evaluations(row):
    traced, result = ours(row.phi, row.step, c1=row.c1, c2=row.c2)
    assert conditions_hold(row.phi(0.0), end_of(result), row.c1, row.c2)
    assert (result.value, result.slope) == row.phi(result.step)
    assert result.satisfied
    assert result.evaluations == len(traced.trials) <= 2 * row.published + 3


@pytest.mark.parametrize("row", ROWS[::4], ids=lambda row: f"{row.number}")
def test_the_functions_have_the_slopes_they_give(row):
    for step in (0.0, 0.3, 0.995, 1.0, 1.7, 10.0):
        (before, _), (after, _) = row.phi(step - 1e-6), row.phi(step + 1e-6)
        slope = pytest.approx((after - before) / 2e-6, abs=1e-3, rel=1e-5)
        assert row.phi(step)[1] == slope


def test_all_tables_together_take_no_more_than_a_tenth_over_the_published_ones():
    taken = sum(ours(r.phi, r.step, c1=r.c1, c2=r.c2)[1].evaluations for r in ROWS)
    assert taken <= 1.1 * sum(row.published for row in ROWS)


def test_torch_closes_in_on_a_place_without_such_a_step_from_1000_and_we_do_not():
    c1, c2 = 0.001, 0.1
    traced, missed = torchs(dip, 1000.0, c1=c1, c2=c2, max_eval=60)
    assert not missed.satisfied
    assert missed.step == pytest.approx(333.335, abs=1e-3)
    assert len(traced.trials) == 37
    found = ours(dip, 1000.0, c1=c1, c2=c2, max_eval=60)[1]
    assert found.satisfied
    assert found.evaluations == 4


@settings(max_examples=300)
@given(LINES, STEPS, st.sampled_from(CONSTANTS))
def test_both_conditions_hold_on_random_lines(phi, step, constants):
    c1, c2 = constants
    traced, result = ours(phi, step, c1=c1, c2=c2, max_eval=200)
    assert result.satisfied, result
    assert result.why == "the conditions hold"
    assert conditions_hold(phi(0.0), end_of(result), c1, c2)
    assert result.evaluations == len(traced.trials)
    assert result.step in traced.trials
    assert result.extra == f"the gradient at {result.step!r}"
    assert math.isfinite(result.step)
