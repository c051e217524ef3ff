"""Attributes that are replaced for a while, and then put back."""

import functools


class Patches:
    """What was replaced, in order; `undo` restores all of it."""

    def __init__(self):
        self._undo = []

    def wrap(self, owner, name, wrapper):
        """Replace a function of a class or module by `wrapper(original, *args)`."""
        if isinstance(owner, type) and name not in owner.__dict__:
            return
        original = owner.__dict__[name]

        @functools.wraps(original)
        def replaced(*args, **kwargs):
            return wrapper(original, *args, **kwargs)

        self.put(owner, name, replaced)

    def put(self, owner, name, function):
        """Replace a function of a class or module."""
        original = owner.__dict__[name]
        setattr(owner, name, function)
        self.on_undo(lambda: setattr(owner, name, original))

    def on_undo(self, action):
        """Call `action` when all is undone."""
        self._undo.append(action)

    def undo(self):
        """Restore everything, the last first."""
        while self._undo:
            self._undo.pop()()
