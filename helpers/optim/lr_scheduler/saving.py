"""Check what a scheduler is to load, and save what callables hold.

With this module one can: refuse a dict that isn't this scheduler's (`checked`), save
the attributes of a callable (`saved_callable`), and put them back (`restore_callable`).
"""

import inspect
import types
from collections.abc import Mapping

from helpers.optim.lr_scheduler.rates import copied

PACKAGE = __name__.partition(".lr_scheduler.")[0]  # helpers.optim
FUNCTIONS = types.FunctionType, types.MethodType, types.BuiltinFunctionType


def checked(scheduler, given) -> dict:
    """A saved dict as a new one, once it is seen to be this scheduler's.

    Raises: `TypeError` for what is no dict, `KeyError` for one that lacks what the
    scheduler needs, `ValueError` for one of another number of groups or parts.
    """
    kind = type(scheduler).__name__
    if not isinstance(given, Mapping):
        raise TypeError(
            f"state_dict must be a dict, but got {type(given).__name__}: pass what "
            "scheduler.state_dict() returned; torch.load(path) reads it from a file"
        )
    missing = [name for name in names_needed(scheduler) if name not in given]
    if missing:
        raise KeyError(
            f"loaded state dict belongs to another scheduler: it has no "
            f"{missing[0]!r}, which {kind} needs. Load what {kind} saved"
        )
    groups = len(scheduler.optimizer.param_groups)
    check_length(kind, "rates", given.get("_last_lr", groups), groups)
    if "lr_lambdas" in given:
        check_length(kind, "functions", given["lr_lambdas"], groups)
    if "_schedulers" in given:
        check_parts(scheduler, given["_schedulers"])
    return dict(given)


def check_parts(scheduler, given):
    """Check what is to be loaded into each part of a composed scheduler."""
    parts = scheduler._schedulers
    check_length(type(scheduler).__name__, "schedulers", given, len(parts))
    for part, each in zip(parts, given, strict=True):
        checked(part, each)


def check_length(kind, what, given, wanted):
    """Raise `ValueError` for a list of another length, or another number."""
    length = given if isinstance(given, int) else len(given)
    if length != wanted:
        raise ValueError(
            f"loaded state dict has {length} {what}, and this {kind} has {wanted}: "
            "build the optimizer with the same groups, and the scheduler of the same "
            "parts, as those that were saved"
        )


def names_needed(scheduler) -> list[str]:
    """What the state of its class in this package holds of what it was built with."""
    kinds = type(scheduler).__mro__
    ours = next(each for each in kinds if each.__module__.startswith(PACKAGE))
    names = inspect.signature(ours.__init__).parameters.keys() - {"optimizer"}
    return [*ours.saved_too, *sorted(names & vars(scheduler).keys())]


def saved_callable(function):
    """The attributes of a callable object; None for a function, which is not saved."""
    return None if isinstance(function, FUNCTIONS) else copied(vars(function))


def restore_callable(function, saved):
    """Give a callable object its attributes back."""
    if saved is not None:
        vars(function).update(copied(saved))
