"""Closures that leave wrong gradients or losses: the warnings, each once."""

from functools import partial

import pytest
import torch

from helpers.optim import LBFGS, SGD, ConjugateGradient
from tests.engines import raw, warnings_of
from tests.optim.closure_cases import START, WORLDS, loss_of, made, right
from tests.optim.optimizers import OUR_WORLDS, TORCHS


@WORLDS
@pytest.mark.parametrize("method", [LBFGS, SGD])
def test_a_loss_computed_outside_is_told(world, method):
    weight, optimizer = made(world, method)
    outside = loss_of(weight)
    outside.backward()
    words = warnings_of(lambda: [optimizer.step(lambda: outside) for _ in range(3)])
    assert sum("the same tensor as the time before" in each for each in words) == 1


def forgets_zero_grad(weight, optimizer):
    loss = loss_of(weight)
    loss.backward()
    return loss


def forgets_in_mini_batches(weight, optimizer):
    for _ in range(2):
        loss = loss_of(weight) / 2
        loss.backward()
    return loss


def forgets_with_create_graph(weight, optimizer):
    loss = loss_of(weight)
    loss.backward(create_graph=True)
    return loss


@WORLDS
@pytest.mark.parametrize(
    "wrong", [forgets_zero_grad, forgets_in_mini_batches, forgets_with_create_graph]
)
@pytest.mark.parametrize("line_search", [None, "strong_wolfe"])
@pytest.mark.filterwarnings("ignore:Using backward:UserWarning")
def test_a_forgotten_zero_grad_is_told_once(world, wrong, line_search):
    weight, optimizer = made(world, LBFGS, lr=0.01, line_search_fn=line_search)
    optimizer.zero_grad()  # before step(): that is not enough
    words = warnings_of(
        lambda: [optimizer.step(lambda: wrong(weight, optimizer)) for _ in range(2)]
    )
    assert sum("call optimizer.zero_grad() at the beginning" in w for w in words) == 1


@WORLDS
@pytest.mark.parametrize("method", [LBFGS, ConjugateGradient])
def test_it_is_told_too_where_each_step_asks_once(world, method):
    options = {"max_iter": 1} if method is LBFGS else {"max_eval": 1}
    weight, optimizer = made(world, method, lr=0.01, **options)
    steps = range(3)
    closure = right(weight, optimizer)
    assert warnings_of(lambda: [optimizer.step(closure) for _ in steps]) == []
    wrong = partial(forgets_zero_grad, weight, optimizer)
    (words,) = warnings_of(lambda: [optimizer.step(wrong) for _ in steps])
    assert "call optimizer.zero_grad() at the beginning" in words
    assert optimizer.evaluations == 6


@WORLDS
def test_a_forgotten_zero_grad_does_what_it_does_in_torch(world):
    weight, optimizer = made(world, LBFGS, lr=0.01, max_iter=6)
    warnings_of(lambda: optimizer.step(lambda: forgets_zero_grad(weight, optimizer)))
    there = TORCHS.parameter(START)
    torch.optim.LBFGS([there], lr=0.01, max_iter=6).step(
        lambda: forgets_zero_grad(there, None)
    )
    torch.testing.assert_close(raw(weight), raw(there), rtol=1e-12, atol=0)


@WORLDS
def test_backward_outside_with_a_new_loss_is_told(world):
    weight, optimizer = made(world)
    loss_of(weight).backward()
    words = warnings_of(lambda: optimizer.step(lambda: loss_of(weight)))
    assert len(words) == 1
    assert "the gradients are those of the time before" in words[0]


def test_the_hooks_that_watch_are_taken_away_again():
    weight, optimizer = made(OUR_WORLDS[0])
    optimizer.step(right(weight, optimizer))
    assert not weight._backward_hooks
    assert not weight._post_accumulate_grad_hooks


def test_a_warning_names_the_line_that_called_step():
    weight, optimizer = made(OUR_WORLDS[0])
    with pytest.warns(UserWarning) as seen:
        optimizer.step(lambda: forgets_zero_grad(weight, optimizer))
    assert seen[0].filename == __file__


@WORLDS
def test_an_error_in_the_middle_puts_the_parameters_back(world):
    weight, optimizer = made(world, LBFGS, line_search_fn="strong_wolfe")
    closure, calls = right(weight, optimizer), []

    def failing():
        calls.append(raw(weight).clone())
        if len(calls) == 2:
            raise KeyboardInterrupt
        return closure()

    with pytest.raises(KeyboardInterrupt):
        optimizer.step(failing)
    assert not torch.equal(calls[1], START)
    torch.testing.assert_close(raw(weight), START, rtol=0, atol=0)
    optimizer.step(closure)
    assert loss_of(raw(weight)) < 1e-8
