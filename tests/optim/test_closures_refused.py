"""Closures that a method can't go on with: the errors, and whom they only warn."""

import pytest
import torch

from helpers.optim import LBFGS, SGD
from tests.engines import raw, warnings_of
from tests.optim.closure_cases import START, WORLDS, loss_of, made
from tests.optim.optimizers import OUR_WORLDS, TORCHS, raised_by


def no_return(weight, optimizer):
    loss_of(weight).backward()


def no_backward(weight, optimizer):
    return loss_of(weight)


def no_graph(weight, optimizer):
    with torch.no_grad():
        return loss_of(weight).detach()


def two_things(weight, optimizer):
    loss = loss_of(weight)
    loss.backward()
    return loss, 1


def a_word(weight, optimizer):
    loss_of(weight).backward()
    return "0.5"


STOPPED = [
    (no_return, TypeError, "closure returned None", "return loss"),
    (two_things, TypeError, "closure returned a tuple", "a variable of your own"),
    (a_word, TypeError, "closure returned a str", "the loss alone"),
    (no_backward, RuntimeError, "no parameter has a gradient", "loss.backward()"),
    (no_graph, RuntimeError, "a loss that has no graph", "leave out detach()"),
]


@WORLDS
@pytest.mark.parametrize("wrong, kind, first, last", STOPPED)
def test_what_stops_a_method_that_needs_the_closure(world, wrong, kind, first, last):
    weight, optimizer = made(world)
    error = raised_by(optimizer.step, lambda: wrong(weight, optimizer))
    assert type(error) is kind
    assert first in str(error) and last in str(error) and "; " in str(error)
    torch.testing.assert_close(raw(weight), START, rtol=0, atol=0)


@WORLDS
def test_what_is_said_once_by_a_method_that_can_do_without(world):
    """A loss that was computed from the parameters, and no gradient of it."""
    weight, optimizer = made(world, SGD)
    words = warnings_of(
        lambda: [optimizer.step(lambda: no_backward(weight, optimizer)) for _ in "abc"]
    )
    assert len(words) == 1
    assert "no parameter has a gradient" in words[0] and "loss.backward()" in words[0]


def several_numbers(weight, optimizer):
    loss_of(weight).backward()
    return weight * 2


def complex_loss(weight, optimizer):
    loss_of(weight).backward()
    return torch.tensor(1 + 2j)


@WORLDS
@pytest.mark.parametrize(
    "wrong, kind, words",
    [
        (several_numbers, ValueError, "a loss of shape (2,)"),
        (complex_loss, RuntimeError, "a loss of torch.complex64"),
    ],
)
def test_a_loss_is_one_real_number_as_in_torch(world, wrong, kind, words):
    weight, optimizer = made(world)
    error = raised_by(optimizer.step, lambda: wrong(weight, optimizer))
    assert type(error) is kind and words in str(error)
    weight = TORCHS.parameter(START)
    there = torch.optim.LBFGS([weight])
    assert type(raised_by(there.step, lambda: wrong(weight, there))) is kind


@pytest.mark.parametrize("method", [LBFGS, SGD])
def test_a_closure_that_cannot_be_called(method):
    weight, optimizer = made(OUR_WORLDS[0], method)
    with pytest.raises(TypeError, match="can't be called.*pass the function"):
        optimizer.step(3.0)
    assert optimizer.evaluations == 0


# What comes out of backward() with a sentence added


def test_the_second_backward_says_where_the_loss_belongs():
    weight, optimizer = made(OUR_WORLDS[0])
    outside = loss_of(weight)

    def closure():
        optimizer.zero_grad()
        outside.backward()
        return outside

    error = raised_by(optimizer.step, closure)
    assert type(error) is RuntimeError
    assert str(error).startswith("Trying to backward through the graph a second time")
    assert "was computed outside. Move all of it" in str(error)
    assert str(error).startswith(str(error.__cause__))


def test_our_tensors_second_backward_says_so_too():
    weight, optimizer = made(OUR_WORLDS[1])
    outside = loss_of(weight)

    def closure():
        outside.backward()
        return outside

    assert "was computed outside" in str(raised_by(optimizer.step, closure))


@pytest.mark.parametrize(
    "loss, words",
    [
        (lambda weight: loss_of(weight.detach()), "cut from them by detach()"),
        (lambda weight: weight * weight, "Reduce it, with loss.mean()"),
    ],
)
@WORLDS
@pytest.mark.parametrize("method", [LBFGS, SGD])
def test_other_errors_of_backward_are_explained(world, method, loss, words):
    weight, optimizer = made(world, method)

    def closure():
        made = loss(weight)
        made.backward()
        return made

    error = raised_by(optimizer.step, closure)
    assert type(error) is RuntimeError
    assert words in str(error)
    assert str(error).startswith(str(error.__cause__))


def test_other_errors_pass_as_they_are():
    weight, optimizer = made(OUR_WORLDS[0])
    mine = RuntimeError("the disk is full")

    def closure():
        raise mine

    assert raised_by(optimizer.step, closure) is mine
