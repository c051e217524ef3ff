"""`.data`: what may be assigned to it, on our tensors and on torch's."""

import pytest
import torch

from helpers.autograd import Tensor
from tests.engines import OURS, TORCHS, compare, error_of

GIVEN = {
    "None": lambda engine: None,
    "a number": lambda engine: 3,
    "a list": lambda engine: [1.0, 2.0],
    "a raw array": lambda engine: torch.tensor([3.0, 4.0]),
    "one that requires grad": lambda engine: torch.ones(3, requires_grad=True),
    "of another dtype": lambda engine: torch.ones(2, dtype=torch.float64),
    "integers": lambda engine: torch.ones(2, dtype=torch.int64),
    "sparse": lambda engine: torch.ones(2).to_sparse(),
    "of the engine's own": lambda engine: engine.tensor([5.0, 6.0]),
}


@pytest.mark.parametrize("name", GIVEN)
def test_what_is_assigned_is_unwrapped_or_refused(name):
    def scenario(engine):
        x = engine.tensor([1.0, 2.0], requires_grad=True)
        error = error_of(lambda: setattr(x, "data", GIVEN[name](engine)))
        is_raw = type(x.data) is torch.Tensor and not x.data.requires_grad
        (x * x).sum().backward()
        return error, is_raw, x.detach(), x.grad

    compare(scenario)


def test_integers_are_refused_only_where_gradients_are_wanted():
    def scenario(engine):
        x = engine.tensor([1.0, 2.0])
        x.data = torch.tensor([3, 4])
        return x

    compare(scenario)


def test_the_array_is_shared_and_a_parameter_of_torchs_refuses_our_tensors():
    raw = torch.tensor([3.0, 4.0])
    for engine in (OURS, TORCHS):
        x = engine.tensor([1.0, 2.0])
        x.data = raw
        assert x.data.data_ptr() == raw.data_ptr()
    parameter = torch.nn.Parameter(torch.ones(2))
    assert error_of(lambda: setattr(parameter, "data", Tensor(raw))) is TypeError
    assert parameter.tolist() == [1.0, 1.0]
