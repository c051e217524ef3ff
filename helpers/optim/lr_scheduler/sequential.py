"""One scheduler after the other: SequentialLR."""

from bisect import bisect_right

from helpers.optim.lr_scheduler import order
from helpers.optim.lr_scheduler.checks import check_last_epoch, check_whole
from helpers.optim.lr_scheduler.composed import ComposedScheduler
from helpers.optim.lr_scheduler.rates import put_all


class SequentialLR(ComposedScheduler):
    """Several schedulers, each from its milestone on; there it begins at its epoch 0.

    Args:
        optimizer: ours or torch's, that of each part.
        schedulers: a list of schedulers of this module, built without last_epoch.
        milestones: a list of rising whole numbers, one fewer than schedulers: the
            epochs at which the next one takes over.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Raises: `ValueError` or `TypeError` for what can't be put in a row; `ValueError` for
    last_epoch=N with a OneCycleLR, which overwrites the rates of the beginning.

    Source: `torch.optim.lr_scheduler.SequentialLR`. Departures: with last_epoch=N the
    rate is that of epoch N + 1, where torch begins again (its issue 162591); a part may
    itself be composed, where torch is an epoch ahead or fails; it begins with the rate
    of the first part, even if a OneCycleLR comes later. Chapter 09 builds it.

    >>> import torch
    >>> from helpers.optim.lr_scheduler import ExponentialLR, LinearLR
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> warmup = LinearLR(optimizer, start_factor=0.5, total_iters=2)
    >>> decay = ExponentialLR(optimizer, gamma=0.5)
    >>> scheduler, rates = SequentialLR(optimizer, [warmup, decay], [2]), []
    >>> for _ in range(5):
    ...     rates += scheduler.get_last_lr()
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [0.5, 0.75, 1.0, 0.5, 0.25]
    """

    recomputes = True  # at each milestone

    def __init__(self, optimizer, schedulers, milestones, last_epoch=-1):
        check_last_epoch(last_epoch)
        self._take(schedulers, optimizer)
        check_milestones(milestones, len(schedulers))
        if last_epoch >= 0 and len(schedulers) > 1:
            self._check_initial_rates(last_epoch)
        self._milestones = list(milestones)
        self._initial_step()
        with order.unchecked(optimizer):
            for _ in range(last_epoch + 1):
                self.step()

    def _check_initial_rates(self, last_epoch):
        """Raise `ValueError` if a part has overwritten the rates of the beginning."""
        if self.sets_initial_lr:
            raise ValueError(
                f"last_epoch={last_epoch} can't be used with a OneCycleLR among the "
                "schedulers: it has overwritten the initial_lr that the others begin "
                "with. Leave last_epoch out, and call load_state_dict with what "
                "state_dict() of the SequentialLR returned"
            )

    def _part(self):
        """The scheduler of the present epoch, and the milestone where it began."""
        place = bisect_right(self._milestones, self.last_epoch)
        return self._schedulers[place], self._milestones[place - 1] if place else None

    def _initial_step(self):
        """Set the rate of epoch 0: the first part's."""
        self._rewind()
        self.last_epoch = 0
        part, _ = self._part()
        put_all(self.optimizer, "lr", part._first_rates())
        part._initial_step()
        self._last_lr = part.get_last_lr()

    def step(self):
        """Set the rates of the next epoch; call it after `optimizer.step()`."""
        self.last_epoch += 1
        part, milestone = self._part()
        if milestone == self.last_epoch:
            part._update_lr(0)
        else:
            part.step()
        self._last_lr = part.get_last_lr()


def check_milestones(milestones, schedulers):
    """Raise `ValueError` unless they rise, and are one fewer than the schedulers."""
    if len(milestones) != schedulers - 1:
        raise ValueError(
            "Sequential Schedulers expects number of schedulers provided to be one "
            f"more than the number of milestone points, but got {schedulers} "
            f"schedulers and {len(milestones)} milestones: name the epochs at which "
            "each of them but the first takes over"
        )
    for each in milestones:
        check_whole("milestones", each, 0, "[5, 50], say")
    if sorted(milestones) != list(milestones):
        raise ValueError(
            f"milestones = {milestones} don't rise: give the epochs at which one "
            "scheduler follows another in the order of the schedulers"
        )
