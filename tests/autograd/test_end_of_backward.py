"""Hooks at the end of a backward pass, after the last leaf; torch's queue_callback."""

import pytest
import torch

from helpers.autograd import tensor


def leaf(value=1.0):
    return tensor([value], requires_grad=True)


def test_it_is_called_once_all_leaves_have_their_gradients():
    first, second = leaf(), leaf()
    seen = []
    first.register_post_backward_hook(lambda x: seen.append((x, second.grad.item())))
    (first + 3 * second).backward()
    (first * second).backward()
    assert seen == [(first, 3.0), (first, 4.0)]


def test_a_pass_that_misses_the_leaf_does_not_call_it():
    first, second = leaf(), leaf()
    first.register_post_backward_hook(lambda x: pytest.fail("called"))
    second.backward()


def test_one_that_was_removed_is_not_called_again():
    x, seen = leaf(), []

    def once(x):
        handle.remove()
        seen.append(1)

    handle = x.register_post_backward_hook(once)
    x.backward()
    x.backward()
    assert seen == [1]


def test_a_pass_inside_of_another_has_an_end_of_its_own():
    """As in torch, where a callback belongs to the pass in which it was queued."""
    outer, inner, order = leaf(), leaf(), []
    outer.register_post_accumulate_grad_hook(lambda x: inner.backward())
    inner.register_post_backward_hook(lambda x: order.append("inner"))
    outer.register_post_backward_hook(lambda x: order.append("outer"))
    outer.backward()
    assert order == ["inner", "outer"]


def test_torch_calls_back_at_the_same_place():
    first = torch.ones(1, requires_grad=True)
    second = torch.ones(1, requires_grad=True)
    seen = []
    queue = torch.autograd.Variable._execution_engine.queue_callback
    first.register_post_accumulate_grad_hook(
        lambda x: queue(lambda: seen.append(second.grad.item()))
    )
    (first + 3 * second).backward()
    assert seen == [3.0]
