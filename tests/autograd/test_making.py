"""Tensors made from all that holds numbers, by all names of the arguments."""

import numpy as np
import pytest
import torch

from helpers.autograd import Tensor, tensor
from tests.engines import ENGINES, compare, error_of

HOLDING = {
    "a number": 3.5,
    "a whole number": 2,
    "a boolean": True,
    "a complex number": 1 + 2j,
    "a list": [1.0, 2.0],
    "nested lists": [[1, 2], [3, 4]],
    "a tuple": (1.0, 2.0),
    "nothing": [],
    "NumPy's number": np.float32(3),
    "float64": np.ones(3),
    "float16": np.ones(2, np.float16),
    "integers": np.arange(3),
    "booleans": np.array([True, False]),
    "a raw array": torch.ones(2),
    "raw integers": torch.arange(2),
}


@pytest.mark.parametrize("data", HOLDING)
@pytest.mark.parametrize("dtype", [None, torch.complex128])
def test_numbers_and_dtype_are_torchs(data, dtype):
    found = [
        (made.tolist(), made.dtype, made.shape, made.requires_grad)
        for engine in ENGINES
        for made in [engine.tensor(HOLDING[data], dtype=dtype)]
    ]
    assert found[0] == found[1]
    assert Tensor(HOLDING[data], dtype=dtype).tolist() == found[0][0]


@pytest.mark.parametrize("make", [tensor, Tensor])
def test_arguments_by_position_and_by_name(make):
    by_position = make([1, 2], True, torch.float64, "cpu")
    by_name = make(
        data=[1, 2], device=torch.device("cpu"), dtype=torch.float64, requires_grad=True
    )
    for made in (by_position, by_name):
        assert made.tolist() == [1.0, 2.0]
        assert made.dtype == torch.float64
        assert made.device == torch.device("cpu")
        assert made.requires_grad
        assert made.is_leaf


def test_a_raw_array_is_shared_and_all_else_copied():
    raw, array = torch.zeros(2), np.zeros(2)
    from_raw, from_array = tensor(raw), tensor(array)
    raw[0], array[0] = 1, 1
    assert from_raw.tolist() == [1.0, 0.0]
    assert from_array.tolist() == [0.0, 0.0]


def test_our_own_tensors_give_their_numbers():
    x = tensor([1.0, 2.0], requires_grad=True)
    for made in (tensor(x), tensor([x[0], x[1]]), Tensor(x * 1)):
        assert made.tolist() == [1.0, 2.0]
        assert made.is_leaf
        assert not made.requires_grad


@pytest.mark.parametrize("make", [torch.tensor, torch.as_tensor, torch.from_dlpack])
def test_torch_reads_a_tensor_that_needs_no_gradient(make):
    assert make(tensor([1.0, 2.0])).tolist() == [1.0, 2.0]
    wanting = tensor([1.0], requires_grad=True)
    assert error_of(lambda: make(wanting), "require grad") is BufferError


@pytest.mark.parametrize("data", [[1, 2], [True], np.arange(2)])
def test_whole_numbers_do_not_require_grad(data):
    def scenario(engine):
        make = lambda: engine.tensor(data, requires_grad=True)  # noqa: E731
        return error_of(make, "floating point")

    assert compare(scenario) is RuntimeError


def test_a_gradient_can_be_deleted():
    def scenario(engine):
        x = engine.leaf(1.0)
        (x * 2).backward()
        del x.grad
        return x.grad

    assert compare(scenario) is None


def test_no_tensors_have_nothing_to_send_back():
    assert compare(lambda engine: engine.backward([])) is None
