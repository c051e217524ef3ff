"""How long a graph lives: freed by backward, kept on request, gone with its result."""

import gc
import weakref

import pytest
import torch

from tests.engines import OURS, compare, error_of


@pytest.fixture
def no_collector():
    """The garbage collector is off: what is freed is freed by counting references."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_a_second_backward_needs_retain_graph():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = (x * x).exp().sum()
        y.backward(retain_graph=True)
        y.backward()
        return x.grad, error_of(y.backward, "second time", "retain_graph=True")

    assert compare(scenario)[1] is RuntimeError


def test_grad_frees_the_graph_too():
    def scenario(engine):
        x = engine.leaf(1.0)
        y = x * x
        engine.grad(y, x)
        return error_of(lambda: engine.grad(y, x), "second time")

    assert compare(scenario) is RuntimeError


def test_a_graph_that_saved_nothing_may_be_passed_again():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = (x + x).sum()
        y.backward()
        y.backward()
        return x.grad

    assert compare(scenario) == [4.0, 4.0]


def test_only_the_part_that_backward_passed_is_freed():
    def scenario(engine):
        x = engine.leaf(1.0)
        shared = x.exp()
        one, other = shared * shared, shared.sin()
        one.backward()
        return error_of(other.backward, "second time")

    assert compare(scenario) is RuntimeError


def test_the_graph_of_a_result_goes_with_it(no_collector):
    x = OURS.leaf(1.0, 2.0)
    hidden = (x * 3).tanh()
    loss = (hidden * hidden).sum()
    nodes = [weakref.ref(each.grad_fn) for each in (hidden, loss)]
    arrays = weakref.ref(hidden.data)
    loss.backward()
    del hidden, loss
    assert [node() for node in nodes] == [None, None]
    assert arrays() is None


def test_a_graph_never_passed_goes_with_its_result(no_collector):
    x = OURS.leaf(1.0, 2.0)
    y = x * 2
    y.mul_(3)
    y[0] = 5
    y.retain_grad()
    y.register_hook(print)
    parts = (y.exp(), y.sort().values, y.split(1)[0], y.view(2, 1), y.max(0).values)
    nodes = [weakref.ref(each.grad_fn) for each in (*parts, y)]
    del parts, y
    assert [node() for node in nodes] == [None] * 6


def test_the_graph_of_a_gradient_goes_with_it(no_collector):
    x = OURS.leaf(1.0, 2.0)
    y = (x * x * x).sum()
    (first,) = OURS.grad(y, x, create_graph=True)
    nodes = [weakref.ref(each.grad_fn) for each in (y, first)]
    OURS.grad(first.sum(), x)
    del y, first
    assert [node() for node in nodes] == [None, None]


def test_saved_arrays_are_gone_after_backward(no_collector):
    x = OURS.leaf(1.0, 2.0)
    hidden = x.exp()
    loss = (hidden * hidden).sum()
    array = weakref.ref(hidden.data)
    del hidden
    assert array() is not None
    loss.backward()
    assert array() is None


@pytest.mark.parametrize("keep", [False, True])
def test_a_chain_of_100_000_nodes(keep):
    def scenario(engine):
        x = y = engine.leaf(1.0)
        for _ in range(100_000):
            y = y + x if keep else y * 1.0
        y.backward()
        del y
        return x.grad

    assert compare(scenario) == [100_001.0 if keep else 1.0]


def test_a_long_chain_that_backward_never_passed_is_freed():
    y = OURS.leaf(1.0)
    for _ in range(100_000):
        y = y.sin()
    first = weakref.ref(y.grad_fn)
    del y
    assert first() is None


def test_a_diamond_of_depth_60_passes_each_node_once():
    def scenario(engine):
        x = y = engine.leaf(1.0)
        passed = []
        for _ in range(60):
            y = y + y
            y.register_hook(lambda gradient: passed.append(1))
        y.backward()
        return x.grad, len(passed)

    assert compare(scenario) == ([float(2**60)], 60)


def test_gradients_of_two_results_together():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y, z = (x * x).sum(), (x * 3).sum()
        engine.backward((y, z), (None, engine.tensor(10.0, dtype=torch.float64)))
        return x.grad

    assert compare(scenario) == [32.0, 34.0]
