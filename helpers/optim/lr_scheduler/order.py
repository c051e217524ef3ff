"""Know whether an optimizer has stepped, and warn of a scheduler that steps first.

With this module one can: have an optimizer note its steps (`watch`), warn of the wrong
order (`warn_if_early`), step schedulers without that warning (`unchecked`), and give a
warning of the line that called the scheduler (`warn`).

The optimizer notes a step by a hook of its own, a function that knows of no scheduler:
nothing is replaced, and neither keeps the other alive.
"""

import warnings
from contextlib import contextmanager

from helpers.optim.base.warn_once import depth_below_user

EARLY = (
    "Detected call of `lr_scheduler.step()` before `optimizer.step()`: the first value "
    "of the schedule is skipped. Call `optimizer.step()` first, then "
    "`lr_scheduler.step()`. If that is your order, the optimizer's step was left out, "
    "as a GradScaler does when it finds an infinite gradient: then ignore this, or "
    "step the scheduler only when the scale has not fallen"
)


def note_step(optimizer, args, kwargs):
    """Hook: this optimizer has stepped. The name is where torch notes it too."""
    optimizer._opt_called = True


def watch(optimizer):
    """Have an optimizer note its steps from now on; a wrapper without hooks doesn't."""
    hooks = getattr(optimizer, "_optimizer_step_post_hooks", None)
    if hooks is not None and note_step not in hooks.values():
        optimizer.register_step_post_hook(note_step)


def is_watched(optimizer) -> bool:
    """Whether its steps are noted: not if `step` was replaced, or the hook is gone."""
    hooks = getattr(optimizer, "_optimizer_step_post_hooks", {})
    return note_step in hooks.values() and "step" not in vars(optimizer)


def warn_if_early(optimizer):
    """Warn if it is known that the optimizer has not stepped yet."""
    if is_watched(optimizer) and not getattr(optimizer, "_opt_called", False):
        warn(EARLY)


@contextmanager
def unchecked(optimizer):
    """A `with` block in which schedulers may step before the optimizer."""
    before = getattr(optimizer, "_opt_called", False)
    optimizer._opt_called = True
    try:
        yield
    finally:
        optimizer._opt_called = before


def warn(text):
    """Give a `UserWarning` of the line outside of this package that led here."""
    warnings.warn(text, UserWarning, stacklevel=2 + depth_below_user())
