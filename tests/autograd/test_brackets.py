"""Square brackets with everything that may stand in them, and other named forms."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tests.engines import compare, error_of

INDICES = {
    "a number from the end": -1,
    "NumPy's number": np.int64(1),
    "a step": slice(None, None, 2),
    "new dimensions": (None, slice(None), None),
    "dots": (..., 0),
    "nothing": (),
    "a list": [0, 2],
    "a range": range(2),
    "an empty list": [],
    "the same twice": [0, 0, 0],
    "pairs": ([0, 2], [1, -1]),
    "a list behind a slice": (slice(1, None), [0, 2]),
    "NumPy's array": np.array([0, 2]),
    "NumPy's mask": np.array([True, False, True]),
    "a raw array": torch.tensor([2, 0]),
    "a raw number": torch.tensor(1),
    "a raw mask": torch.tensor([True, False, True]),
    "a mask of all": torch.eye(3) > 0,
    "True": True,
    "False": False,
}


def matrix(engine):
    torch.manual_seed(0)
    return engine.tensor(torch.randn(3, 3, dtype=torch.float64), requires_grad=True)


@pytest.mark.parametrize("index", INDICES)
def test_reading(index):
    def scenario(engine):
        x = matrix(engine)
        y = x[INDICES[index]]
        (slope,) = engine.grad((y * y).sum(), x, create_graph=True)
        return y, slope, engine.grad(slope.sum(), x)[0], tuple(y.shape)

    compare(scenario)


@pytest.mark.parametrize("value", [2.0, np.float64(2), "a tensor"])
@pytest.mark.parametrize("index", INDICES)
def test_writing(index, value):
    def scenario(engine):
        x = matrix(engine)
        y = x * 1
        y[INDICES[index]] = x[0, 0] if value == "a tensor" else value
        y[INDICES[index]] *= 3
        (y * y).sum().backward()
        return y, x.grad

    compare(scenario)


def test_our_own_tensors_are_indices():
    def scenario(engine):
        x = matrix(engine)
        places, mask = engine.tensor([0, 2]), engine.tensor([True, False, True])
        start, end = engine.tensor(0), engine.tensor(2)
        parts = [x[places], x[mask], x[end], x[start:end], x[places, places]]
        sum(each.sum() for each in parts).backward()
        return parts, x.grad

    compare(scenario)


@pytest.mark.parametrize("index", [1.0, (0, 0, 0), 5])
def test_what_is_no_index(index):
    assert compare(lambda engine: error_of(lambda: matrix(engine)[index])) is IndexError


NAMED = {
    "permute": lambda x: x.permute(dims=(1, 0)),
    "flip": lambda x: x.flip(dims=(1,)),
    "broadcast_to": lambda x: x.broadcast_to(2, 3, 3),
    "one row of weights": lambda x: F.linear(x, x[0]),
    "one row for one row": lambda x: F.linear(x[0], x[1]),
    "conj": lambda x: (x * 1j).conj().resolve_conj().imag,
}


@pytest.mark.parametrize("name", NAMED)
def test_forms_with_names(name):
    def scenario(engine):
        x = matrix(engine)
        y = NAMED[name](x)
        (slope,) = engine.grad((y * y).sum(), x, create_graph=True)
        (again,) = engine.grad((slope * slope).sum(), x)
        return [(each * 1e6).round().contiguous() for each in (y, slope, again)]

    compare(scenario)


def test_a_made_tensor_may_require_grad():
    def scenario(engine):
        made = torch.ones_like(matrix(engine), requires_grad=True)
        made.sum().backward()
        return made.is_leaf, made.grad

    assert compare(scenario)[0] is True
