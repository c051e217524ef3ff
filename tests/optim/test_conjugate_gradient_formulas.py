"""The formulas for beta, and the tests that start afresh, beside their definitions."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers.optim.conjugate_gradient.beta import METHODS, RESTARTS, hager_zhang
from tests.optim.descents import drawn, patient, seeds


def hager_zhang_as_published(g, g0, d, y):
    inner = y - 2 * d * (y @ y) / (d @ y)
    return max(inner @ g / (d @ y), 0.4 * (d @ g0) / (d @ d))


DEFINITIONS = {
    "fletcher-reeves": lambda g, g0, d, y: g @ g / (g0 @ g0),
    "polak-ribiere+": lambda g, g0, d, y: max(g @ y / (g0 @ g0), 0),
    "hestenes-stiefel": lambda g, g0, d, y: g @ y / (d @ y),
    "dai-yuan": lambda g, g0, d, y: g @ g / (d @ y),
    "hager-zhang": hager_zhang_as_published,
}
# By hand: g = (3, 4), g0 = (1, -1), d = (-1, 2), so y = (2, 5), g . g = 25,
# g . y = 26, g0 . g0 = 2, d . y = 8, y . y = 29, d . g = 5, d . g0 = -3, d . d = 5.
BY_HAND = {
    "fletcher-reeves": 25 / 2,
    "polak-ribiere+": 26 / 2,
    "hestenes-stiefel": 26 / 8,
    "dai-yuan": 25 / 8,
    "hager-zhang": -0.4 * 3 / 5,  # (26 - 2 * 29 / 8 * 5) / 8 = -1.28125 is below that
}
each_method = pytest.mark.parametrize("name", METHODS)


def doubles(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def test_each_formula_is_known_here():
    assert set(METHODS) == set(DEFINITIONS) == set(BY_HAND)


@each_method
def test_a_formula_by_hand(name):
    beta = METHODS[name](doubles(3, 4), doubles(1, -1), doubles(-1, 2))
    assert beta == pytest.approx(BY_HAND[name], rel=1e-14)


def test_hager_zhang_above_its_bound_by_hand():
    """y = (1, 1), d . y = 1, y . y = 2, g . y = 0, d . g = -1: (0 + 2 * 2) / 1."""
    g, g0, d = doubles(-1, 1), doubles(-2, 0), doubles(1, 0)
    assert hager_zhang(g, g0, d) == 4.0


@each_method
@patient
@given(seed=seeds, size=st.integers(1, 9))
def test_a_formula_is_its_definition(name, seed, size):
    g, g0, d = drawn(seed, 3, size)
    expected = DEFINITIONS[name](g.numpy(), g0.numpy(), d.numpy(), (g - g0).numpy())
    assert METHODS[name](g, g0, d) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@each_method
def test_a_formula_gives_a_number(name):
    assert type(METHODS[name](*drawn(0, 3, 4).float())) is float


@each_method
def test_scaling_the_function_changes_no_beta(name):
    """Values and gradients times 1000, and so the direction too."""
    g, g0, d = drawn(3, 3, 5)
    beta = METHODS[name](g, g0, d)
    scaled = METHODS[name](1000 * g, 1000 * g0, 1000 * d)
    assert scaled == pytest.approx(beta, rel=1e-12)


@patient
@given(seed=seeds)
def test_hestenes_stiefel_makes_the_directions_conjugate(seed):
    g, g0, d = drawn(seed, 3, 5)
    beta = METHODS["hestenes-stiefel"](g, g0, d)
    change = g - g0
    turned = -g + beta * d
    scale = (g.norm() + abs(beta) * d.norm()) * change.norm()
    assert abs(turned.dot(change).item()) <= 1e-12 * scale.item()


@patient
@given(seed=seeds, size=st.integers(1, 9))
def test_hager_zhang_leads_downhill_after_any_step(seed, size):
    """At least 7/8 as steep as -g, wherever the bound is not reached."""
    g, g0, d = drawn(seed, 3, size)
    d = d if d.dot(g - g0) > 0 else -d
    bound = 0.4 * (d.dot(g0) / d.dot(d)).item()
    beta = hager_zhang(g, g0, d)
    if beta > bound + 1e-9:  # not the bound itself, rounded otherwise
        slope = g.dot(-g + beta * d).item()
        assert slope <= -7 / 8 * g.dot(g).item() + 1e-9 * abs(beta)


@each_method
def test_no_change_of_the_gradient_gives_no_error(name):
    """Dividing by 0 gives infinity or NaN; who asks starts afresh then."""
    zero, g = torch.zeros(3), torch.ones(3)
    with np.errstate(all="raise"):
        beta = METHODS[name](g, zero, zero)
    assert not math.isfinite(beta) or beta == 0


@pytest.mark.parametrize("share, due", [(0.1999, False), (0.2001, True)])
@pytest.mark.parametrize("sign", [1, -1])
def test_powell_compares_gradients_in_a_row(share, due, sign):
    g = doubles(3, 4)
    before = sign * share * g + doubles(-4, 3)  # the second is orthogonal to g
    assert RESTARTS["powell"](g, before, since=1) is due


@pytest.mark.parametrize("since, due", [(2, False), (3, True), (4, True)])
def test_every_n_counts(since, due):
    assert RESTARTS["every-n"](torch.ones(3), torch.ones(3), since) is due
