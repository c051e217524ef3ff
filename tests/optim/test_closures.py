"""What a closure must do, and how the optimizer says what it did not."""

import warnings
from functools import partial

import pytest
import torch

from helpers.optim import LBFGS, SGD, Adam, ConjugateGradient, Optimizer
from tests.optim.optimizers import OUR_WORLDS, TORCHS, error_of, raw

WORLDS = pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
START = torch.tensor([3.0, -2.0], dtype=torch.float64)


def loss_of(weight):
    return (weight * weight).sum() + (weight * weight * weight * weight).sum()


def made(world, method=LBFGS, **options):
    """A parameter and an optimizer over it."""
    weight = world.parameter(START)
    options = options or ({"lr": 0.01} if method is not LBFGS else {"max_iter": 5})
    return weight, method([weight], **options)


def said(function):
    """The words of the warnings that a call gives."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        function()
    return [str(each.message) for each in seen]


def right(weight, optimizer):
    """A closure as it should be."""

    def closure():
        optimizer.zero_grad()
        loss = loss_of(weight)
        loss.backward()
        return loss

    return closure


# What is right


def written_zeros(weight, optimizer):
    def closure():
        optimizer.zero_grad(set_to_none=False)
        loss = loss_of(weight)
        loss.backward()
        return loss

    return closure


def zeroed_unseen(weight, optimizer):
    """Zeroed through .data, as in 2019: torch does not count that as a change."""

    def closure():
        if weight.grad is not None:
            weight.grad.data.zero_()
        loss = loss_of(weight)
        loss.backward()
        return loss

    return closure


def in_mini_batches(weight, optimizer):
    def closure():
        optimizer.zero_grad(set_to_none=False)
        total = 0.0
        for part in range(3):
            loss = loss_of(weight) * (part + 1) / 6
            loss.backward()
            total += loss.item()
        return total

    return closure


def with_create_graph(weight, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = loss_of(weight)
        loss.backward(create_graph=True)
        return loss

    return closure


def detached_loss(weight, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = loss_of(weight)
        loss.backward()
        return loss.detach()

    return closure


RIGHT = [
    right,
    written_zeros,
    zeroed_unseen,
    in_mini_batches,
    with_create_graph,
    detached_loss,
]


@WORLDS
@pytest.mark.parametrize("write", RIGHT, ids=lambda each: each.__name__)
@pytest.mark.parametrize("method", [LBFGS, SGD])
@pytest.mark.filterwarnings("ignore:Using backward:UserWarning")
def test_a_right_closure_gives_no_warning(world, write, method):
    weight, optimizer = made(world, method)
    closure = write(weight, optimizer)
    words = said(lambda: [optimizer.step(closure) for _ in range(3)])
    assert [each for each in words if "create_graph" not in each] == []
    assert loss_of(raw(weight)) < loss_of(START)


def test_gradients_made_by_autograd_grad_are_not_mistaken():
    weight, optimizer = made(OUR_WORLDS[0])

    def closure():
        loss = loss_of(weight)
        (weight.grad,) = torch.autograd.grad(loss, weight)
        return loss

    assert said(lambda: optimizer.step(closure)) == []


def test_a_penalty_on_the_gradient_before_zero_grad_is_not_mistaken():
    weight, optimizer = made(OUR_WORLDS[0])

    def closure():
        loss = loss_of(weight)
        (slope,) = torch.autograd.grad(loss, weight, create_graph=True)
        optimizer.zero_grad()
        loss = loss + 0.01 * (slope * slope).sum()
        loss.backward()
        return loss

    assert said(lambda: optimizer.step(closure)) == []


def test_gradients_of_other_batches_may_wait_for_a_first_order_method():
    weight, optimizer = made(OUR_WORLDS[0], SGD)
    loss_of(weight).backward()

    def closure():
        loss = loss_of(weight)
        loss.backward()
        return loss

    assert said(lambda: [optimizer.step(closure) for _ in range(2)]) == []


@WORLDS
def test_a_loss_written_into_the_same_tensor_is_another_loss(world):
    weight, optimizer = made(world, SGD)
    kept = torch.zeros((), dtype=torch.float64)

    def closure():
        optimizer.zero_grad()
        loss = loss_of(weight)
        loss.backward()
        return kept.copy_(raw(loss))

    assert said(lambda: [optimizer.step(closure) for _ in range(3)]) == []


# Counting, and gradients enabled


@WORLDS
@pytest.mark.parametrize("method", [LBFGS, SGD, Adam])
def test_calls_are_counted(world, method):
    weight, optimizer = made(world, method)
    calls = []
    closure = right(weight, optimizer)

    def counted():
        calls.append(torch.is_grad_enabled())
        return closure()

    assert optimizer.evaluations == 0
    with torch.no_grad():
        optimizer.step(counted)
        optimizer.step(counted)
    assert optimizer.evaluations == len(calls) > 1
    assert all(calls)
    assert Optimizer.evaluations == 0


def test_a_step_without_closure_counts_nothing():
    weight, optimizer = made(OUR_WORLDS[0], SGD)
    loss_of(weight).backward()
    assert optimizer.step() is None
    assert optimizer.evaluations == 0


@WORLDS
@pytest.mark.parametrize("method", [LBFGS, SGD])
def test_the_first_loss_is_returned_as_it_is(world, method):
    weight, optimizer = made(world, method)
    losses, closure = [], right(weight, optimizer)

    def kept():
        losses.append(closure())
        return losses[-1]

    assert optimizer.step(kept) is losses[0]


# What is wrong: errors for a method that needs the closure, warnings for others


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


BOTH = [
    (no_return, TypeError, "closure returned None", "return loss"),
    (two_things, TypeError, "closure returned a tuple", "a variable of your own"),
    (a_word, TypeError, "closure returned a str", "the loss alone"),
    (no_backward, RuntimeError, "no parameter has a gradient", "loss.backward()"),
    (no_graph, RuntimeError, "a loss that has no graph", "leave out detach()"),
]


@WORLDS
@pytest.mark.parametrize("wrong, kind, first, last", BOTH)
def test_what_stops_a_method_that_needs_the_closure(world, wrong, kind, first, last):
    weight, optimizer = made(world)
    error = error_of(optimizer.step, lambda: wrong(weight, optimizer))
    assert type(error) is kind
    assert first in str(error) and last in str(error) and "; " in str(error)
    torch.testing.assert_close(raw(weight), START, rtol=0, atol=0)


@WORLDS
@pytest.mark.parametrize("wrong, kind, first, last", BOTH)
def test_what_is_said_once_by_a_method_that_can_do_without(
    world, wrong, kind, first, last
):
    weight, optimizer = made(world, SGD)
    words = said(
        lambda: [optimizer.step(lambda: wrong(weight, optimizer)) for _ in range(3)]
    )
    assert len(words) == 1
    assert first in words[0] and last in words[0]


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
    error = error_of(optimizer.step, lambda: wrong(weight, optimizer))
    assert type(error) is kind and words in str(error)
    weight = TORCHS.parameter(START)
    there = torch.optim.LBFGS([weight])
    assert type(error_of(there.step, lambda: wrong(weight, there))) is kind


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

    error = error_of(optimizer.step, closure)
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

    assert "was computed outside" in str(error_of(optimizer.step, closure))


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

    error = error_of(optimizer.step, closure)
    assert type(error) is RuntimeError
    assert words in str(error)
    assert str(error).startswith(str(error.__cause__))


def test_other_errors_pass_as_they_are():
    weight, optimizer = made(OUR_WORLDS[0])
    mine = RuntimeError("the disk is full")

    def closure():
        raise mine

    assert error_of(optimizer.step, closure) is mine


# What is only said


@WORLDS
@pytest.mark.parametrize("method", [LBFGS, SGD])
def test_a_loss_computed_outside_is_told(world, method):
    weight, optimizer = made(world, method)
    outside = loss_of(weight)
    outside.backward()
    words = said(lambda: [optimizer.step(lambda: outside) for _ in range(3)])
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
    words = said(
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
    assert said(lambda: [optimizer.step(closure) for _ in steps]) == []
    wrong = partial(forgets_zero_grad, weight, optimizer)
    (words,) = said(lambda: [optimizer.step(wrong) for _ in steps])
    assert "call optimizer.zero_grad() at the beginning" in words
    assert optimizer.evaluations == 6


@WORLDS
def test_a_forgotten_zero_grad_does_what_it_does_in_torch(world):
    weight, optimizer = made(world, LBFGS, lr=0.01, max_iter=6)
    said(lambda: optimizer.step(lambda: forgets_zero_grad(weight, optimizer)))
    there = TORCHS.parameter(START)
    torch.optim.LBFGS([there], lr=0.01, max_iter=6).step(
        lambda: forgets_zero_grad(there, None)
    )
    torch.testing.assert_close(raw(weight), raw(there), rtol=1e-12, atol=0)


@WORLDS
def test_backward_outside_with_a_new_loss_is_told(world):
    weight, optimizer = made(world)
    loss_of(weight).backward()
    words = said(lambda: optimizer.step(lambda: loss_of(weight)))
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
