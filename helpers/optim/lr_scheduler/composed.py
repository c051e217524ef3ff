"""The base class of schedulers that are made of others."""

from helpers.optim.lr_scheduler.checks import check_optimizer
from helpers.optim.lr_scheduler.plateau import ReduceLROnPlateau
from helpers.optim.lr_scheduler.scheduler import LRScheduler


class ComposedScheduler(LRScheduler):
    """Base class of schedulers that step others, its parts.

    Each part saves and loads its own state; the rate is that of the whole.
    """

    saved_too = ("_schedulers",)

    def _take(self, schedulers, optimizer):
        """Note the parts and the optimizer, which must be that of each part."""
        kind = type(self).__name__
        if len(schedulers) < 1:
            raise ValueError(
                f"{kind} expects at least one scheduler, but got no scheduler: pass a "
                "list of them"
            )
        check_part(kind, 0, schedulers[0])
        self.optimizer = schedulers[0].optimizer if optimizer is None else optimizer
        check_optimizer(self.optimizer)
        for place, part in enumerate(schedulers):
            check_part(kind, place, part)
            check_same_optimizer(kind, place, part, self.optimizer)
        self._schedulers = list(schedulers)

    @property
    def sets_own_rates(self) -> bool:
        """Whether one of its parts does."""
        return any(part.sets_own_rates for part in self._schedulers)

    @property
    def sets_initial_lr(self) -> bool:
        """Whether one of its parts does."""
        return any(part.sets_initial_lr for part in self._schedulers)

    def _update_lr(self, epoch=None):
        """Begin, as a part of another that comes to it."""
        self._initial_step()

    def _rewind(self):
        for part in self._schedulers:
            part._rewind()

    def _first_rates(self):
        return self._schedulers[0]._first_rates()

    def _state(self):
        parts = [
            {**part.state_dict(), "_last_lr": part.get_last_lr()}
            for part in self._schedulers
        ]
        return {**super()._state(), "_schedulers": parts}

    def _load(self, state_dict):
        rest = dict(state_dict)
        saved = rest.pop("_schedulers")
        super()._load(rest)
        for part, each in zip(self._schedulers, saved, strict=True):
            part.load_state_dict(each)

    def _restore_momentum(self):
        for part in self._schedulers:
            part._restore_momentum()


def check_part(kind, place, part):
    """Raise `TypeError` or `ValueError` for what can't be a part of another."""
    if not isinstance(part, LRScheduler):
        raise TypeError(
            f"{kind} at index {place} should have a scheduler of helpers.optim, but "
            f"got {type(part).__name__}: build it with helpers.optim.lr_scheduler, or "
            "compose torch's with torch's"
        )
    if isinstance(part, ReduceLROnPlateau):
        raise ValueError(
            f"{kind} does not support `ReduceLROnPlateau` scheduler as it requires "
            "additional kwargs to be specified when calling `step`, but got one at "
            f"index {place} in the given schedulers sequence: step it by itself"
        )


def check_same_optimizer(kind, place, part, optimizer):
    """Raise `ValueError` for a part that drives another optimizer."""
    if part.optimizer is not optimizer:
        raise ValueError(
            f"{kind} expects all schedulers to belong to the same optimizer, but "
            f"{type(part).__name__} at index {place} has another "
            f"{type(part.optimizer).__name__}: build each part with the same one"
        )
