"""Hooks: functions of the user's that see, and may replace, a gradient on its way.

With this module one can: append a hook to others, for a handle that removes it
(`add_hook`), hold all hooks of a node or a leaf (`NodeHooks`), made at first use
(`hooks_of`), and keep the gradient of a node's output (`retain_at`).
"""

import weakref
from collections import OrderedDict

from torch.utils.hooks import RemovableHandle


def add_hook(hooks, hook) -> RemovableHandle:
    """Append a function to an OrderedDict of hooks; TypeError if it can't be called.

    >>> hooks = OrderedDict()
    >>> handle = add_hook(hooks, print)
    >>> len(hooks)
    1
    >>> handle.remove()
    >>> len(hooks)
    0
    """
    if not callable(hook):
        raise TypeError(f"hook = {hook!r} can't be called; pass a function")
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


class NodeHooks:
    """All that wants to see the gradients that pass a node or end at a leaf.

    In order: `of_output[i]` are the tensor hooks of output i; `retained[i]` is a weak
    reference to the tensor whose `.grad` is to be kept; `before` are the node's own;
    `accumulated` see a leaf once its `.grad` is updated; `after` are the node's own;
    `ended` see a leaf once the pass that reached it has reached all its leaves.
    """

    any_accumulated = False  # whether a leaf anywhere was ever given such a hook

    def __init__(self):
        self.of_output = {}
        self.retained = {}
        self.before = OrderedDict()
        self.accumulated = OrderedDict()
        self.after = OrderedDict()
        self.ended = OrderedDict()

    def of(self, index) -> OrderedDict:
        """The tensor hooks of one output, made at first use."""
        return self.of_output.setdefault(index, OrderedDict())


def move_retaining(tensor, before, after):
    """Let a tensor that retains its gradient do so at the edge it has now."""
    if not tensor.retains_grad:
        return
    if before is not None and before.node.hooks is not None:
        before.node.hooks.retained.pop(before.index, None)
    retain_at(after.node, after.index, tensor)


def retain_at(node, index, tensor):
    """Have the gradient of a node's output kept in the tensor's `.grad`.

    The tensor is held weakly: a graph must not keep its own results alive.
    """
    hooks_of(node).retained[index] = weakref.ref(tensor)


def hooks_of(node):
    """The hooks of a node or a leaf, made at first use."""
    if node.hooks is None:
        node.hooks = NodeHooks()
    return node.hooks
