"""torch.autograd.graph.saved_tensors_hooks: the user's say in how arrays are saved.

With this module one can: hand what a node saved to the hooks that are in force
(`pack`), and get one array back (`Packed.unpack`). The hooks see raw arrays.
"""

import copy

import torch

from helpers.autograd.graph.node import FREED, Arrays, Node
from helpers.autograd.tensor.tensor import lowered

_top = torch._C._autograd._top_saved_tensors_default_hooks


def hooks_in_force():
    """The pair (pack, unpack) that was entered last; None if there is none."""
    return _top(False)


hooks_in_force._dynamo_marked_constant = True  # torch.compile can't look inside


class Packed:
    """What a pack hook made of an array.

    >>> import torch
    >>> kept = Packed((torch.Tensor.tolist, torch.tensor), torch.ones(2))
    >>> kept.handle, kept.unpack()
    ([1.0, 1.0], tensor([1., 1.]))
    """

    is_used = False  # whether there ever was one

    def __init__(self, hooks, array):
        Packed.is_used = True
        pack, self.hook = hooks
        self.handle = pack(array.detach())

    def unpack(self):
        """The array again; TypeError if the unpack hook returns something else."""
        array = lowered(self.hook(self.handle))
        if not isinstance(array, torch.Tensor):
            raise TypeError(
                "Output of saved tensor unpack_hook expected to be a Tensor but got "
                f"result of type {type(array).__name__}"
            )
        return array


class PackedNode(Node):
    """A Node whose saved arrays went through hooks, and come back through them.

    Nobody watches their versions: it is the hooks' affair what they keep.
    """

    def backward(self, gradient, recording):
        """As `Node.backward`, with what the unpack hook returns."""
        if self.saved is None:
            raise RuntimeError(FREED)
        plain = copy.copy(self)
        plain.__class__ = Node
        plain.saved = [unpacked(each) for each in self.saved]
        return plain.backward(gradient, recording)

    def free(self):
        """Let go of what the pack hook returned."""
        self.saved = None


def pack(node):
    """Hand what a node saved to the hooks in force."""
    hooks = hooks_in_force()
    node.__class__ = PackedNode
    node.saved = [packed(hooks, each) for each in node.saved]
    node.versions = [None] * len(node.saved)


def packed(hooks, value):
    """A saved value with each of its arrays packed."""
    if value.__class__ is Arrays:
        return [packed(hooks, each) for each in value]
    return Packed(hooks, value) if isinstance(value, torch.Tensor) else value


def unpacked(value):
    """The opposite: what `packed` was given."""
    if value.__class__ is list and value and value[0].__class__ is Packed:
        return Arrays([each.unpack() for each in value])
    return value.unpack() if value.__class__ is Packed else value
