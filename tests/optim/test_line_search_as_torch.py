"""Strong Wolfe tries the steps that torch's own search tries, to the last bit."""

import math
import random

import pytest
import torch
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from tests.optim.lines import (
    CONSTANTS,
    LINES,
    STEPS,
    downhill,
    end_of,
    ours,
    quartic,
    torchs,
    waves,
)
from tests.optim.more_thuente import ROWS

SCALES = st.sampled_from([1.0, 0.25, 1024.0])  # by these, divisions are exact


def is_finite(traced):
    """Whether all trials, and all that phi said, are numbers."""
    return all(map(math.isfinite, (*traced.trials, *sum(traced.said, ()))))


def is_lured(traced, start, c1):
    """Whether a trial that does not fall enough is as low as one that does."""
    value0, slope0 = start
    points = [(0.0, start), *zip(traced.trials, traced.said, strict=True)]
    fall = {
        (value <= value0 + c1 * step * slope0, value) for step, (value, _) in points
    }
    enough = [value for falls, value in fall if falls]
    return any(value <= max(enough) for falls, value in fall if not falls)


@settings(max_examples=300)
@given(LINES, STEPS, st.sampled_from(CONSTANTS), SCALES, st.integers(1, 30))
def test_unmended_every_step_and_the_end_are_torchs(phi, step, constants, scale, most):
    options = {"c1": constants[0], "c2": constants[1], "max_eval": most}
    expected, end = torchs(phi, step, scale=scale, **options)
    assume(is_finite(expected))
    traced, result = ours(phi, step, scale=scale, mend=False, **options)
    assert traced.trials == expected.trials
    assert end_of(result) == end_of(end)
    assert result.evaluations == end.evaluations
    assert result.satisfied == end.satisfied


@settings(max_examples=200)
@given(LINES, STEPS, st.sampled_from(CONSTANTS))
def test_in_float32_too_when_steps_and_slopes_are_tensors(phi, step, constants):
    options = {"c1": constants[0], "c2": constants[1]}
    expected, end = torchs(phi, step, torch.float32, **options)
    assume(is_finite(expected))
    traced, result = ours(phi, step, torch.float32, mend=False, **options)
    assert traced.trials == expected.trials
    assert end_of(result) == end_of(end)
    assert result.step.dtype == torch.float32 or result.step == 0


def test_in_float32_a_step_that_no_longer_grows_is_tried_again_as_in_torch():
    phi = quartic(
        0.19987719546129265, -1.5735225584773533, -2.451779978325425, 3.543860657809695
    )
    expected, end = torchs(phi, 0.019005939073896444, torch.float32)
    assert expected.trials[-1] == expected.trials[-2]
    traced, result = ours(phi, 0.019005939073896444, torch.float32, mend=False)
    assert traced.trials == expected.trials
    assert end_of(result) == end_of(end)


@settings(max_examples=300)
@given(LINES, STEPS, st.sampled_from(CONSTANTS))
def test_mended_they_are_torchs_as_long_as_those_are_good(phi, step, constants):
    options = {"c1": constants[0], "c2": constants[1]}
    expected, end = torchs(phi, step, **options)
    assume(is_finite(expected) and not is_lured(expected, phi(0.0), constants[0]))
    event("torch's conditions hold" if end.satisfied else "torch's do not hold")
    traced, result = ours(phi, step, **options)
    assert traced.trials[: len(expected.trials)] == expected.trials
    if end.satisfied:
        assert traced.trials == expected.trials
        assert end_of(result) == end_of(end)


def test_where_torch_finds_a_step_ninety_nine_in_a_hundred_searches_are_the_same():
    chance = random.Random(11)
    same = found = extra = 0
    for _ in range(600):
        phi, step = random_waves(chance), 10 ** chance.uniform(-3, 2)
        expected, end = torchs(phi, step, c2=0.5)
        if end.satisfied:
            traced, result = ours(phi, step, c2=0.5)
            assert result.satisfied
            found += 1
            same += traced.trials == expected.trials
            extra += result.evaluations - end.evaluations
    assert found > 500
    assert same >= 0.99 * found
    assert extra <= 10


def random_waves(chance):
    """Three waves over a parabola."""
    drawn = [
        (chance.uniform(0.1, 3), chance.uniform(0.1, 30), chance.uniform(-3, 3))
        for _ in range(3)
    ]
    return downhill(waves(drawn, 10 ** chance.uniform(-3, 1), chance.uniform(0, 5)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}-{row.step:g}")
def test_on_the_tables_every_step_is_torchs_but_where_torch_misses(row):
    options = {"c1": row.c1, "c2": row.c2, "max_eval": 60}
    expected, end = torchs(row.phi, row.step, **options)
    traced, _ = ours(row.phi, row.step, **options)
    assert (traced.trials == expected.trials) == end.satisfied


def test_a_bracket_shorter_than_the_tolerance_is_divided_on_if_its_values_differ():
    def phi(step):  # the minimum is at 1e-12
        return (step * 1e12 - 1) ** 2, 2e12 * (step * 1e12 - 1)

    start = 9e-10
    assert not torchs(phi, start)[1].satisfied
    assert not ours(phi, start, mend=False)[1].satisfied
    result = ours(phi, start)[1]
    assert result.satisfied
    assert result.step == pytest.approx(1e-12, rel=0.9)


def test_what_a_spent_search_has_gained_on_the_way_is_kept():
    def phi(step):  # down to 30, then up steeply
        return (-step, -1.0) if step < 30 else (100 * step, 100.0)

    for mend, kept in ((False, 0.0), (True, 10.0)):
        traced, result = ours(phi, 1.0, max_eval=3, mend=mend)
        assert traced.trials == [1.0, 10.0, 100.0]
        assert (result.step, result.satisfied) == (kept, False)
    assert torchs(phi, 1.0, max_eval=3)[1].step == 0.0
