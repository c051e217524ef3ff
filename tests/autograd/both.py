"""One computation on both engines: ours and torch's, from the same numbers.

With this module one can: turn torch tensors into ours, wherever they stand in nested
arguments (`ours_of`), and compare values, gradients and gradients of gradients of a
function of both (`compare`).
"""

from dataclasses import dataclass

import torch
from torch.utils._pytree import tree_flatten, tree_map

from helpers import autograd
from helpers.autograd import Tensor


@dataclass
class Sample:
    """A function of torch's and arguments to call it with, in nested lists too."""

    function: object
    args: tuple
    kwargs: dict


class Engine:
    """What a comparison does with one engine: copy arguments, and ask for gradients."""

    def __init__(self, kind, leaf, grad):
        self.kind, self.leaf, self.grad = kind, leaf, grad

    def copies(self, tree):
        """The same arguments for this engine; what requires grad becomes new leaves."""
        return tree_map(self.copy, tree)

    def copy(self, value):
        if not isinstance(value, torch.Tensor):
            return value
        raw = value.detach().clone()
        return self.leaf(raw) if value.requires_grad else raw

    def differentiable(self, tree):
        """The tensors in `tree` that require grad, in order."""
        return [
            each
            for each in tree_flatten(tree)[0]
            if isinstance(each, self.kind) and each.requires_grad
        ]


TORCHS = Engine(torch.Tensor, lambda raw: raw.requires_grad_(), torch.autograd.grad)
OURS = Engine(Tensor, lambda raw: Tensor(raw, requires_grad=True), autograd.grad)


def raws_of(tree):
    """All arrays of a result as raw arrays; other results as they are."""
    return [
        each.data if isinstance(each, (torch.Tensor, Tensor)) else each
        for each in tree_flatten(tree)[0]
    ]


def run(engine, sample, second):
    """What a sample gives on one engine: values, gradients, gradients of gradients."""
    args, kwargs = engine.copies((sample.args, sample.kwargs))
    leaves = engine.differentiable((args, kwargs))
    torch.manual_seed(1)
    result = sample.function(*args, **kwargs)
    outputs = engine.differentiable(result)
    found = {"values": raws_of(result), "gradients": [], "second": []}
    if not outputs or not leaves:
        return found
    gradients = gradients_of(engine, outputs, leaves, 2, second)
    found["gradients"] = raws_of(gradients)
    again = engine.differentiable(gradients)
    if second and again:
        found["second"] = raws_of(gradients_of(engine, again, leaves, 3, False))
    return found


def gradients_of(engine, outputs, leaves, seed, create_graph):
    """Gradients of the outputs, each weighed with numbers drawn from `seed`."""
    torch.manual_seed(seed)
    weights = [torch.randn(each.shape, dtype=each.dtype) for each in outputs]
    return engine.grad(
        outputs, leaves, weights, create_graph=create_graph, allow_unused=True
    )


def compare(sample, second=True):
    """Assert that our engine and torch's agree on a sample.

    Where torch can't take second derivatives, the first are compared alone. Where torch
    has None for a gradient we may have zeros, and the other way round: both say that
    nothing depends on that input.
    """
    try:
        wanted = run(TORCHS, sample, second)
    except (RuntimeError, NotImplementedError) as error:
        if not second or "derivative" not in str(error):
            raise
        return compare(sample, second=False)
    found = run(OURS, sample, second)
    for what in ("values", "gradients", "second"):
        assert_same(found[what], wanted[what], what)


def assert_same(found, wanted, what):
    """Assert that two lists of arrays agree; None stands for zeros."""
    if what == "second" and not (found and wanted):
        assert all(is_nothing(each) for each in found + wanted), (found, wanted)
        return
    assert len(found) == len(wanted), f"{len(found)} {what}, torch has {len(wanted)}"
    for ours, theirs in zip(found, wanted, strict=True):
        if ours is None or theirs is None:
            assert is_nothing(ours) and is_nothing(theirs), (what, ours, theirs)
        elif isinstance(theirs, torch.Tensor):
            torch.testing.assert_close(
                ours, theirs, equal_nan=True, msg=lambda text: f"{what}: {text}"
            )
        else:
            assert ours == theirs, (what, ours, theirs)


def is_nothing(gradient):
    """Whether a gradient is None or all zeros."""
    return gradient is None or not gradient.count_nonzero()
