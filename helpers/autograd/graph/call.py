"""Calling a node: its formulas at work outside of a pass."""

import torch

from helpers.autograd.grad_mode import is_grad_enabled
from helpers.autograd.tensor.tensor import Tensor, lowered, wrap


def call_node(node, gradients):
    """The gradients of a node's inputs, given those of its outputs.

    Args:
        node: a Node; what it saved is kept, and none of its hooks runs.
        gradients: for each output a Tensor or None.

    Recorded if recording is on. TypeError for a wrong count, or what is no Tensor.

    Source: torch.autograd.graph.Node, which can be called; but gradients of broadcast
    inputs have the inputs' shapes. Built in chapter 03.
    """
    check(node, gradients)
    recording = is_grad_enabled()
    as_given = as_tensor if recording else lowered
    given = [as_given(each) for each in gradients]
    if all(each is None for each in given):
        found = [None] * len(node.edges)
    else:
        found = node.backward(given if node.outputs > 1 else given[0], recording)
    found = tuple([as_tensor(each) for each in found])
    return found[0] if len(found) == 1 else found


def check(node, gradients):
    """TypeError unless there is a Tensor or None for each output of a node."""
    if len(gradients) != node.outputs:
        raise TypeError(
            f"{node.name()} was given {len(gradients)} gradients; expected "
            f"{node.outputs}, one for each output, or None"
        )
    for place, each in enumerate(gradients):
        if each is not None and not isinstance(each, (Tensor, torch.Tensor)):
            raise TypeError(
                f"gradient {place} is a {type(each).__name__}; expected a Tensor or "
                "None"
            )


def as_tensor(gradient):
    """A raw array as a Tensor; a Tensor and None as they are."""
    return wrap(gradient) if isinstance(gradient, torch.Tensor) else gradient
