"""Whether operations are recorded: a switch, one for each thread.

With this module one can: stop recording (`no_grad`), start it again (`enable_grad`),
choose by a condition (`set_grad_enabled`), and ask (`is_grad_enabled`).

The switch is torch's own, so one `no_grad` block holds for our tensors and for
torch's, and a new thread starts with recording on.
"""

import functools
import inspect

import torch

is_grad_enabled = torch.is_grad_enabled
_switch = torch._C._set_grad_enabled


class _GradMode:
    """Sets the switch for a block, or for every call of a decorated function."""

    wanted = True

    def __enter__(self):
        self.before = is_grad_enabled()
        _switch(self.wanted)
        return self

    def __exit__(self, *failure):
        _switch(self.before)

    def clone(self):
        """A fresh one: blocks may be nested, and a decorated function may recurse."""
        return type(self)()

    def __call__(self, function):
        """Decorate a function, or a generator function, which runs under this mode."""
        if inspect.isgeneratorfunction(function):
            return self._around_generator(function)

        @functools.wraps(function)
        def under_this_mode(*args, **kwargs):
            with self.clone():
                return function(*args, **kwargs)

        return under_this_mode

    def _around_generator(self, function):
        """Set the switch while the generator works, not while its caller does."""

        @functools.wraps(function)
        def under_this_mode(*args, **kwargs):
            generator = function(*args, **kwargs)
            resume, received = generator.send, None
            while True:
                try:
                    with self.clone():
                        made = resume(received)
                except StopIteration as end:
                    return end.value
                try:
                    resume, received = generator.send, (yield made)
                except GeneratorExit:
                    with self.clone():
                        generator.close()
                    raise
                except BaseException as thrown:
                    resume, received = generator.throw, thrown

        return under_this_mode


def _no_brackets(mode):
    """Let a mode decorate a function both as `@no_grad()` and as `@no_grad`."""

    def __new__(cls, function=None):
        mode_itself = object.__new__(cls)
        return mode_itself if function is None else mode_itself(function)

    mode.__new__ = __new__
    return mode


@_no_brackets
class no_grad(_GradMode):  # noqa: N801 -- torch's name
    """A block, or a decorator, under which nothing is recorded.

    Results do not require grad, whatever they were computed from. Changing a leaf in
    place, as an optimizer does, is allowed. Source: torch.no_grad. Built in chapter 03.

    >>> from helpers.autograd import tensor
    >>> x = tensor([1.0], requires_grad=True)
    >>> with no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    wanted = False


@_no_brackets
class enable_grad(_GradMode):  # noqa: N801 -- torch's name
    """A block, or a decorator, under which operations are recorded.

    Needed only inside of `no_grad`. Source: torch.enable_grad. Built in chapter 03.

    >>> with no_grad(), enable_grad():
    ...     is_grad_enabled()
    True
    """


class set_grad_enabled(_GradMode):  # noqa: N801 -- torch's name
    """Set the switch to `mode`, at once; as a block or a decorator, for a while.

    Args:
        mode: bool, whether operations are recorded.

    Source: torch.set_grad_enabled. Built in chapter 03.

    >>> with set_grad_enabled(False):
    ...     is_grad_enabled()
    False
    """

    def __init__(self, mode: bool):
        self.before = is_grad_enabled()
        self.wanted = mode
        _switch(mode)  # TypeError for what is no bool

    def __enter__(self):
        _switch(self.wanted)
        return self

    def __call__(self, function):
        """Make the mode that of the function's calls."""
        _switch(self.before)  # a decorator changes its function's calls, nothing else
        return super().__call__(function)

    def clone(self):
        """A manager of the same mode."""
        return set_grad_enabled(self.wanted)
