"""AccumulateGrad: add a gradient to a leaf's `.grad`."""

import sys

import torch

from helpers.autograd.tensor.tensor import wrap

UNSHARED = 4  # references: the engine's, two functions' parameters, getrefcount's own


def accumulate(leaf, gradient, recording=False):
    """Add a gradient to a leaf's `.grad`; run the hooks that wait for it.

    Args:
        leaf: a Tensor that no recorded operation made.
        gradient: a raw array of its shape and dtype; with `recording`, a Tensor. The
            caller gives it away: who keeps it and changes it may change `.grad`.
        recording: whether the sum is recorded, and so not made in place.

    The first gradient becomes `.grad` itself if nobody else holds it, else a copy does.
    Later ones are added in place.

    >>> from helpers.autograd import tensor
    >>> leaf = tensor([1.0], requires_grad=True)
    >>> accumulate(leaf, torch.tensor([2.0]))
    >>> accumulate(leaf, torch.tensor([3.0]))
    >>> leaf.grad
    tensor([5.])

    Source: torch's AccumulateGrad. Built in chapter 03.
    """
    before = leaf._grad
    if recording:
        leaf._grad = gradient.clone() if before is None else before + gradient
    elif before is None:
        leaf._grad = wrap(gradient if is_unshared(gradient) else gradient.clone())
    elif before.edge is None and not before.data.is_sparse:
        before.data.add_(gradient)
    else:
        pair = (gradient, before.data) if before.is_sparse else (before.data, gradient)
        leaf._grad = wrap(pair[0] + pair[1])  # torch has no sparse + dense
    if leaf.hooks is not None:
        for hook in list(leaf.hooks.accumulated.values()):
            hook(leaf)


def is_unshared(gradient):
    """Whether nobody else can see this array, so that `.grad` may take it over.

    Arrays that look into another's memory are not; nor, while torch.compile traces,
    is any: who holds what can't be seen there.
    """
    if torch.compiler.is_compiling():
        return False
    alone = sys.getrefcount(gradient) <= UNSHARED
    return alone and gradient._base is None and gradient.is_contiguous()
