"""Notice the raw module, called where its wrapper should have been."""

import weakref
from contextlib import contextmanager

import torch

WRAPPED = weakref.WeakSet()  # modules whose gradients are averaged

RAW_CALL = (
    "the module inside of DataParallel was called itself, with gradients recorded; "
    "allowed is the wrapper, which keeps the ranks alike: call the DataParallel "
    "object. To evaluate on one rank, call either of them under torch.no_grad()"
)


class RawModuleGuard:
    """A hook before `forward` that lets only the wrapper through, and no-grad calls.

    Args:
        module: of torch's or ours.

    Raises:
        ValueError: the module, or a part of it, is wrapped already.
    """

    def __init__(self, module=None):
        self.module = lambda: None  # a copy of a module has a hook that watches nothing
        self._is_open = False
        if module is not None:
            _check_is_free(module)
            self.module = weakref.ref(module)
            self._handle = module.register_forward_pre_hook(self)
            WRAPPED.add(module)

    def __call__(self, module, args):
        """Refuse a call that doesn't come through the wrapper."""
        if module is self.module() and not self._is_open and torch.is_grad_enabled():
            raise RuntimeError(RAW_CALL)

    @contextmanager
    def open(self):
        """Let calls through: those of the wrapper."""
        self._is_open = True
        try:
            yield
        finally:
            self._is_open = False

    def remove(self):
        """Let the module go."""
        self._handle.remove()
        WRAPPED.discard(self.module())

    def __reduce__(self):
        return RawModuleGuard, ()


def _check_is_free(module):
    """Refuse to average gradients twice."""
    for name, each in module.named_modules():
        if each in WRAPPED:
            where = f"its part {name}" if name else "it"
            raise ValueError(
                f"module = {type(module).__name__}: {where} is wrapped in DataParallel "
                "already; allowed is one wrapper: use that one, or call its unwrap()"
            )
