"""Changes in place: the tensor stays, its history is a new one.

With this module one can: run an operation in place (`change_in_place`), which gives the
changed tensor, and whatever shares its memory, the history of the change.
"""

import torch

from helpers.autograd.grad_mode import is_grad_enabled
from helpers.autograd.graph import Node
from helpers.autograd.hooks import keep_retaining
from helpers.autograd.tensor import edge_of, lowered, wrap
from helpers.autograd.views import View, root_of


def change_in_place(operation, function, target, args, kwargs):
    """Run `function`, one of torch's in-place methods, on `target`; return `target`.

    `operation` is the same without the change in place: its formulas hold. Where they
    read the old value, a copy of it is saved.

    Raises: RuntimeError where torch refuses: for a leaf that requires grad, or a view
    of one; for a piece of split, chunk or unbind; for a view taken under no_grad.
    """
    inputs = operation.arguments(target, *args, **kwargs)
    is_recorded = is_grad_enabled() and any(edge_of(each) is not None for each in inputs)
    before = target.data
    if is_recorded:
        refuse_what_cannot_change(target)
        if operation.saves_its_first_argument:
            before = before.clone()
    old = wrap(before, edge_of(target))
    raw_kwargs = {name: lowered(value) for name, value in kwargs.items()}
    function(target.data, *[lowered(each) for each in args], **raw_kwargs)
    if is_recorded:
        give_history(target, operation.node(target.data, (old, *args), kwargs))
    return target


def refuse_what_cannot_change(target):
    """Raise torch's errors for tensors that may not be changed in place."""
    root = root_of(target)
    if root.edge is None and root._leaf_requires_grad:
        kind = "a leaf Variable" if root is target else "a view of a leaf Variable"
        raise RuntimeError(
            f"{kind} that requires grad is being used in an in-place operation. "
            "Change it under no_grad(), as optimizers do, or make a new tensor"
        )
    if not isinstance(target, View):
        return
    if target.one_of_several:
        raise RuntimeError(
            f"Output {target.output_nr} of {target.grad_fn} is a view and is being "
            "modified inplace. This view is the output of a function that returns multiple "
            "views. Such functions do not allow the output views to be modified "
            "inplace. You should replace the inplace operation by an out-of-place one."
        )
    if target.taken_unrecorded:
        raise RuntimeError(
            "A view was created in no_grad mode and is being modified inplace with "
            "grad mode enabled. Take the view outside of no_grad, or clone() it"
        )


def give_history(target, node):
    """Let `node` be what made `target`; for a view, what changed a part of its root."""
    if isinstance(target, View):
        root = root_of(target)
        node = CopySlices(root, target, node)
        root.edge = node
        keep_retaining(root, node)
    else:
        target.edge = node
        keep_retaining(target, node)


class CopySlices(Node):
    """The history of a tensor one of whose views was changed in place.

    The gradient of the part that changed goes through the operation that changed it;
    the rest goes to the root's earlier history as it is. Source: torch's CopySlices.
    """

    def __init__(self, root, view, change):
        self.change = change
        self.edges = (edge_of(root), *change.edges[1:])
        depths = [edge.depth for edge in self.edges if edge is not None]
        self.depth = 1 + max([change.depth - 1, *depths])
        self.part_of = view.taken_from
        self.geometry = root.data.size(), root.data.stride()

    saved = property(lambda self: self.change.saved)

    def free(self):
        """Let go of what the change saved."""
        self.change.free()

    def name(self):
        """Torch's name for it."""
        return "CopySlices"

    def backward(self, gradient, recording):
        """The gradients of the root's earlier value, and of what was put in."""
        whole = gradient.clone() if recording else self.copy_like_root(gradient)
        part = self.part_of(whole)
        of_change = list(self.change.backward(part.clone(), recording))
        if of_change[0] is None:
            part.zero_()
        else:
            part.copy_(of_change[0])
        return [whole, *of_change[1:]]

    def copy_like_root(self, gradient):
        """A copy laid out as the root is, so that the same view can be taken of it."""
        copy = torch.empty_strided(
            *self.geometry, dtype=gradient.dtype, device=gradient.device
        )
        return copy.copy_(gradient)
