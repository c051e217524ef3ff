"""Clipping beside torch's, of the gradients of our Parameters and of torch's."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers import nn
from helpers.autograd import tensor
from helpers.nn import Parameter
from tests.engines import error_of, warnings_of

MAKERS = {"ours": Parameter, "torch": torch.nn.Parameter}


def parameters(make, scale=1.0, dtypes=(torch.float32, torch.float64), seed=0):
    """Three parameters with gradients, and one without."""
    generator = torch.Generator().manual_seed(seed)
    made = []
    for dtype in (*dtypes, dtypes[0]):
        parameter = make(torch.zeros(3, 2, dtype=dtype))
        grad = scale * torch.randn(3, 2, generator=generator, dtype=dtype)
        parameter.grad = grad if make is torch.nn.Parameter else tensor(grad)
        made.append(parameter)
    return [*made, make(torch.zeros(1))]


def grads(parameters):
    return [each.grad.data for each in parameters if each.grad is not None]


NUMBERS = st.sampled_from([0.0, 0.1, 1.0, 5.0, 1e9])


@pytest.mark.parametrize("kind", MAKERS)
@given(st.data())
def test_norms_are_clipped_as_in_torch(kind, data):
    scale, largest = data.draw(NUMBERS), data.draw(NUMBERS)
    norm = data.draw(st.sampled_from([2.0, 1, math.inf, 0.5, "inf", 3]))
    own, torchs = parameters(MAKERS[kind], scale), parameters(torch.nn.Parameter, scale)
    places = [each.grad for each in own]
    total = nn.clip_grad_norm_(own, largest, norm)
    wanted = torch.nn.utils.clip_grad_norm_(torchs, largest, norm)
    torch.testing.assert_close(total, wanted)
    torch.testing.assert_close(grads(own), grads(torchs))
    assert all(a is b.grad for a, b in zip(places, own, strict=True)), "not in place"


@pytest.mark.parametrize("kind", MAKERS)
@given(scale=NUMBERS, largest=NUMBERS)
def test_values_are_clipped_as_in_torch(kind, scale, largest):
    own, torchs = parameters(MAKERS[kind], scale), parameters(torch.nn.Parameter, scale)
    assert nn.utils.clip_grad_value_(own, largest) is None
    torch.nn.utils.clip_grad_value_(torchs, largest)
    torch.testing.assert_close(grads(own), grads(torchs))


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("number", [math.inf, math.nan])
def test_what_is_not_finite_is_refused_if_asked(kind, number):
    own = parameters(MAKERS[kind])
    own[0].grad.data[0, 0] = number
    before = [each.clone() for each in grads(own)]

    def clip():
        nn.clip_grad_norm_(own, 1.0, error_if_nonfinite=True)

    words = "total norm of order 2.0", "non-finite", str(number), "Look for the loss"
    assert error_of(clip, *words) is RuntimeError
    torch.testing.assert_close(grads(own), before, equal_nan=True)
    total = nn.clip_grad_norm_(own, 1.0)
    assert not total.isfinite()


def test_one_tensor_or_a_generator_will_do():
    layer = nn.Linear(2, 2)
    layer(torch.ones(1, 2)).sum().backward()
    nn.clip_grad_norm_(layer.parameters(), 0.5)
    norm = torch.stack([g.norm() for g in grads(layer.parameters())]).norm()
    assert norm.item() == pytest.approx(0.5)
    nn.clip_grad_value_(layer.weight, 0.01)
    assert layer.weight.grad.data.max() <= 0.01 < layer.bias.grad.data.max()


def test_nothing_to_clip():
    assert nn.clip_grad_norm_([], 1.0) == 0
    assert nn.clip_grad_norm_([Parameter(torch.ones(1))], 1.0) == 0
    used = nn.Linear(1, 1).parameters()
    list(used)
    (said,) = warnings_of(lambda: nn.clip_grad_norm_(used, 1.0))
    assert said.startswith("`parameters` is an empty generator")


def test_clipping_counts_a_tied_weight_once():
    layer = nn.Linear(2, 2, bias=False)
    model = nn.Sequential(layer, layer)
    model(torch.ones(1, 2)).sum().backward()
    wanted = layer.weight.grad.data.norm()
    assert nn.clip_grad_norm_(model.parameters(), 1e9) == wanted
