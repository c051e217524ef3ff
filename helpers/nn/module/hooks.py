"""The call of a module, and hooks before and after its forward."""

from collections import OrderedDict

from torch.utils.hooks import RemovableHandle


class Hooks:
    """The part of a Module that runs `forward`, with hooks on both sides."""

    def __init__(self):
        super().__init__()
        self._forward_pre_hooks = OrderedDict()  # id -> (hook, whether with kwargs)
        self._forward_hooks = OrderedDict()

    def __call__(self, *args, **kwargs):
        """What `forward` gives, between the hooks."""
        if self._forward_pre_hooks or self._forward_hooks:
            return self._call_with_hooks(args, kwargs)
        return self.forward(*args, **kwargs)

    def _call_with_hooks(self, args, kwargs):
        for hook, with_kwargs in tuple(self._forward_pre_hooks.values()):
            if with_kwargs:
                changed = hook(self, args, kwargs)
                args, kwargs = checked_pair(changed, args, kwargs)
            else:
                changed = hook(self, args)
                args = args if changed is None else as_args(changed)
        output = self.forward(*args, **kwargs)
        for hook, with_kwargs in tuple(self._forward_hooks.values()):
            given = (args, kwargs, output) if with_kwargs else (args, output)
            changed = hook(self, *given)
            output = output if changed is None else changed
        return output

    def register_forward_pre_hook(self, hook, *, prepend: bool = False,
                                  with_kwargs: bool = False):  # fmt: skip
        """Call hook(module, args) before each `forward`; return a handle to remove it.

        Args:
            hook: what it returns, unless None, replaces the arguments: one, or a tuple.
            prepend: whether it comes before the hooks that are there.
            with_kwargs: whether it is called as hook(module, args, kwargs); it then
                returns None or a pair of both.

        Source: torch.nn.Module. Built in chapter 08.
        """
        return added(self._forward_pre_hooks, hook, prepend, with_kwargs)

    def register_forward_hook(self, hook, *, prepend: bool = False,
                              with_kwargs: bool = False):  # fmt: skip
        """Call hook(module, args, output) after each `forward`; return a handle.

        Args:
            hook: what it returns, unless None, replaces the output.
            prepend: whether it comes before the hooks that are there.
            with_kwargs: whether it is called as hook(module, args, kwargs, output).

        >>> import torch
        >>> from helpers.nn import ReLU
        >>> layer = ReLU()
        >>> handle = layer.register_forward_hook(lambda module, args, out: out + 1)
        >>> layer(torch.tensor([-1.0, 1.0]))
        tensor([1., 2.])
        >>> handle.remove()

        Source: torch.nn.Module. Built in chapter 08.
        """
        return added(self._forward_hooks, hook, prepend, with_kwargs)


def added(hooks, hook, prepend, with_kwargs):
    """Enter a hook; return torch's handle, whose `remove()` takes it out."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook, with_kwargs
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle


def as_args(changed):
    """Positional arguments from what a hook returned."""
    return changed if isinstance(changed, tuple) else (changed,)


def checked_pair(changed, args, kwargs):
    """Both kinds of arguments, as a hook left them; RuntimeError for no pair."""
    if changed is None:
        return args, kwargs
    if not isinstance(changed, tuple) or len(changed) != 2:
        raise RuntimeError(
            "forward pre-hook must return None or a tuple of (new_args, new_kwargs), "
            f"but got {changed}. Return both, or nothing"
        )
    return changed
