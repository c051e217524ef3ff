"""Parameters that are stepped inside backward: the same bits, fewer gradients alive."""

import weakref

import pytest
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from helpers import nn, optim
from helpers.fast import gradient_release
from tests.fast.training import (
    Tied,
    assert_alike,
    made,
    mlp,
    plain_step,
    raw,
    rows,
    twins,
)

METHODS = [
    ("SGD", dict(lr=0.1, momentum=0.9)),
    ("Adam", dict(lr=0.01)),
    ("AdamW", dict(lr=0.01, fused=True)),
    ("RMSprop", dict(lr=0.01, foreach=True)),
    ("Adafactor", dict(lr=0.01)),
]


@pytest.mark.parametrize(("method", "options"), METHODS)
@pytest.mark.parametrize("library", [torch.nn, nn])
def test_parameters_are_those_of_the_plain_loop_to_the_bit(library, method, options):
    def model():
        return mlp(library.Tanh, library)

    (first, optimizer), (second, other) = twins(model, method, **options)
    criterion = library.CrossEntropyLoss()
    gradient_release(optimizer)
    schedules = [optim.lr_scheduler.ExponentialLR(o, 0.9) for o in (optimizer, other)]
    for seed in range(10):
        plain_step(first, criterion, optimizer, *rows(seed=seed))
        plain_step(second, criterion, other, *rows(seed=seed))
        for schedule in schedules:
            schedule.step()
    assert_alike(first, second, 0)
    assert_alike(optimizer, other, 0)


@pytest.mark.parametrize("library", [torch.nn, nn])
def test_a_shared_matrix_is_stepped_once_when_its_gradient_is_complete(library):
    class Shared(library.Module):
        def __init__(self):
            super().__init__()
            self.layer = library.Linear(5, 5)

        def forward(self, inputs):
            return self.layer(torch.tanh(self.layer(torch.tanh(self.layer(inputs)))))

    (first, optimizer), (second, other) = twins(Shared, "Adam", lr=0.01)
    stepped = []
    gradient_release(optimizer, before_step=stepped.append)
    for seed in range(5):
        plain_step(first, F.cross_entropy, optimizer, *rows(seed=seed))
        plain_step(second, F.cross_entropy, other, *rows(seed=seed))
    assert len(stepped) == 10  # weight and bias, each once a step
    assert_alike(first, second, 0)


class Live(TorchDispatchMode):
    """Counts the bytes of all memory that was made within, and is alive: its peak."""

    def __init__(self, before):
        super().__init__()
        self.alive = self.peak = 0
        self.known = {raw(each).untyped_storage()._cdata for each in before}

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        """Run an operation, and note the memory of its results."""
        results = function(*args, **(kwargs or {}))
        for each in results if isinstance(results, tuple | list) else [results]:
            if isinstance(each, torch.Tensor):
                self.note(each.untyped_storage())
        return results

    def note(self, memory):
        """Count a memory, until it is freed."""
        key, size = memory._cdata, memory.nbytes()
        if key not in self.known:
            self.known.add(key)
            self.alive += size
            self.peak = max(self.peak, self.alive)
            weakref.finalize(memory, self.forget, key, size)

    def forget(self, key, size):
        """A memory was freed."""
        self.known.discard(key)
        self.alive -= size


def peak_of_a_step(library, released):
    """The most bytes that a step holds at once beside what was there before."""
    torch.manual_seed(0)
    model = library.Sequential(*[library.Linear(40, 40) for _ in range(12)])
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    inputs, targets = torch.randn(2, 40), torch.zeros(2, dtype=torch.long)
    if released:
        gradient_release(optimizer)
    with Live(model.parameters()) as live:
        plain_step(model, F.cross_entropy, optimizer, inputs, targets)
    return live.peak


