"""Value against PyTorch: the same formulas, the same gradients."""

import gc
import math
import weakref

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers.autograd.scalar import (
    Value,
    numeric_derivative,
    topological_order,
    walk_backward,
)

BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1),
    "2 - a": lambda a, b: 2 - a,
    "3 / ...": lambda a, b: 3 / (b * b + 1),
    "a - 1": lambda a, b: a - 1,
    "a / 4": lambda a, b: a / 4,
    "-a": lambda a, b: -a,
    "**": lambda a, b: a**3 * 0.1,
    "tanh": lambda a, b: a.tanh(),
    "relu": lambda a, b: a.relu(),
    "exp": lambda a, b: (a.tanh() * 2).exp(),
    "log": lambda a, b: (a * a + 1).log(),
}
programs = st.lists(
    st.tuples(st.sampled_from(sorted(BINARY)), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=15,
)
numbers = st.floats(-2, 2, allow_nan=False).filter(lambda x: abs(x) > 1e-3)


def run(program, leaves):
    """Apply the operations one after the other, each to two earlier results."""
    results = list(leaves)
    for name, first, second in program:
        a, b = results[first % len(results)], results[second % len(results)]
        results.append(BINARY[name](a, b).tanh())
    total = results[-1]
    for leaf in leaves:
        total = total + leaf * 0.5
    return total


@given(programs, numbers, numbers, st.integers(1, 3))
def test_random_formulas_have_torchs_value_and_gradients(program, x, y, calls):
    ours = Value(x), Value(y)
    theirs = [torch.tensor(n, dtype=torch.float64, requires_grad=True) for n in (x, y)]
    result, expected = run(program, ours), run(program, theirs)
    for _ in range(calls):
        result.backward()
        expected.backward(retain_graph=True)
    assert result.data == pytest.approx(expected.item(), rel=1e-12, abs=1e-12)
    for leaf, reference in zip(ours, theirs, strict=True):
        assert leaf.grad == pytest.approx(reference.grad.item(), rel=1e-9, abs=1e-12)


@given(programs, numbers)
def test_order_holds_each_value_once_before_its_inputs(program, x):
    root = run(program, (Value(x), Value(1.0)))
    order = topological_order(root)
    place = {value: index for index, value in enumerate(order)}
    assert order[0] is root and len(place) == len(order)
    assert all(place[v] < place[given] for v in order for given in v.inputs)


def test_worked_case():
    x, y = Value(1.0), Value(2.0)
    z = 3 * x**2 + y**3
    z.backward()
    assert (z.data, x.grad, y.grad, z.grad) == (11.0, 6.0, 12.0, None)
    for leaf in (x, y):
        leaf.data -= 0.1 * leaf.grad
    assert (round(x.data, 12), round(y.data, 12)) == (0.4, 0.8)


def test_a_given_gradient_scales_and_accumulates():
    x = Value(3.0)
    y = x * x
    y.backward(gradient=2.0)
    y.backward()
    assert x.grad == 18.0


def test_a_leaf_alone_gets_the_gradient_itself():
    x = Value(3.0)
    x.backward()
    assert x.is_leaf and x.grad == 1.0


def test_chain_of_100_000_is_walked_and_freed():
    x = value = Value(1.0)
    for _ in range(100_000):
        value = value + 1e-5
    value.backward()
    assert x.grad == 1.0
    del value


def test_tower_of_60_has_61_values():
    value = Value(1.0)
    for _ in range(60):
        value = value + value
    assert len(topological_order(value)) == 61
    *_, (leaf, total) = walk_backward(value)
    assert leaf.is_leaf and total == 2.0**60


def test_only_leaves_keep_a_gradient():
    x = Value(2.0)
    square = x**2
    (square * 3).backward()
    assert square.grad is None and x.grad == 12.0


@pytest.mark.parametrize("data", [1j, None, [1.0], "one", torch.ones(2)])
def test_data_must_be_a_real_number(data):
    with pytest.raises(TypeError, match="one real number"):
        Value(data)


def test_a_value_as_exponent_is_refused_with_advice():
    with pytest.raises(TypeError, match=r"exponent\.data"):
        Value(2.0) ** Value(3.0)


@pytest.mark.parametrize(
    "function, at",
    [(math.sin, 0.3), (math.exp, -1.0), (lambda x: x**3, 2.0)],
)
def test_numeric_derivative_is_right_to_eight_digits(function, at):
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    result = {math.sin: torch.sin, math.exp: torch.exp}.get(function, function)(x)
    result.backward()
    assert numeric_derivative(function, at) == pytest.approx(x.grad.item(), rel=1e-8)


def test_a_finished_graph_is_freed_without_the_collector():
    class Watched(Value):
        __slots__ = ("__weakref__",)

    gc.disable()
    try:
        leaf = Watched(1.0)
        middle = leaf * 2
        gone = weakref.ref(leaf)
        middle.backward()
        del leaf, middle
        assert gone() is None
    finally:
        gc.enable()


EDGES = {
    "x**0": lambda x: x**0,
    "x**0.0": lambda x: x**0.0,
    "x**1": lambda x: x**1,
    "x**2": lambda x: x**2,
    "x**3": lambda x: x**3,
    "x**-1": lambda x: x**-1,
    "relu": lambda x: x.relu(),
    "tanh": lambda x: x.tanh(),
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "x * x": lambda x: x * x,
    "x * 0": lambda x: x * 0.0,
    "x + x": lambda x: x + x,
    "1 - x": lambda x: 1 - x,
    "1 / x": lambda x: 1 / x,
    "x / 2": lambda x: x / 2,
}


@pytest.mark.parametrize(
    "number", [0.0, -0.0, 1.0, -2.0, math.nan, math.inf, -math.inf]
)
@pytest.mark.parametrize("name", EDGES)
def test_slopes_at_zero_nan_and_infinity_are_torchs(name, number):
    raw = torch.tensor(number, dtype=torch.float64, requires_grad=True)
    result = EDGES[name](raw)
    result.backward()
    wanted = [result.item(), raw.grad.item()]
    value = Value(number)
    try:
        found = EDGES[name](value)
        found.backward()
    except (ZeroDivisionError, OverflowError, ValueError):
        assert not all(map(math.isfinite, wanted))  # what floats refuse, as documented
    else:
        assert [found.data, value.grad] == pytest.approx(wanted, nan_ok=True)
