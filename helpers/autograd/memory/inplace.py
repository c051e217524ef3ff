"""Changes in place: the tensor stays, its history is a new one."""

import torch

from helpers.autograd.grad_mode import is_grad_enabled
from helpers.autograd.graph.hooks import move_retaining
from helpers.autograd.graph.node import FREED, Node
from helpers.autograd.graph.saved_tensors import hooks_in_force, pack
from helpers.autograd.memory.views import View, root_of, steps_to, taken
from helpers.autograd.tensor.tensor import edge_of, lowered, wrap

NOT_A_LEAF = (
    "{what} that requires grad is being used in an in-place operation. Change it under "
    "no_grad(), as optimizers do, or make a new tensor"
)


def change_in_place(operation, function, target, args, kwargs):
    """Run `function`, one of torch's in-place methods, on `target`; return `target`.

    `operation` is the same without the change in place: its formulas hold. Where they
    read the old value, a copy of it is saved.

    Raises: RuntimeError where torch refuses: for a leaf that requires grad, or a view
    of one; for a piece of split, chunk or unbind; for a view taken under no_grad.
    """
    node = None
    if is_grad_enabled():
        # Recorded before the change, so that all saved versions are those of before:
        # t.mul_(t) needs the old t twice, and must find out that one of them is gone.
        old = wrap(target.data, edge_of(target))
        node = operation.node(target.data, (old, *args), kwargs)
    if node is not None or (is_grad_enabled() and target.requires_grad):
        refuse_what_cannot_change(target)
    if node is not None:
        keep_old_value(node)
    raw_kwargs = {name: lowered(value) for name, value in kwargs.items()}
    try:
        function(target.data, *[lowered(each) for each in args], **raw_kwargs)
    except RuntimeError as error:
        raise operation.with_places(error, (target, *args), kwargs) from error
    if node is not None:
        note_new_value(node, target.data._version)
        if hooks_in_force() is not None:
            pack(node)
        give_history(target, node)
    return target


def refuse_what_cannot_change(target):
    """Raise torch's errors for tensors that may not be changed in place."""
    if isinstance(target, View):
        target.refuse_a_change("is being")
        if target.requires_grad and root_of(target).is_leaf:
            raise RuntimeError(NOT_A_LEAF.format(what="a view of a leaf Variable"))
    if target.requires_grad and target.is_leaf:
        raise RuntimeError(NOT_A_LEAF.format(what="a leaf Variable"))


def keep_old_value(node):
    """Let a node's formulas read a copy of the first argument, which will change."""
    operation = node.operation
    for place, name in enumerate(operation.saves):
        if name == operation.first and node.saved[place] is not None:
            node.saved[place] = node.saved[place].clone()
            node.versions[place] = node.saved[place]._version


def note_new_value(node, version):
    """The output that formulas read is the changed array."""
    for place, name in enumerate(node.operation.saves):
        if name == "out" and node.saved[place] is not None:
            node.versions[place] = version


def give_history(target, node):
    """Let `node` be what made `target`; for a view, what changed a part of its root."""
    root = root_of(target)
    if root is not target:
        node = CopySlices(root, target, node)
    before = root.edge
    root.edge = node
    move_retaining(root, before, node)


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
        self.steps = steps_to(view)
        self.geometry = root.data.size(), root.data.stride()

    saved = property(lambda self: self.change)

    def free(self):
        """Let go of the change; backward then refuses to come here again."""
        self.change = None

    def name(self):
        """Torch's name for it."""
        return "torch::autograd::CopySlices"

    def backward(self, gradient, recording):
        """The gradients of the root's earlier value, and of what was put in."""
        if self.change is None:
            raise RuntimeError(FREED)
        whole = self.copy_like_root(gradient, recording)
        part = taken(whole, self.steps)
        of_part, *of_others = self.change.backward(part.clone(), recording)
        if of_part is None:
            part.zero_()
        else:
            part.copy_(of_part)
        return [whole, *of_others]

    def copy_like_root(self, gradient, recording):
        """A copy laid out as the root is, so that the same view can be taken of it."""
        copy = torch.empty_strided(
            *self.geometry, dtype=gradient.dtype, device=gradient.device
        )
        return (wrap(copy) if recording else copy).copy_(gradient)
