"""What a user can have called around `step()` and around saving and loading.

With this module one can: give an optimizer its lists of hooks (`Hooks`), have a hook
called around the step of every optimizer (`register_optimizer_step_pre_hook` and
`register_optimizer_step_post_hook`), and make a method `step` call them (`hooked`).
"""

from collections import OrderedDict
from functools import wraps

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
    """A method `step` that calls the hooks before and after it."""

    @wraps(step)
    def with_hooks(*args, **kwargs):
        self = args[0]
        for hook in (*BEFORE_EVERY_STEP.values(), *self._before_step.values()):
            args, kwargs = replaced(hook, hook(self, args, kwargs), args, kwargs)
        result = step(*args, **kwargs)
        for hook in (*self._after_step.values(), *AFTER_EVERY_STEP.values()):
            hook(self, args, kwargs)
        return result

    with_hooks.hooked = True
    return with_hooks


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


class Hooks:
    """The lists of hooks of one optimizer, and the methods that add to them."""

    def _clear_hooks(self):
        self._before_step, self._after_step = OrderedDict(), OrderedDict()
        self._before_save, self._after_save = OrderedDict(), OrderedDict()
        self._before_load, self._after_load = OrderedDict(), OrderedDict()

    def register_step_pre_hook(self, hook) -> RemovableHandle:
        """Call hook(optimizer, args, kwargs) before each step of this optimizer.

        The first of args is the optimizer too. What it returns, unless None, is a pair
        that replaces args and kwargs.
        """
        return keep(self._before_step, hook)

    def register_step_post_hook(self, hook) -> RemovableHandle:
        """Call hook(optimizer, args, kwargs) after each step of this optimizer."""
        return keep(self._after_step, hook)

    def register_state_dict_pre_hook(self, hook, prepend=False) -> RemovableHandle:
        """Call hook(optimizer) before `state_dict()`; with prepend, before others."""
        return keep(self._before_save, hook, prepend)

    def register_state_dict_post_hook(self, hook, prepend=False) -> RemovableHandle:
        """Call hook(optimizer, state_dict) after `state_dict()`.

        What it returns, unless None, replaces the dict.
        """
        return keep(self._after_save, hook, prepend)

    def register_load_state_dict_pre_hook(self, hook, prepend=False) -> RemovableHandle:
        """Call hook(optimizer, state_dict) before `load_state_dict` reads it.

        It is given a shallow copy; what it returns, unless None, is loaded instead.
        """
        return keep(self._before_load, hook, prepend)

    def register_load_state_dict_post_hook(
        self, hook, prepend=False
    ) -> RemovableHandle:
        """Call hook(optimizer) after `load_state_dict`."""
        return keep(self._after_load, hook, prepend)
