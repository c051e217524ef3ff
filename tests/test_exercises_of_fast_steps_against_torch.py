"""The worked solutions of chapter 14 are right because PyTorch says so."""

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from helpers.exercises.chapter_14 import (
    e1_count,
    e2_gain,
    e3_clipped,
    e4_peaks,
)

SIZE = 6


class Calls(TorchDispatchMode):
    """Counts calls, and bytes of their operands and of one result each."""

    def __init__(self):
        super().__init__()
        self.calls = self.bytes = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = operation(*args, **(kwargs or {}))
        self.calls += 1
        self.bytes += sum(
            each.nbytes
            for each in [*tree_leaves((args, kwargs)), result]
            if isinstance(each, torch.Tensor)
        )
        return result


def step(params, grads, buffers):
    """The loop of exercise 14.1."""
    for p, grad, buffer in zip(params, grads, buffers, strict=True):
        grad = grad.add(p, alpha=0.1)
        buffer.mul_(0.9).add_(grad)
        grad = grad.add(buffer, alpha=0.9)
        p.add_(grad, alpha=-0.1)


def step_of_lists(params, grads, buffers):
    """The same on lists."""
    grads = torch._foreach_add(grads, params, alpha=0.1)
    torch._foreach_mul_(buffers, 0.9)
    torch._foreach_add_(buffers, grads)
    grads = torch._foreach_add(grads, buffers, alpha=0.9)
    torch._foreach_add_(params, grads, alpha=-0.1)


def lists(count):
    return [[torch.ones(SIZE) for _ in range(count)] for _ in range(3)]


def counted(way, count):
    """The calls and bytes of a way over so many tensors, which are made before."""
    made = lists(count)
    with Calls() as calls:
        way(*made)
    return calls


def test_counts_are_what_a_counter_of_calls_finds():
    counts = e1_count.COUNTS
    assert counted(step, 10).calls == counts["loop"]
    assert counted(step_of_lists, 10).calls == counts["lists"]
    assert counted(step, 1).calls == counts["flat"]
    assert counted(step, 10).bytes == counts["bytes"] * SIZE * 10


def test_both_ways_to_step_are_torchs():
    p = nn.Parameter(torch.ones(SIZE))
    options = dict(lr=0.1, momentum=0.9, weight_decay=0.1, nesterov=True)
    sgd = torch.optim.SGD([p], **options)
    p.grad = torch.ones(SIZE)
    sgd.step()
    buffer = sgd.state[p]["momentum_buffer"].clone()
    for way in (step, step_of_lists):
        own = p.detach().clone(), torch.ones(SIZE), buffer.clone()
        way(*([each] for each in own))
        other = nn.Parameter(p.detach().clone())
        again = torch.optim.SGD([other], **options)
        again.state[other]["momentum_buffer"] = buffer.clone()
        other.grad = torch.ones(SIZE)
        again.step()
        torch.testing.assert_close(own[0], other.detach())


def test_a_step_that_is_all_calls_or_all_bytes_gains_their_ratio():
    all_calls = e2_gain.gain(10, 1, 3, 32, 20, 1.0, 1e30)
    all_bytes = e2_gain.gain(1, 10**9, 3, 32, 20, 0.0, 1.0)
    assert (all_calls, all_bytes) == (pytest.approx(30), pytest.approx(1.6))


def test_a_gradient_is_clipped_as_torch_clips():
    for gradient, limit in e3_clipped.EXERCISE.cases():
        p = nn.Parameter(torch.zeros_like(gradient))
        p.grad = gradient.clone()
        nn.utils.clip_grad_norm_([p], limit)
        torch.testing.assert_close(e3_clipped.clipped(gradient, limit), p.grad)


@pytest.mark.parametrize("saved, grads", e4_peaks.EXERCISE.cases())
def test_peaks_are_those_of_a_walk_through_the_step(saved, grads):
    found = e4_peaks.peaks(saved, grads)
    for way, peak in found.items():
        held = most = sum(grads) if way == "zeros" else 0
        for size in saved:
            held += size
            most = max(most, held)
        for size, own in zip(reversed(saved), reversed(grads), strict=True):
            held += own if way != "zeros" else 0
            most = max(most, held)
            held -= size + (own if way == "inside" else 0)
        assert most == peak
