"""Closures as they should be: no warning, called with gradients enabled, counted."""

import pytest
import torch

from helpers.optim import LBFGS, SGD, Adam, Optimizer
from tests.engines import raw, warnings_of
from tests.optim.closure_cases import START, WORLDS, loss_of, made, right
from tests.optim.optimizers import OUR_WORLDS


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
    words = warnings_of(lambda: [optimizer.step(closure) for _ in range(3)])
    assert [each for each in words if "create_graph" not in each] == []
    assert loss_of(raw(weight)) < loss_of(START)


def test_gradients_made_by_autograd_grad_are_not_mistaken():
    weight, optimizer = made(OUR_WORLDS[0])

    def closure():
        loss = loss_of(weight)
        (weight.grad,) = torch.autograd.grad(loss, weight)
        return loss

    assert warnings_of(lambda: optimizer.step(closure)) == []


def test_a_penalty_on_the_gradient_before_zero_grad_is_not_mistaken():
    weight, optimizer = made(OUR_WORLDS[0])

    def closure():
        loss = loss_of(weight)
        (slope,) = torch.autograd.grad(loss, weight, create_graph=True)
        optimizer.zero_grad()
        loss = loss + 0.01 * (slope * slope).sum()
        loss.backward()
        return loss

    assert warnings_of(lambda: optimizer.step(closure)) == []


def test_gradients_of_other_batches_may_wait_for_a_first_order_method():
    weight, optimizer = made(OUR_WORLDS[0], SGD)
    loss_of(weight).backward()

    def closure():
        loss = loss_of(weight)
        loss.backward()
        return loss

    assert warnings_of(lambda: [optimizer.step(closure) for _ in range(2)]) == []


@WORLDS
def test_a_loss_written_into_the_same_tensor_is_another_loss(world):
    weight, optimizer = made(world, SGD)
    kept = torch.zeros((), dtype=torch.float64)

    def closure():
        optimizer.zero_grad()
        loss = loss_of(weight)
        loss.backward()
        return kept.copy_(raw(loss))

    assert warnings_of(lambda: [optimizer.step(closure) for _ in range(3)]) == []


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
