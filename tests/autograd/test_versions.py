"""Arrays that were saved and then changed: backward refuses, and says what happened."""

import pytest
import torch

from tests.engines import OURS, TORCHS, compare, error_of

WORDS = ("modified by an inplace operation", "is at version", "expected version 0")


def test_an_output_that_was_saved_and_changed():
    def scenario(engine):
        y = engine.leaf(1.0, 2.0).exp()
        z = y.sum()
        y.add_(1)
        other = engine.leaf(1.0).exp()
        changed = other.add_(1)
        return z.item(), error_of(changed.sum().backward, *WORDS, "Exp")

    assert compare(scenario)[1] is RuntimeError


def test_an_input_that_was_saved_and_changed():
    def scenario(engine):
        y = engine.leaf(1.0, 2.0) * 1
        z = (y * y).sum()
        y.zero_()
        return y._version, error_of(z.backward, *WORDS, "[torch.DoubleTensor [2]]")

    assert compare(scenario) == (1, RuntimeError)


def test_changes_of_what_nobody_saved_do_no_harm():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = x + 1
        z = (y * 3).sum()
        y.zero_()
        z.backward()
        return x.grad

    assert compare(scenario) == [3.0, 3.0]


@pytest.mark.parametrize(
    "change",
    [
        lambda y: y[:1].add_(1),
        lambda y: y.view(2, 1).mul_(2),
        lambda y: y.detach().zero_(),
        lambda y: y.__setitem__(0, 3.0),
        lambda y: y.t().copy_(y.t() * 2),
        lambda y: y.unsqueeze(0).squeeze(0).neg_(),
    ],
)
def test_changes_through_a_view(change):
    def scenario(engine):
        y = engine.leaf(1.0, 2.0) * 1
        z = y.square().sum()
        change(y)
        return y._version > 0, error_of(z.backward, *WORDS[:2])

    assert compare(scenario) == (True, RuntimeError)


def test_a_view_is_saved_and_its_base_changes():
    def scenario(engine):
        y = engine.leaf(1.0, 2.0) * 1
        z = y[:1].square().sum()
        y[1] = 7.0
        return error_of(z.backward, *WORDS[:2])

    assert compare(scenario) is RuntimeError


def test_changes_of_data_are_noticed_here_while_torch_computes_on():
    def scenario(engine):
        y = engine.leaf(1.0, 2.0) * 1
        z = y.square().sum()
        y.data.mul_(10)
        return error_of(z.backward)

    assert (scenario(OURS), scenario(TORCHS)) == (RuntimeError, None)


def test_an_optimizers_step_between_two_backwards():
    def scenario(engine):
        weight, inputs = engine.leaf(2.0), engine.leaf(3.0)
        first = inputs * weight
        second = first * weight
        first.backward(retain_graph=True)
        with engine.no_grad():
            weight -= 0.1 * weight.grad
        return weight, error_of(second.backward, *WORDS)

    assert compare(scenario)[1] is RuntimeError


def test_an_array_that_was_replaced_is_still_the_one_that_was_saved():
    weight = OURS.leaf(2.0)
    y = weight * weight
    weight.data = torch.tensor([5.0], dtype=torch.float64)
    y.backward()
    assert weight.grad.tolist() == [4.0]


def test_a_list_that_was_saved_is_watched():
    def scenario(engine):
        y = engine.leaf(1.0, 2.0) * 1
        index = engine.tensor([0, 1])
        z = y[index].sum()
        index.zero_()
        return error_of(z.backward, *WORDS[:2])

    assert compare(scenario) is RuntimeError
