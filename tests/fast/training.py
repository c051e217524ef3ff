"""Models, batches, and the plain loop that compiled steps are compared with."""

import copy

import torch

from helpers import optim
from helpers.fast import compiled_step

FEATURES, CLASSES, BATCH = 5, 3, 8


def mlp(activation=torch.nn.ReLU, library=torch.nn):
    """Two linear layers."""
    layers = library.Linear(FEATURES, 7), activation(), library.Linear(7, CLASSES)
    return library.Sequential(*layers)


def conv_net(library=torch.nn):
    """A convolution with batch norm, and dropout."""
    return library.Sequential(
        library.Conv2d(1, 2, 3),
        library.BatchNorm2d(2),
        library.ReLU(),
        library.Flatten(),
        library.Dropout(0.25),
        library.Linear(2 * 4, CLASSES),
    )


class Tied(torch.nn.Module):
    """One matrix that reads and writes."""

    def __init__(self):
        super().__init__()
        self.reads = torch.nn.Linear(FEATURES, FEATURES, bias=False)
        self.writes = torch.nn.Linear(FEATURES, FEATURES)
        self.writes.weight = self.reads.weight

    def forward(self, inputs):
        """The logits."""
        return self.writes(torch.tanh(self.reads(inputs)))


def rows(count=BATCH, seed=1, dtype=torch.float64):
    """Inputs and classes."""
    numbers = torch.Generator().manual_seed(seed)
    inputs = torch.randn(count, FEATURES, generator=numbers, dtype=dtype)
    return inputs, torch.randint(CLASSES, (count,), generator=numbers)


def images(count=BATCH, seed=1, dtype=torch.float64):
    """Images of 4 by 4, and classes."""
    numbers = torch.Generator().manual_seed(seed)
    inputs = torch.randn(count, 1, 4, 4, generator=numbers, dtype=dtype)
    return inputs, torch.randint(CLASSES, (count,), generator=numbers)


def made(model, dtype=torch.float64):
    """A model from a function, always with the same numbers."""
    torch.manual_seed(0)
    return model().to(dtype)


def twins(model, method, dtype=torch.float64, **options):
    """Twice the same model, each with its optimizer."""
    first = made(model, dtype)
    second = copy.deepcopy(first)
    make = getattr(optim, method)
    return [(each, make(each.parameters(), **options)) for each in (first, second)]


def plain_step(model, criterion, optimizer, inputs, targets):
    """The five lines; the loss."""
    optimizer.zero_grad()
    loss = criterion(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()


def eager(model, criterion, optimizer, **options):
    """A step that is captured, and executed without a compiler."""
    return compiled_step(model, criterion, optimizer, backend="eager", **options)


def assert_alike(first, second, tolerance=1e-10):
    """State dicts, of models or optimizers, hold the same."""
    leaves, others = tensors_in(first.state_dict()), tensors_in(second.state_dict())
    assert leaves.keys() == others.keys() and leaves
    for name, leaf in leaves.items():
        one, two = raw(leaf).double(), raw(others[name]).double()
        torch.testing.assert_close(one, two, rtol=tolerance, atol=tolerance)


def raw(tensor):
    """The array of either kind of tensor."""
    return tensor.detach() if isinstance(tensor, torch.Tensor) else tensor.data


def tensors_in(thing, path=""):
    """All tensors in nested dicts, by their path."""
    if not isinstance(thing, dict):
        return {path: thing} if hasattr(thing, "dtype") else {}
    return {
        key: leaf
        for name, part in thing.items()
        for key, leaf in tensors_in(part, f"{path}/{name}").items()
    }
