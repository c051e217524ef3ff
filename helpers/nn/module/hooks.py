"""The call of a module, and hooks before and after its forward and backward."""

import warnings
from collections import OrderedDict

from torch.utils.hooks import RemovableHandle

from helpers.nn.module.backward_hooks import BackwardHooks

SILENCED = (
    "module forward hook with ``always_call=True`` raised an exception that was "
    "silenced as another error was raised in forward: {}"
)


class Call:
    """What one call of a module is about, as its hooks leave it."""

    def __init__(self, args, kwargs):
        self.args, self.kwargs = args, kwargs
        self.output = None  # until forward gave one
        self.had_their_turn = set()  # the keys of hooks after forward

    def given(self, with_kwargs):
        """What a hook after forward is called with."""
        if with_kwargs:
            return self.args, self.kwargs, self.output
        return self.args, self.output

    def change_output(self, changed):
        """Take what a hook returned, unless that is None."""
        self.output = self.output if changed is None else changed


class Hooks:
    """The part of a Module that runs `forward`, with hooks on both sides."""

    def __init__(self):
        super().__init__()
        self._forward_pre_hooks = OrderedDict()  # id -> (hook, whether with kwargs)
        self._forward_hooks = OrderedDict()  # ... and whether always called
        self._backward_pre_hooks = OrderedDict()
        self._backward_hooks = OrderedDict()

    def __call__(self, *args, **kwargs):
        """What `forward` gives, between the hooks."""
        if (self._forward_pre_hooks or self._forward_hooks
                or self._backward_hooks or self._backward_pre_hooks):  # fmt: skip
            return self._call_with_hooks(args, kwargs)
        return self.forward(*args, **kwargs)

    def _call_with_hooks(self, args, kwargs):
        call = Call(args, kwargs)
        try:
            self._between_hooks(call)
        except Exception:
            self._call_what_is_always_called(call)
            raise
        return call.output

    def _between_hooks(self, call):
        backward = BackwardHooks.of(self)
        self._before_forward(call)
        if backward:
            call.args = backward.of_inputs(call.args)
        call.output = self.forward(*call.args, **call.kwargs)
        self._after_forward(call)
        if backward:
            call.output = backward.of_outputs(call.output)

    def _before_forward(self, call):
        for hook, with_kwargs in tuple(self._forward_pre_hooks.values()):
            if with_kwargs:
                changed = hook(self, call.args, call.kwargs)
                call.args, call.kwargs = checked_pair(changed, call.args, call.kwargs)
            else:
                changed = hook(self, call.args)
                call.args = call.args if changed is None else as_args(changed)

    def _after_forward(self, call):
        for key, (hook, with_kwargs, _) in tuple(self._forward_hooks.items()):
            call.had_their_turn.add(key)
            call.change_output(hook(self, *call.given(with_kwargs)))

    def _call_what_is_always_called(self, call):
        """After an error, the hooks that asked for it and did not have their turn."""
        for key, (hook, with_kwargs, always) in tuple(self._forward_hooks.items()):
            if not always or key in call.had_their_turn:
                continue
            try:
                call.change_output(hook(self, *call.given(with_kwargs)))
            except Exception as error:
                warnings.warn(SILENCED.format(error), stacklevel=4)

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
        return added(self._forward_pre_hooks, (hook, with_kwargs), prepend)

    def register_forward_hook(self, hook, *, prepend: bool = False,
                              with_kwargs: bool = False,
                              always_call: bool = False):  # fmt: skip
        """Call hook(module, args, output) after each `forward`; return a handle.

        Args:
            hook: what it returns, unless None, replaces the output.
            prepend: whether it comes before the hooks that are there.
            with_kwargs: whether it is called as hook(module, args, kwargs, output).
            always_call: whether it is called even if `forward` or a hook raises; the
                output is None if there is none yet. What it raises becomes a warning.

        >>> import torch
        >>> from helpers.nn import ReLU
        >>> layer = ReLU()
        >>> handle = layer.register_forward_hook(lambda module, args, out: out + 1)
        >>> layer(torch.tensor([-1.0, 1.0]))
        tensor([1., 2.])
        >>> handle.remove()

        Source: torch.nn.Module. Built in chapter 08.
        """
        return added(self._forward_hooks, (hook, with_kwargs, always_call), prepend)

    def register_full_backward_pre_hook(self, hook, prepend: bool = False):
        """Call hook(module, grad_output) when backward reaches the outputs.

        Args:
            hook: `grad_output` is a tuple with the gradient of each output; what it
                returns, unless None, replaces them.
            prepend: whether it comes before the hooks that are there.

        Returns a handle. Source: torch.nn.Module. Built in chapter 08.
        """
        return added(self._backward_pre_hooks, hook, prepend)

    def register_full_backward_hook(self, hook, prepend: bool = False):
        """Call hook(module, grad_input, grad_output) when backward left the inputs.

        Args:
            hook: `grad_input` is a tuple with the gradient of each positional argument,
                None for what requires none (torch: zeros for a tensor); what it
                returns, unless None, replaces them.
            prepend: whether it comes before the hooks that are there.

        Returns a handle. If no argument requires grad, it is called at the outputs, and
        warned of. Arguments and outputs are views then: changes in place are refused.

        >>> import torch
        >>> from helpers.autograd import tensor
        >>> from helpers.nn import Tanh
        >>> layer, x = Tanh(), tensor([0.0], requires_grad=True)
        >>> handle = layer.register_full_backward_hook(lambda *seen: print(seen[1:]))
        >>> layer(x).backward(torch.tensor([3.0]))
        ((tensor([3.]),), (tensor([3.]),))

        Source: torch.nn.Module. Built in chapter 08.
        """
        return added(self._backward_hooks, hook, prepend)


def added(hooks, hook, prepend):
    """Enter a hook; return torch's handle, whose `remove()` takes it out."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
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
