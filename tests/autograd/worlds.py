"""One story, told on both engines: ours and torch's.

With this module one can: write a test once, as a function of a world that has tensors
and what makes gradients, and assert that it comes out the same on both (`alike`).
"""

import warnings
from types import SimpleNamespace

import torch
from torch.utils._pytree import tree_map

from helpers import autograd
from helpers.autograd import Tensor
from helpers.autograd.function.function import once_differentiable

NAMES = "Function backward enable_grad grad is_grad_enabled no_grad set_grad_enabled"
NAMES = [*NAMES.split(), "gradcheck", "gradgradcheck"]


def torch_tensor(data, requires_grad=False, dtype=None):
    """torch.tensor with the arguments of ours; raw tensors keep their memory."""
    raw = torch.as_tensor(data, dtype=dtype)
    return raw.requires_grad_() if requires_grad else raw


OURS = SimpleNamespace(
    tensor=autograd.tensor,
    once_differentiable=once_differentiable,
    **{name: getattr(autograd, name) for name in NAMES},
)
TORCHS = SimpleNamespace(
    tensor=torch_tensor,
    once_differentiable=torch.autograd.function.once_differentiable,
    is_grad_enabled=torch.is_grad_enabled,
    **{
        name: getattr(torch.autograd, name)
        for name in NAMES
        if name != "is_grad_enabled"
    },
)
WORLDS = [OURS, TORCHS]


def leaf(world, *numbers):
    """A float64 leaf that requires grad, of one dimension."""
    return world.tensor(list(numbers), requires_grad=True, dtype=torch.float64)


def plain(value):
    """Numbers in the place of tensors; error classes and all else as they are."""
    is_tensor = isinstance(value, (torch.Tensor, Tensor))
    return value.tolist() if is_tensor else value


def alike(story):
    """Assert that a story comes out the same on both engines; return its outcome."""
    ours, torchs = (tree_map(plain, story(world)) for world in WORLDS)
    assert ours == torchs
    return ours


def error_of(function, *words):
    """The class of the error that a call raises; its message must hold the words."""
    try:
        function()
    except Exception as error:
        for word in words:
            assert word in str(error), f"{word!r} is not in: {error}"
        return type(error)
    return None


def warnings_of(function):
    """The classes of the warnings that a call raises."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function()
    return [each.category for each in caught]
