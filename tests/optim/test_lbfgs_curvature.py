"""What LBFGS makes of its pairs, against the matrices that they stand for."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.optim.lbfgs.compact import Triangles
from helpers.optim.lbfgs.history import MANY, SHORT, Curvature, absolute, relative

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
    curvature = Curvature({}, size)
    for pair in pairs:
        assert curvature.learn(*pair)
    return curvature


@settings(deadline=None, max_examples=30)
@given(count=st.integers(1, 30), seed=st.integers(0, 10_000))
def test_the_direction_is_that_of_the_matrix(count, seed):
    pairs, gradient = pairs_of(count, seed), drawn(seed + 2, LENGTH)
    s, y = pairs[-1]
    expected = -inverse_hessian(pairs, s.dot(y) / y.dot(y)) @ gradient
    curvature = with_pairs(pairs)
    got = curvature.direction(gradient)
    torch.testing.assert_close(got, expected, rtol=1e-7, atol=1e-7)
    assert (curvature.triangles is None) == (count < MANY)


@settings(deadline=None, max_examples=30)
@given(size=st.integers(1, 30), more=st.integers(0, 60), seed=st.integers(0, 10_000))
def test_loops_and_triangles_agree_while_the_oldest_pairs_go(size, more, seed):
    curvature, pairs = Curvature({}, size), pairs_of(MANY + more, seed, length=40)
    for step, change in pairs:
        curvature.learn(step, change)
        gradient = drawn(seed, 40)
        got = curvature.direction(gradient)
        expected = curvature.two_loops(gradient, curvature.state["H_diag"])
        torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-9)
    kept = pairs[-size:]
    assert all(
        s is kept_s for s, (kept_s, _) in zip(curvature.steps, kept, strict=True)
    )


def test_triangles_made_anew_are_the_same_to_the_last_bit():
    curvature = with_pairs(pairs_of(MANY, length=33), size=20)
    gradient = drawn(5, 33)
    for step, change in pairs_of(45, seed=3, length=33):
        curvature.direction(gradient)
        curvature.learn(step, change)
    anew = Triangles(curvature.steps, curvature.changes)
    for name in ("steps", "changes", "products"):
        kept = getattr(curvature.triangles, name)
        torch.testing.assert_close(kept, getattr(anew, name), rtol=0, atol=0)


def test_long_vectors_go_through_the_loops():
    curvature = Curvature({}, 100)
    for step in drawn(0, MANY, SHORT + 1):
        curvature.learn(step, 2 * step)
    direction = curvature.direction(torch.ones(SHORT + 1, dtype=torch.float64))
    assert curvature.triangles is None
    torch.testing.assert_close(direction, torch.full_like(direction, -0.5))


def test_to_forget_is_to_start_afresh():
    curvature = with_pairs(pairs_of(MANY))
    curvature.direction(drawn(0, LENGTH))
    curvature.forget()
    gradient = drawn(1, LENGTH)
    torch.testing.assert_close(curvature.direction(gradient), -gradient)
    assert curvature.state["old_dirs"] == curvature.state["ro"] == []


@pytest.mark.parametrize(
    "bend, kept", [(1e-11, False), (1e-10, False), (1.1e-10, True)]
)
def test_torchs_rule(bend, kept):
    step = torch.tensor([1.0, 0.0], dtype=torch.float64)
    change = torch.tensor([bend, 5.0], dtype=torch.float64)
    assert absolute(change, bend) is kept
    assert Curvature({}, 5, "absolute").learn(step, change) is kept


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_the_relative_rule_does_not_mind_how_long_a_step_is(scale):
    step = torch.tensor([1.0, 0.0], dtype=torch.float64) * scale
    change = torch.tensor([1.0, 1.0], dtype=torch.float64) * scale
    flat = torch.tensor([1e-17, 1.0], dtype=torch.float64) * scale
    curvature = Curvature({}, 5, "relative")
    assert curvature.learn(step, change)
    assert not curvature.learn(step, flat)
    assert not curvature.learn(step, -change)
    assert not curvature.learn(step * 0, change * 0)
    assert relative(change, change.dot(step).item())


def test_relative_means_to_the_dtype():
    step, change = torch.tensor([1.0, 0.0]), torch.tensor([1e-8, 1.0])
    assert not Curvature({}, 5, "relative").learn(step, change)
    assert Curvature({}, 5, "relative").learn(step.double(), change.double())


@pytest.mark.parametrize("rule, step", [("relative", 1e-17), ("absolute", 1e15)])
def test_no_pair_is_kept_whose_products_vanish(rule, step):
    """In float32 the square of 1e-23 is 0."""
    curvature = Curvature({}, 5, rule)
    assert not curvature.learn(torch.tensor([step]), torch.tensor([1e-23]))
    assert curvature.learn(torch.tensor([1.0]), torch.tensor([1.0]))
