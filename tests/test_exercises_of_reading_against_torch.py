"""The worked solutions of chapter 17 say what PyTorch itself does."""

import itertools

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from helpers import optim
from helpers.exercises.chapter_17.e1_how_many_calls import COUNTS
from helpers.exercises.chapter_17.e2_ready_queue import engine_order
from helpers.exercises.chapter_17.e3_without_gaps import fills
from helpers.exercises.chapter_17.e5_missing_test import _layouts, wrong_layouts


class Counter(TorchDispatchMode):
    """Counts PyTorch's own operations."""

    count = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        self.count += operation.namespace == "aten"
        return operation(*args, **(kwargs or {}))


OPTIONS = {
    "loop": {"momentum": 0.9, "foreach": False},
    "lists": {"momentum": 0.9, "foreach": True},
    "fused": {"momentum": 0.9, "fused": True},
    "plain loop": {"foreach": False},
    "plain lists": {"foreach": True},
    "two groups": {"momentum": 0.9, "fused": True},
}


@pytest.mark.parametrize("name", COUNTS)
def test_calls_of_a_second_step(name):
    model = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 3), nn.Linear(3, 2))
    groups = list(model.parameters())
    if name == "two groups":
        groups = [
            {"params": [layer.weight for layer in model]},
            {"params": [layer.bias for layer in model]},
        ]
    optimizer = torch.optim.SGD(groups, lr=0.1, **OPTIONS[name])
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.ones(1, 4)).sum().backward()
        with Counter() as counter:
            optimizer.step()
    assert counter.count == COUNTS[name]


def two_branches(x, w):
    early = x.exp()
    return early + (2 * w).sin()


def squares(x, w):
    return x * x + x.exp() * w


def alternating(x, w):
    first, second = x.sin(), w.cos()
    third = first * w
    return (second + third.exp()) * first


def with_a_stranger(x, w):
    shared = x * w
    shared.exp()  # another result, which the root does not lead to
    return shared.sin() + shared.cos() * w


@pytest.mark.parametrize(
    "program", [two_branches, squares, alternating, with_a_stranger]
)
def test_the_ready_queue_is_the_engines(program):
    x = torch.tensor(0.5, requires_grad=True)
    w = torch.tensor(0.25, requires_grad=True)
    result = program(x, w)
    nodes = [result.grad_fn]
    for node in nodes:
        for earlier, _ in node.next_functions:
            if earlier and earlier not in nodes:
                nodes.append(earlier)
    edges = {k: [] for k in range(len(nodes))}
    for k, node in enumerate(nodes):
        edges[k] = [nodes.index(e) for e, _ in node.next_functions if e]
    leaf = itertools.count(2**64)  # all of torch's leaves have one number
    numbers = {
        k: next(leaf) if node.name().endswith("AccumulateGrad") else node._sequence_nr()
        for k, node in enumerate(nodes)
    }
    order = []
    for k, node in enumerate(nodes):
        node.register_prehook(lambda _, k=k: order.append(k))
    result.backward()
    assert engine_order(edges, numbers, 0) == order


def test_fills_is_torchs_own_answer():
    sizes = list(itertools.product((1, 2, 3), repeat=3))
    strides = list(itertools.product((0, 1, 2, 3, 4, 6, 9), repeat=3))
    for size, stride in itertools.product(sizes, strides):
        tensor = torch.empty(100).as_strided(size, stride)
        dense = torch.ops.aten.is_non_overlapping_and_dense(tensor)
        assert fills(size, stride) == dense, (size, stride)


def sgd_step(kind, **options):
    """A step of an SGD, for a tensor and a gradient."""

    def step(p, grad, lr):
        p = p.detach().requires_grad_()  # the same memory
        p.grad = grad
        kind([p], lr=lr, **options).step()

    return step


@pytest.mark.parametrize("options", [{"foreach": False}, {"foreach": True}])
def test_the_missing_test_acquits_loop_and_lists(options):
    step = sgd_step(torch.optim.SGD, **options)
    assert wrong_layouts(step, _layouts()) == []


def test_the_missing_test_acquits_our_own_fused_step():
    assert wrong_layouts(sgd_step(optim.SGD, fused=True), _layouts()) == []


def test_the_missing_test_convicts_torchs_fused_kernel():
    found = wrong_layouts(sgd_step(torch.optim.SGD, fused=True), _layouts())
    assert found == [
        "transposed",
        "left columns",
        "second columns",
        "a cut, transposed",
    ]


@pytest.mark.parametrize("way", ["foreach", "fused"])
def test_a_fused_step_between_forward_and_backward_goes_unnoticed(way):
    p = torch.ones(2, requires_grad=True)
    loss = (p * p).sum()
    p.grad = torch.ones(2)
    torch.optim.SGD([p], lr=1.0, **{way: True}).step()
    if way == "fused":
        loss.backward()
        assert p.grad.tolist() == [1.0, 1.0]  # 2 * 1 were right, 2 * 0 are added
    else:
        with pytest.raises(RuntimeError, match="inplace"):
            loss.backward()
