"""What a user can have called around `step()` and around saving and loading.

With this module one can: give an optimizer its lists of hooks (`Hooks`), have a hook
called around the step of every optimizer (`register_optimizer_step_pre_hook` and
`register_optimizer_step_post_hook`), make a method `step` call them (`hooked`), and
have a profiler see a `zero_grad` (`profiled`).
"""

from collections import OrderedDict
from contextlib import nullcontext
from functools import wraps
from itertools import chain

import torch
from torch._C._profiler import _RecordFunctionFast
from torch.optim.optimizer import (
    _global_optimizer_post_hooks,
    _global_optimizer_pre_hooks,
)
from torch.utils.hooks import RemovableHandle

BEFORE_EVERY_STEP = OrderedDict()
AFTER_EVERY_STEP = OrderedDict()


def keep(hooks, hook, prepend=False) -> RemovableHandle:
    """Put a hook into an ordered dict; the handle's `remove()` takes it out again."""
    if not callable(hook):
        raise TypeError(
            f"hook = {hook!r} of type {type(hook).__name__} can't be called: pass a "
            "function"
        )
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle


def register_optimizer_step_pre_hook(hook) -> RemovableHandle:
    """Call a hook before each step of every optimizer of ours.

    Args:
        hook: called as hook(optimizer, args, kwargs); the first of args is the
            optimizer too. What it returns, unless None, is a pair that replaces args
            and kwargs.

    Returns a handle, whose `remove()` takes the hook out again.

    Raises: `TypeError` for what can't be called.

    Source: `torch.optim.optimizer`, the function of this name. Chapter 05 explains
    hooks.

    >>> handle = register_optimizer_step_pre_hook(lambda *given: print("before a step"))
    >>> handle.remove()
    """
    return keep(BEFORE_EVERY_STEP, hook)


def register_optimizer_step_post_hook(hook) -> RemovableHandle:
    """Call a hook after each step of every optimizer of ours.

    Args:
        hook: called as hook(optimizer, args, kwargs); what it returns is not used.

    Returns a handle, whose `remove()` takes the hook out again.

    Raises: `TypeError` for what can't be called.

    Source: `torch.optim.optimizer`, the function of this name.

    >>> handle = register_optimizer_step_post_hook(lambda *given: print("after a step"))
    >>> handle.remove()
    """
    return keep(AFTER_EVERY_STEP, hook)


def hooked(step):
    """A method `step` that calls the hooks before and after it.

    Those are torch's for every optimizer, ours for every optimizer, and the
    optimizer's own. A profiler shows the whole under torch's name.
    """

    @wraps(step)
    def with_hooks(*args, **kwargs):
        self = args[0]
        with shown(f"Optimizer.step#{type(self).__name__}.step"):
            for hook in chain(
                _global_optimizer_pre_hooks.values(),
                BEFORE_EVERY_STEP.values(),
                self._optimizer_step_pre_hooks.values(),
            ):
                args, kwargs = replaced(hook, hook(self, args, kwargs), args, kwargs)
            result = step(*args, **kwargs)
            self._optimizer_step_code()  # where a profiler looks at the groups
            for hook in chain(
                self._optimizer_step_post_hooks.values(),
                AFTER_EVERY_STEP.values(),
                _global_optimizer_post_hooks.values(),
            ):
                hook(self, args, kwargs)
            return result

    with_hooks.hooked = True
    return with_hooks


def profiled(zero_grad):
    """A method `zero_grad` that a profiler shows under torch's name."""

    @wraps(zero_grad)
    def with_name(self, *args, **kwargs):
        if not hasattr(self, "_zero_grad_profile_name"):
            self._patch_step_function()
        with shown(self._zero_grad_profile_name):
            return zero_grad(self, *args, **kwargs)

    return with_name


def shown(name):
    """A `with` block that a profiler shows under a name; a compiler sees nothing."""
    if torch.compiler.is_compiling():
        return nullcontext()
    return _RecordFunctionFast(name)


def replaced(hook, answer, args, kwargs):
    """The arguments of a step after a hook gave its answer."""
    if answer is None:
        return args, kwargs
    if isinstance(answer, tuple) and len(answer) == 2:
        return answer
    raise RuntimeError(
        f"{hook} must return None or a tuple of (new_args, new_kwargs), but got "
        f"{answer!r}: end it with `return args, kwargs`, or without return"
    )


LISTS = [
    f"_optimizer_{event}_{when}_hooks"
    for event in ("step", "state_dict", "load_state_dict")
    for when in ("pre", "post")
]


class Hooks:
    """The lists of hooks of one optimizer, and the methods that add to them.

    The private names are torch's, where its wrappers of optimizers look for them.
    """

    profile_hook_step = staticmethod(hooked)

    def _prepare_hooks(self):
        """Have each list, and a step that calls them."""
        for name in LISTS:
            self.__dict__.setdefault(name, OrderedDict())
        self._patch_step_function()

    def _patch_step_function(self):
        """Have the class call hooks around its step, if it was written elsewhere."""
        kind = type(self)
        self._zero_grad_profile_name = f"Optimizer.zero_grad#{kind.__name__}.zero_grad"
        if not getattr(kind.step, "hooked", False):
            kind.step = hooked(kind.step)

    def register_step_pre_hook(self, hook) -> RemovableHandle:
        """Call hook(optimizer, args, kwargs) before each step of this optimizer.

        The first of args is the optimizer too. What it returns, unless None, is a pair
        that replaces args and kwargs.
        """
        return keep(self._optimizer_step_pre_hooks, hook)

    def register_step_post_hook(self, hook) -> RemovableHandle:
        """Call hook(optimizer, args, kwargs) after each step of this optimizer."""
        return keep(self._optimizer_step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook, prepend=False) -> RemovableHandle:
        """Call hook(optimizer) before `state_dict()`; with prepend, before others."""
        return keep(self._optimizer_state_dict_pre_hooks, hook, prepend)

    def register_state_dict_post_hook(self, hook, prepend=False) -> RemovableHandle:
        """Call hook(optimizer, state_dict) after `state_dict()`.

        What it returns, unless None, replaces the dict.
        """
        return keep(self._optimizer_state_dict_post_hooks, hook, prepend)

    def register_load_state_dict_pre_hook(self, hook, prepend=False) -> RemovableHandle:
        """Call hook(optimizer, state_dict) before `load_state_dict` reads it.

        It is given a shallow copy; what it returns, unless None, is loaded instead.
        """
        return keep(self._optimizer_load_state_dict_pre_hooks, hook, prepend)

    def register_load_state_dict_post_hook(
        self, hook, prepend=False
    ) -> RemovableHandle:
        """Call hook(optimizer) after `load_state_dict`."""
        return keep(self._optimizer_load_state_dict_post_hooks, hook, prepend)
