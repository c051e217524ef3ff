"""The outputs of a learner's own Function get their history."""

import warnings

import torch
from torch.autograd.graph import increment_version

from helpers.autograd.function.node import is_raw
from helpers.autograd.grad_mode import no_grad
from helpers.autograd.graph.hooks import retain_at
from helpers.autograd.memory.inplace import give_history, refuse_what_cannot_change
from helpers.autograd.memory.views import OF_FUNCTION, ONE_OF_SEVERAL, View
from helpers.autograd.tensor.tensor import Tensor, wrap

LOST = (
    "Some elements marked as dirty during the forward method were not returned as "
    "output. The inputs that are modified inplace must all be outputs of the Function."
)
NO_INPUT = (
    "ctx.mark_dirty() received a tensor that was not an input. Only input Tensors that "
    "have been mutated should be passed to ctx.mark_dirty()."
)
SEVERAL = (
    "If your Function modifies inplace an input that is a view of another Tensor, your "
    "Function cannot return more than one Tensor. Make sure the input is not a view "
    "(for instance with .clone()), or return one Tensor"
)
ELSEWHERE = (
    "an input that is a view, and that your Function modifies inplace, must be its "
    "first Tensor argument. Reorder the arguments, or make sure the input is not a view"
)


def finish(node, ctx, args, returned):
    """Give what forward returned its history; save for backward. Return the outputs.

    `node` is None if nothing is recorded.
    """
    several = isinstance(returned, tuple)
    outputs = list(returned) if several else [returned]
    outputs = [wrap(each) if is_raw(each) else each for each in outputs]
    check_dirty(ctx, args, outputs)
    if node is None:
        outputs = [unrecorded(each, ctx, args) for each in outputs]
    else:
        node.outputs = len(outputs)
        node.made = [geometry(each) for each in outputs]
        for index, each in enumerate(outputs):
            outputs[index] = with_history(node, ctx, args, index, each)
    fix_views(node, ctx, outputs)
    # All views of what was changed ask for their history anew.
    increment_version([each.data for each in ctx._dirty if isinstance(each, Tensor)])
    if node is not None:
        check_saved(ctx._to_save)
        node.save(ctx._to_save)
    ctx._to_save = ctx._dirty = ctx._not_differentiable = ()
    return tuple(outputs) if several else outputs[0]


def unrecorded(output, ctx, args):
    """One output where nothing is recorded; an input that is passed on is another."""
    is_passed_on = is_among(output, args) and not is_among(output, ctx._dirty)
    if not is_passed_on or not isinstance(output, Tensor):
        return output
    return output.detach() if output.requires_grad else whole_of(output)


def with_history(node, ctx, args, index, output):
    """One output with its place in the graph: itself, or a view if it is an input."""
    if not isinstance(output, Tensor):
        return output
    is_input = is_among(output, args)
    if not can_flow(output, ctx):
        return output.detach() if is_input else output
    if is_input and is_among(output, ctx._dirty):
        is_first = output is next(each for each in args if isinstance(each, Tensor))
        return changed_in_place(node, index, output, is_first)
    if is_input:
        output = whole_of(output)
    output.edge = node.edge_to(index)
    return output


def can_flow(output, ctx):
    """Whether gradients can flow through an output of forward's."""
    is_real = output.dtype.is_floating_point or output.dtype.is_complex
    return is_real and not is_among(output, ctx._not_differentiable)


def whole_of(tensor):
    """An input that is passed on: a view that shows all of it."""
    with no_grad():
        return View(tensor.data.view_as(tensor.data), None, tensor, as_itself)


def fix_views(node, ctx, outputs):
    """Let nobody change in place what is a view: backward would not know."""
    tensors = [each for each in outputs if isinstance(each, Tensor)]
    several = node is not None and sum(can_flow(each, ctx) for each in tensors) > 1
    for each in tensors:
        if isinstance(each, View) and not is_among(each, ctx._dirty):
            each.fixed = ONE_OF_SEVERAL if several else OF_FUNCTION


def changed_in_place(node, index, target, is_first):
    """An input that forward changed: the same object, with a new history."""
    refuse_what_cannot_change(target)
    if not isinstance(target, View):
        target.edge = node.edge_to(index)
        if target.retains_grad:
            retain_at(node, index, target)
        return target
    if node.outputs > 1:
        raise RuntimeError(SEVERAL)
    if not is_first:
        raise RuntimeError(ELSEWHERE)
    give_history(target, node)
    return target


def check_dirty(ctx, args, outputs):
    """Refuse a marked tensor that is not returned; warn of one that is no input."""
    for each in ctx._dirty:
        if not is_among(each, outputs):
            raise RuntimeError(LOST)
        if not is_among(each, args):
            warnings.warn(NO_INPUT, UserWarning, stacklevel=4)


def check_saved(tensors):
    """TypeError for what can't be saved for backward."""
    for place, each in enumerate(tensors):
        if each is not None and not isinstance(each, (Tensor, torch.Tensor)):
            raise TypeError(
                f"save_for_backward can only save variables, but argument {place} is "
                f"of type {type(each).__name__}"
            )


def geometry(value):
    """What zeros in the place of a tensor's gradient need; None for other values."""
    if not isinstance(value, Tensor):
        return None
    return value.shape, value.dtype, value.device


def is_among(value, others):
    """Whether `others` holds this very object."""
    return any(value is each for each in others)


def as_itself(tensor):
    """The whole of a tensor, as a view."""
    return tensor.view_as(tensor)
