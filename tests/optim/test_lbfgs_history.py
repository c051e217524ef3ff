"""What LBFGS makes of its pairs, against the matrices that they stand for."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.optim.lbfgs.compact import CompactHistory
from helpers.optim.lbfgs.history import MANY, SHORT, History, absolute, relative

LENGTH = 7


def drawn(seed, *shape):
    chance = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=chance, dtype=torch.float64)


def pairs_of(count, seed=0, length=LENGTH):
    """Pairs (s, y) of a quadratic whose curvatures lie between 1 and 10 or so."""
    root = drawn(seed, length, length) / 2
    matrix = root @ root.T + torch.eye(length)
    return [(s, matrix @ s) for s in drawn(seed + 1, count, length)]


def inverse_hessian(pairs, scale):
    """The matrix of BFGS, from its formula, one pair after the other.

    Source: Nocedal and Wright, Numerical Optimization (2006), equation 6.17.
    """
    eye = torch.eye(LENGTH, dtype=torch.float64)
    inverse = scale * eye
    for s, y in pairs:
        turn = eye - torch.outer(s, y) / s.dot(y)
        inverse = turn @ inverse @ turn.T + torch.outer(s, s) / s.dot(y)
    return inverse


def with_pairs(pairs, size=100):
    history = History({}, size)
    for pair in pairs:
        assert history.push(*pair)
    return history


@settings(max_examples=30)
@given(count=st.integers(1, 30), seed=st.integers(0, 10_000))
def test_the_direction_is_that_of_the_matrix(count, seed):
    pairs, gradient = pairs_of(count, seed), drawn(seed + 2, LENGTH)
    s, y = pairs[-1]
    expected = -inverse_hessian(pairs, s.dot(y) / y.dot(y)) @ gradient
    history = with_pairs(pairs)
    got = history.direction(gradient)
    torch.testing.assert_close(got, expected, rtol=1e-7, atol=1e-7)
    assert (history.compact is None) == (count < MANY)


@settings(max_examples=30)
@given(size=st.integers(1, 30), more=st.integers(0, 60), seed=st.integers(0, 10_000))
def test_loops_and_compact_form_agree_while_the_oldest_pairs_go(size, more, seed):
    history, pairs = History({}, size), pairs_of(MANY + more, seed, length=40)
    for step, change in pairs:
        history.push(step, change)
        gradient = drawn(seed, 40)
        got = history.direction(gradient)
        expected = history.two_loops(gradient, history.state["H_diag"])
        torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-9)
    kept = pairs[-size:]
    assert all(s is kept_s for s, (kept_s, _) in zip(history.s, kept, strict=True))


def test_a_compact_history_made_anew_is_the_same_to_the_last_bit():
    history = with_pairs(pairs_of(MANY, length=33), size=20)
    gradient = drawn(5, 33)
    for step, change in pairs_of(45, seed=3, length=33):
        history.direction(gradient)
        history.push(step, change)
    anew = CompactHistory(history.s, history.y)
    for name in ("S", "Y", "products"):
        kept = getattr(history.compact, name)
        torch.testing.assert_close(kept, getattr(anew, name), rtol=0, atol=0)


def test_long_vectors_go_through_the_loops():
    history = History({}, 100)
    for step in drawn(0, MANY, SHORT + 1):
        history.push(step, 2 * step)
    direction = history.direction(torch.ones(SHORT + 1, dtype=torch.float64))
    assert history.compact is None
    torch.testing.assert_close(direction, torch.full_like(direction, -0.5))


def test_to_clear_is_to_start_afresh():
    history = with_pairs(pairs_of(MANY))
    history.direction(drawn(0, LENGTH))
    history.clear()
    gradient = drawn(1, LENGTH)
    torch.testing.assert_close(history.direction(gradient), -gradient)
    assert history.state["old_dirs"] == history.state["ro"] == []


@pytest.mark.parametrize(
    "curvature, kept", [(1e-11, False), (1e-10, False), (1.1e-10, True)]
)
def test_torchs_rule(curvature, kept):
    step = torch.tensor([1.0, 0.0], dtype=torch.float64)
    change = torch.tensor([curvature, 5.0], dtype=torch.float64)
    assert absolute(change, curvature) is kept
    assert History({}, 5, "absolute").push(step, change) is kept


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_the_relative_rule_does_not_mind_how_long_a_step_is(scale):
    step = torch.tensor([1.0, 0.0], dtype=torch.float64) * scale
    change = torch.tensor([1.0, 1.0], dtype=torch.float64) * scale
    flat = torch.tensor([1e-17, 1.0], dtype=torch.float64) * scale
    history = History({}, 5, "relative")
    assert history.push(step, change)
    assert not history.push(step, flat)
    assert not history.push(step, -change)
    assert not history.push(step * 0, change * 0)
    assert relative(change, change.dot(step).item())


def test_relative_means_to_the_dtype():
    step, change = torch.tensor([1.0, 0.0]), torch.tensor([1e-8, 1.0])
    assert not History({}, 5, "relative").push(step, change)
    assert History({}, 5, "relative").push(step.double(), change.double())


@pytest.mark.parametrize(
    "rule, step, change, dtype",
    [
        ("relative", 1e-140, 1e-170, torch.float64),
        ("absolute", 1e160, 1e-165, torch.float64),
        ("relative", 1.0, 1e-39, torch.float32),
    ],
)
def test_no_pair_is_kept_whose_digits_are_lost(rule, step, change, dtype):
    """In float64 the square of 1e-170 is 0; in float32 1e-39 has not all its digits."""
    step, change = (torch.tensor([each], dtype=dtype) for each in (step, change))
    history = History({}, 5, rule)
    assert not history.push(step, change)
    assert history.push(torch.ones(1), torch.ones(1))


def test_a_pair_is_kept_whose_square_float32_does_not_hold():
    """In float32 the square of 1e-23 is 0, and that of 1e23 is infinite."""
    for size, rule in ((1e-23, "relative"), (1e23, "absolute")):
        history = History({}, 5, rule)
        assert history.push(torch.tensor([1.0]), torch.tensor([size]))
        direction = history.direction(torch.tensor([2 * size]))
        torch.testing.assert_close(direction, torch.tensor([-2.0]))