@pytest.mark.parametrize("library", [torch.nn, nn])
def test_the_peak_of_memory_falls_by_most_of_the_gradients(library):
    gradients = 12 * 40 * 41 * 4
    plain, released = (peak_of_a_step(library, each) for each in (False, True))
    assert plain > gradients
    assert released < gradients / 2


def test_bytes_are_counted():
    model = made(mlp)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    release = gradient_release(optimizer)
    plain_step(model, F.cross_entropy, optimizer, *rows())
    sizes = [p.numel() * p.element_size() for p in model.parameters()]
    assert (release.peak_bytes, release.plain_bytes) == (max(sizes), sum(sizes))


def test_removed_it_is_the_plain_loop_again():
    (first, optimizer), (second, other) = twins(Tied, "SGD", lr=0.1)
    release = gradient_release(optimizer)
    plain_step(first, F.cross_entropy, optimizer, *rows())
    plain_step(second, F.cross_entropy, other, *rows())
    release.remove()
    F.cross_entropy(first(rows()[0]), rows()[1]).backward()
    assert all(p.grad is not None for p in first.parameters())
    nn.utils.clip_grad_norm_(first.parameters(), 1.0)
    gradient_release(optimizer)
    assert_alike(first, second, 0)


def test_frozen_parameters_that_thaw_are_stepped_by_step():
    (first, optimizer), (second, other) = twins(mlp, "SGD", lr=0.1)
    first[0].requires_grad_(False)
    gradient_release(optimizer)
    first[0].requires_grad_(True)
    plain_step(first, F.cross_entropy, optimizer, *rows())
    plain_step(second, F.cross_entropy, other, *rows())
    assert_alike(first, second, 0)


def test_a_second_backward_before_step_is_refused():
    ((model, optimizer), _) = twins(mlp, "SGD", lr=0.1)
    gradient_release(optimizer)
    F.cross_entropy(model(rows()[0]), rows()[1]).backward()
    before = [p.clone() for p in model.parameters()]
    loss = F.cross_entropy(model(rows()[0]), rows()[1])
    with pytest.raises(RuntimeError, match="a second time before optimizer.step"):
        loss.backward()
    assert all(map(torch.equal, before, model.parameters()))


@pytest.mark.parametrize("library", [torch.nn, nn])
def test_clipping_by_the_norm_of_all_is_refused(library):
    ((model, optimizer), _) = twins(lambda: mlp(library.ReLU, library), "SGD", lr=0.1)
    gradient_release(optimizer)
    library.CrossEntropyLoss()(model(rows()[0]), rows()[1]).backward()
    with pytest.raises(RuntimeError, match="norm of all together.*before_step"):
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)


def test_each_may_be_clipped_by_its_own_norm():
    ((model, optimizer), _) = twins(mlp, "SGD", lr=1.0)
    before = [p.detach().clone() for p in model.parameters()]

    def clip(parameter):
        nn.utils.clip_grad_norm_(parameter, 0.01)

    gradient_release(optimizer, before_step=clip)
    plain_step(model, F.cross_entropy, optimizer, *rows())
    moved = [(p - b).norm() for p, b in zip(model.parameters(), before, strict=True)]
    torch.testing.assert_close(torch.stack(moved), torch.full((4,), 0.01).double(),
                               rtol=1e-3, atol=0)  # fmt: skip


def test_what_cannot_step_inside_backward_is_refused():
    model = made(mlp)
    with pytest.raises(TypeError, match="LBFGS asks a closure"):
        gradient_release(optim.LBFGS(model.parameters()))
    with pytest.raises(TypeError, match="torch.optim.sgd.SGD"):
        gradient_release(torch.optim.SGD(model.parameters(), lr=0.1))
    with pytest.raises(RuntimeError, match="differentiable=True"):
        gradient_release(optim.SGD(model.parameters(), differentiable=True))
    gradient_release(optim.SGD(model.parameters()))
    with pytest.raises(RuntimeError, match="stepped inside backward already"):
        gradient_release(optim.SGD(model.parameters()))
