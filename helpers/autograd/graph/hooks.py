"""Hooks: functions of the user's that see, and may replace, a gradient on its way.

With this module one can: keep a list of hooks whose handles remove them (`HookList`,
`Removable`), and hold all hooks of a node (`NodeHooks`) or a leaf (`LeafHooks`).
"""

import weakref

from helpers.autograd.tensor.tensor import Tensor


class Removable:
    """The handle of a registered hook; `remove()`, or the end of a block, removes it.

    Source: torch.utils.hooks.RemovableHandle.
    """

    def __init__(self, hooks, key):
        self._hooks = hooks
        self._key = key

    def remove(self) -> None:
        """Take the hook away; nothing happens if it is gone already."""
        self._hooks.pop(self._key, None)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.remove()


class HookList:
    """Functions in the order of their registration.

    >>> seen = HookList()
    >>> handle = seen.add(print)
    >>> len(seen)
    1
    >>> handle.remove()
    >>> len(seen)
    0
    """

    def __init__(self):
        self._hooks = {}
        self._made = 0

    def add(self, hook) -> Removable:
        """Append a function; TypeError if it can't be called."""
        if not callable(hook):
            raise TypeError(f"hook = {hook!r} can't be called; pass a function")
        self._made += 1
        self._hooks[self._made] = hook
        return Removable(self._hooks, self._made)

    def __iter__(self):
        return iter(list(self._hooks.values()))

    def __len__(self):
        return len(self._hooks)


class NodeHooks:
    """All that wants to see the gradients that pass a node.

    `of_output[i]` are the tensor hooks of output i; `retained[i]` is a weak reference
    to the tensor whose `.grad` is to be kept; `before` and `after` are the node's own.
    """

    def __init__(self):
        self.of_output = {}
        self.retained = {}
        self.before = HookList()
        self.after = HookList()

    def of(self, index) -> HookList:
        """The tensor hooks of one output, made at first use."""
        return self.of_output.setdefault(index, HookList())


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
    """The hooks of a node, made at first use."""
    if node.hooks is None:
        node.hooks = NodeHooks()
    return node.hooks


class LeafHooks:
    """`before` see the gradient that arrives; `after` see the leaf with its `.grad`."""

    def __init__(self):
        self.before = HookList()
        self.after = HookList()


def passed_through(hooks, gradient):
    """The gradient after each hook had its turn; one that returns None leaves it."""
    for hook in hooks:
        changed = hook(gradient)
        if changed is not None:
            gradient = checked_replacement(changed, gradient)
    return gradient


def checked_replacement(changed, gradient):
    """Refuse what a hook may not put in a gradient's place, as torch does."""
    if not isinstance(changed, Tensor):
        raise TypeError(
            f"hook returned {type(changed).__name__}; expected a Tensor or None"
        )
    for name in ("shape", "dtype", "device"):
        was, is_now = getattr(gradient, name), getattr(changed, name)
        if was != is_now:
            raise RuntimeError(
                f"hook has changed the {name} of value: from {was} to {is_now}; "
                "return a gradient like the one that was given"
            )
    return changed
