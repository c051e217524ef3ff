"""The base class of schedulers: a rate for each epoch, saved and resumed."""

import torch

from helpers.optim.lr_scheduler import order, saving
from helpers.optim.lr_scheduler.checks import check_last_epoch, check_optimizer
from helpers.optim.lr_scheduler.rates import copied, copy_of, put_all, values_of
from helpers.optim.lr_scheduler.resume import check_resumed, remember_initial

EPOCH_DEPRECATED = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being "
    "deprecated where possible: an epoch was given. The rate of that epoch is set, by "
    "the closed form where there is one. Call `scheduler.step()` without arguments"
)
LOOK_AT_LAST = (
    "get_lr() computes the next rate, and only step() may call it. To get the last "
    "learning rate computed by the scheduler, please use `get_last_lr()`."
)


class LRScheduler(torch.optim.lr_scheduler.LRScheduler):
    """Base class of schedulers; a family is a subclass with a `get_lr`.

    Args:
        optimizer: ours or torch's; it has "lr" in each of its groups.
        last_epoch: int (-1), the last epoch that was trained; -1 begins. With N from 0
            up the rate is that of epoch N + 1, whatever the optimizer has.

    The unit of an epoch is what you call `step` with: a pass over the data, or a batch.

    Attributes: `optimizer`; `base_lrs`, the rates that it began with, one a group;
    `last_epoch`, how often `step` was called.

    Raises, at construction: `TypeError` for what is no optimizer, `KeyError` for N
    without the "initial_lr" that a saved optimizer has, `ValueError` for N if the
    optimizer's rate is neither that of epoch N, N + 1 or 0: another scheduler has
    changed it.

    Source: `torch.optim.lr_scheduler.LRScheduler`. Departures: after `load_state_dict`
    the optimizer has the rate that was saved, in whatever order things were built and
    loaded; with last_epoch=N the epochs before are computed again, so that no family
    starts wrong; groups that hold one tensor as their rate get one each;
    `optimizer.step` is not replaced. Chapter 09 builds it.

    >>> weight = torch.nn.Parameter(torch.ones(1))
    >>> optimizer = torch.optim.SGD([weight], lr=1.0)
    >>> class Halve(LRScheduler):
    ...     def get_lr(self):
    ...         return [base / 2**self.last_epoch for base in self.base_lrs]
    >>> scheduler = Halve(optimizer)
    >>> for _ in range(2):
    ...     optimizer.step()
    ...     scheduler.step()
    >>> optimizer.param_groups[0]["lr"], scheduler.get_last_lr()
    (0.25, [0.25])
    """

    recomputes = False  # the next rate is computed anew, not from the present one
    sets_initial_lr = False  # it overwrites the "initial_lr" of the groups
    saved_too = ()  # names in its state beside those of the constructor's arguments
    sets_own_rates = False  # it has rates of its own, no multiple of the optimizer's

    def __init__(self, optimizer, last_epoch=-1):
        check_optimizer(optimizer)
        check_last_epoch(last_epoch)
        self.optimizer = optimizer
        remember_initial(optimizer, last_epoch)
        if not hasattr(self, "base_lrs"):  # CyclicLR brings its own
            self.base_lrs = values_of(optimizer, "initial_lr")
        self.last_epoch = -1
        order.watch(optimizer)
        if last_epoch == -1:
            self._initial_step()
        else:
            self._resume(last_epoch)

    def _initial_step(self):
        """Set the rate of epoch 0."""
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def _resume(self, last_epoch):
        """Set the rate of epoch last_epoch + 1, by going through those before it."""
        loaded = values_of(self.optimizer, "lr")
        put_all(self.optimizer, "lr", self.base_lrs)
        self._initial_step()
        before = self._last_lr
        with order.unchecked(self.optimizer):
            for _ in range(last_epoch + 1):
                before = self._last_lr
                self.step()
        self._step_count = 1
        if not self.recomputes:
            check_resumed(self, loaded, [self.base_lrs, before, self._last_lr])

    def get_lr(self) -> list:
        """The rates of epoch `last_epoch`, one a group: what a subclass writes.

        Raises: `NotImplementedError` here. Chapter 09 writes several.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no rates: write get_lr(self), which returns a "
            "list with one for each parameter group"
        )

    def get_last_lr(self) -> list:
        """The rates that the scheduler has set last, one a group; copies of them."""
        return [copy_of(each) for each in self._last_lr]

    def step(self, epoch=None):
        """Set the rates of the next epoch; call it after `optimizer.step()`.

        Args:
            epoch: None (None), or the number of an epoch to set the rates of, which is
                deprecated.

        Warns of a call before the optimizer's first step. Chapter 09 shows what the
        wrong unit does.
        """
        self._count_step()
        if epoch is not None:
            order.warn(EPOCH_DEPRECATED)
        self._update_lr(epoch)

    def _count_step(self):
        """Count this step; warn if it is the first one, and the optimizer made none."""
        if self._step_count == 1:
            order.warn_if_early(self.optimizer)
        self._step_count += 1

    def _update_lr(self, epoch=None):
        """Set the rates of the next epoch, or of a given one; on errors, none."""
        before = self.last_epoch
        self.last_epoch = before + 1 if epoch is None else epoch
        self._get_lr_called_within_step = True
        try:
            put_all(self.optimizer, "lr", self._values(epoch))
        except Exception:
            self.last_epoch = before
            raise
        finally:
            self._get_lr_called_within_step = False
        self._last_lr = values_of(self.optimizer, "lr")

    def _values(self, epoch):
        """The new rates: for a given epoch by the closed form, where there is one."""
        if epoch is not None and hasattr(self, "_get_closed_form_lr"):
            return self._get_closed_form_lr()
        return self.get_lr()

    def _warn_unless_stepping(self):
        """Warn of a call of `get_lr` by a user."""
        if not self._get_lr_called_within_step:
            order.warn(LOOK_AT_LAST)

    def _rewind(self):
        """Stand before epoch 0, where `_initial_step` begins."""
        self.last_epoch = -1

    def _first_rates(self) -> list:
        """The rates from which it starts."""
        return self.base_lrs

    def state_dict(self) -> dict:
        """The whole state as a dict that can be saved, in torch's layout.

        All attributes but the optimizer; "_last_lr" holds the rates that the optimizer
        has now, whoever has set them. Chapter 10 saves and resumes a run.
        """
        return {**self._state(), "_last_lr": values_of(self.optimizer, "lr")}

    def load_state_dict(self, state_dict):
        """Continue where the scheduler stood whose `state_dict()` is given.

        The optimizer gets the rates that were saved, so it does not matter whether it
        was loaded before this scheduler was built, after, or at all.

        Args:
            state_dict: ours or torch's; it is not changed.

        Raises: `AttributeError` or `TypeError` for what is no dict, `KeyError` or
        `ValueError` for another scheduler's, or for one of other groups; nothing is
        changed then.
        """
        state_dict = saving.checked(self, state_dict)
        self._load(state_dict)
        if "_last_lr" in state_dict:
            put_all(self.optimizer, "lr", state_dict["_last_lr"])
        self._restore_momentum()

    def _state(self) -> dict:
        """What is saved, with the rates that this scheduler has set last itself."""
        return {k: each for k, each in vars(self).items() if k != "optimizer"}

    def _load(self, state_dict):
        """Take over what was saved; the optimizer is not touched."""
        self.__dict__.update(copied(state_dict))

    def _restore_momentum(self):
        """Give the optimizer the momentum of `last_epoch`, where it is scheduled."""

    def __setstate__(self, state):
        self.__dict__.update(state)
        order.watch(self.optimizer)
        self.optimizer._opt_called = True  # what it did before isn't known: no warning
