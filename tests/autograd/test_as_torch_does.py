"""Arguments, attributes and uses that torch knows: they mean the same here."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from helpers.autograd import Tensor
from tests.engines import OURS, compare, error_of

START = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64)


# Results that have no derivative are no constants

UNIQUE = {
    "unique": lambda x, n: torch.unique(x),
    "unique, all it tells": lambda x, n: torch.unique(x, True, True, True),
    "unique, a method": lambda x, n: x.unique(return_inverse=True),
    "unique rows": lambda x, n: torch.unique(x, dim=0),
    "unique_consecutive": lambda x, n: torch.unique_consecutive(x),
    "unique_consecutive, counts": lambda x, n: x.unique_consecutive(return_counts=True),
    "bincount": lambda x, n: torch.bincount(n, weights=x.flatten()),
    "bincount, a method": lambda x, n: n.bincount(x.flatten(), 6),
    "bincount of integers": lambda x, n: torch.bincount(n),
    "unique of integers": lambda x, n: torch.unique(n, return_counts=True),
    "histc": lambda x, n: torch.histc(x),
}


@pytest.mark.parametrize("name", UNIQUE)
def test_what_has_no_derivative_says_so_in_backward(name):
    def scenario(engine):
        x, n = engine.leaf_of(START), engine.tensor([0, 1, 1, 3])
        made = UNIQUE[name](x, n)
        made = made if isinstance(made, tuple) else (made,)
        needs = [each.requires_grad for each in made]
        error = error_of(made[0].sum().backward, "not implemented") if needs[0] else 0
        return [each.detach() for each in made], needs, error

    compare(scenario)


# Arguments

REPEATS = {
    "counts": lambda x, t: torch.repeat_interleave(x, t([1, 2]), dim=0),
    "a method": lambda x, t: x.repeat_interleave(t([1, 2]), dim=1, output_size=3),
    "one count": lambda x, t: torch.repeat_interleave(x, t(2), dim=0),
    "a number": lambda x, t: torch.repeat_interleave(x, 2),
}


@pytest.mark.parametrize("name", REPEATS)
def test_counts_of_repeat_interleave_may_be_our_tensors(name):
    def scenario(engine):
        x = engine.leaf_of(START)
        made = REPEATS[name](x, engine.tensor)
        (made * made).sum().backward()
        return made.detach(), x.grad, torch.repeat_interleave(engine.tensor([1, 2]))

    compare(scenario)


OUT = {
    "mul": lambda a, out: torch.mul(a, a, out=out),
    "add": lambda a, out: torch.add(a, a, alpha=2, out=out),
    "sum": lambda a, out: torch.sum(a, 0, out=out),
    "matmul": lambda a, out: torch.matmul(a, a, out=out),
    "eq": lambda a, out: torch.eq(a, a, out=out),
    "clamp": lambda a, out: torch.clamp(a, 0, 1, out=out),
    "cat": lambda a, out: torch.cat([a, a], out=out),
}


@pytest.mark.parametrize("name", OUT)
def test_out_is_written_to_without_gradients_and_refused_with_them(name):
    def scenario(engine):
        a = engine.leaf_of(START)
        out = engine.tensor([], dtype=torch.float64)
        error = error_of(lambda: OUT[name](a, out), "out=")
        with engine.no_grad():
            same = OUT[name](a, out) is out
        again = engine.tensor([], dtype=torch.float64)
        OUT[name](a.detach(), again)
        return error, same, out.requires_grad, out, again

    compare(scenario)


def test_out_may_be_several_a_view_or_an_array():
    def scenario(engine):
        a = engine.leaf_of(START).detach()
        values, places = a[0] * 0, engine.tensor([0, 0])
        torch.max(a, 0, out=(values, places))
        whole = engine.tensor(torch.zeros(2, 2, dtype=torch.float64))
        torch.mul(a[0], a[1], out=whole[0])
        raw = torch.zeros(2, 2, dtype=torch.float64)
        torch.mul(a, a, out=raw)
        return values, places, whole, raw

    compare(scenario)


def test_out_of_a_graph_is_refused():
    def scenario(engine):
        x = engine.leaf_of(START)
        raw = x.detach()
        return error_of(lambda: torch.mul(raw, raw, out=x * 2), "out=")

    assert compare(scenario) is RuntimeError


@pytest.mark.parametrize("create_graph", [True, False])
def test_zeros_in_the_place_of_none_require_grad_in_a_recorded_pass(create_graph):
    def scenario(engine):
        x, unused = engine.leaf_of(START), engine.leaf_of(START)
        found = engine.grad(
            (x * x).sum(), [x, unused],
            create_graph=create_graph, materialize_grads=True,
        )  # fmt: skip
        return [(each.tolist(), each.requires_grad) for each in found]

    assert compare(scenario)[1][1] is create_graph


# NumPy, and attributes


def test_numpy_is_allowed_where_nothing_is_recorded():
    def scenario(engine):
        x = engine.leaf_of(START)
        with engine.no_grad():
            arrays = [x.numpy(), np.asarray(x), np.sin(x), (x * 2).numpy()]
        return [each.tolist() for each in arrays], error_of(x.numpy, "requires grad")

    compare(scenario)


def test_plain_attributes_are_there():
    raw, ours = torch.ones(2), Tensor(torch.ones(2))
    kinds = [name for name in dir(torch.Tensor) if name.startswith("is_")]
    for name in [*kinds, "name", "_base", "is_leaf", "is_nested", "is_quantized"]:
        if not callable(getattr(raw, name)):
            assert getattr(ours, name) == getattr(raw, name), name


# Gradients that are sparse

SPARSE = {
    "s": lambda w, n: F.embedding(n, w, sparse=True).sum(),
    "d": lambda w, n: (w * w).sum(),
}


@pytest.mark.parametrize("order", ["sd", "ds", "ss", "sds", "dss"])
@pytest.mark.parametrize("at_once", [True, False])
def test_sparse_and_dense_gradients_add_up(order, at_once):
    def scenario(engine):
        w, n = engine.leaf_of(START), engine.tensor([0, 1, 1])
        losses = [SPARSE[kind](w, n) for kind in order]
        for loss in [sum(losses)] if at_once else losses:
            loss.backward()
        array = torch.Tensor.to_dense(w.grad.data)
        return array.tolist(), w.grad.is_sparse

    compare(scenario)


# Backwards within backwards


def test_backwards_in_backwards_end_in_a_plain_error_and_leave_no_trace():
    def nested(levels):
        x = OURS.leaf(1.0)
        if levels:
            x.register_hook(lambda g: nested(levels - 1))
        with OURS.enable_grad():
            y = x * 2
        y.backward()
        return x.grad

    assert nested(5).tolist() == [2.0]
    assert error_of(lambda: nested(2_000)) is RecursionError
    assert nested(5).tolist() == [2.0]
