"""The base class of schedulers that multiply the present rate by a factor."""

from helpers.optim.lr_scheduler.rates import values_of
from helpers.optim.lr_scheduler.scheduler import LRScheduler


class ChainableScheduler(LRScheduler):
    """Base class of families that multiply the present rate by a factor at each step.

    Several of them can step one after the other on one optimizer: the factors multiply.
    A subclass has a `step_factor`, and where there is a formula a `total_factor`.

    Args:
        optimizer: ours or torch's.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Chapter 09 builds it.

    >>> import torch
    >>> class Halve(ChainableScheduler):
    ...     def step_factor(self):
    ...         return 1 if self.last_epoch == 0 else 0.5
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> scheduler = Halve(optimizer, last_epoch=-1)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.5]
    """

    def step_factor(self) -> float:
        """What the present rate is multiplied by, to become that of `last_epoch`."""
        raise NotImplementedError(
            f"{type(self).__name__} has no factor: write step_factor(self), which "
            "returns what the rate is multiplied by at epoch self.last_epoch"
        )

    def total_factor(self) -> float:
        """What the base rate has been multiplied by, in all, up to `last_epoch`.

        Here the product of all factors; a family with a formula writes that.
        """
        product, last = 1, self.last_epoch
        for epoch in range(last + 1):
            self.last_epoch = epoch
            product *= self.step_factor()
        self.last_epoch = last
        return product

    def get_lr(self) -> list:
        """The present rates times `step_factor()`."""
        self._warn_unless_stepping()
        factor = self.step_factor()
        return [rate * factor for rate in values_of(self.optimizer, "lr")]

    def _get_closed_form_lr(self) -> list:
        """The base rates times `total_factor()`."""
        factor = self.total_factor()
        return [base * factor for base in self.base_lrs]
