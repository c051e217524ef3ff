"""Each layer beside torch's, over drawn settings: values, gradients, state, looks."""

import copy

import pytest
import torch
from hypothesis import given, settings

from helpers import nn
from helpers.autograd import tensor
from tests.counted import LAYERS
from tests.nn.layers import KINDS, RARE, assert_same_state, layer_cases, raw
from tests.nn.scenario import compare

EXAMPLES = 30
NEW_IN_REPR = (", bias=True", ", bias=False")  # of normalisation, in newer torch


def leaf(input, kind):
    """An input as a leaf: of ours, or torch's; integers need no gradient."""
    wants = input.is_floating_point()
    if kind == "ours":
        return tensor(input.clone(), requires_grad=wants)
    return input.clone().requires_grad_(wants)


def ran(layer, input, kind):
    """Output and gradients of two calls: of the input, and of all parameters."""
    found = []
    for _ in range(2):  # the second meets the running statistics of the first
        torch.default_generator.manual_seed(3)
        start = leaf(input, kind)
        # In place, a layer changes what it is given: that must not be a leaf.
        out = layer(start * 1 if start.requires_grad else start)
        found.append(raw(out))
        if not out.requires_grad:
            continue
        weights = torch.linspace(-1, 1, raw(out).numel(), dtype=raw(out).dtype)
        (out * weights.reshape(out.shape)).sum().backward()
        found += [None if start.grad is None else raw(start.grad)]
    grads = [each.grad for each in layer.parameters()]
    return found + [None if grad is None else raw(grad) for grad in grads]


def assert_same_runs(ours, torchs, input):
    """Assert that two layers compute the same, and end in the same state."""
    found, wanted = ran(ours, input, "ours"), ran(torchs, input, "torch")
    assert len(found) == len(wanted)
    for mine, theirs in zip(found, wanted, strict=True):
        assert (mine is None) == (theirs is None)
        if mine is not None:
            torch.testing.assert_close(mine, theirs, equal_nan=True)
    assert_same_state(ours, torchs, exactly=False)


def shown(layer):
    """A layer as it is printed, without what newer versions of torch say too."""
    text = repr(layer)
    for each in NEW_IN_REPR if "Norm" in text else ():
        text = text.replace(each, "")
    return text


def compared(case):
    """Compare one layer, then again with weights handed over, both ways."""
    ours, torchs = case.made(nn), case.made(torch.nn)
    assert shown(ours) == shown(torchs)
    assert_same_state(ours, torchs)
    assert [*dict(ours.named_buffers())] == [*dict(torchs.named_buffers())]
    fresh = copy.deepcopy(ours), copy.deepcopy(torchs)
    input = case.input()
    assert_same_runs(ours, torchs, input)
    # Each takes over the other's state, and goes on from there.
    assert not any(fresh[0].load_state_dict(torchs.state_dict()))
    fresh[1].load_state_dict(ours.state_dict())
    assert_same_state(fresh[0], torchs)
    assert_same_state(ours, fresh[1])
    assert_same_runs(*fresh, input)


@pytest.mark.parametrize("kind", KINDS)
def test_layers_agree_with_torchs(kind, record_property):
    seen = set()

    @settings(max_examples=EXAMPLES)
    @given(layer_cases([KINDS[kind]]))
    def agree(case):
        compared(case)
        seen.add(repr(case))

    agree()
    record_property(LAYERS, len(seen))


@pytest.mark.parametrize("case", RARE, ids=lambda case: f"{case.name}, {case.kwargs}")
def test_what_is_seldom_drawn_agrees_too(case, record_property):
    compared(case)
    record_property(LAYERS, 1)


def test_statistics_that_are_not_tracked_any_more_stay():
    def scenario(library):
        norm = library.nn.BatchNorm1d(2)
        norm(library.tensor(torch.rand(3, 2)))
        norm.track_running_stats = False
        outputs = [norm(library.tensor(torch.rand(3, 2)))]
        outputs.append(norm.eval()(library.tensor(torch.rand(3, 2))))
        return outputs, norm.state_dict()

    compare(scenario)
