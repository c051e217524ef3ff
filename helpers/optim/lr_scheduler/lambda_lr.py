"""Schedulers by a function of the user's: LambdaLR and MultiplicativeLR."""

from helpers.optim.lr_scheduler.checks import check_callable, check_optimizer
from helpers.optim.lr_scheduler.rates import copied, values_of
from helpers.optim.lr_scheduler.saving import restore_callable, saved_callable
from helpers.optim.lr_scheduler.scheduler import LRScheduler


class FunctionScheduler(LRScheduler):
    """Base class of schedulers with a function of the epoch, one a group.

    Args:
        optimizer, last_epoch: as for `LRScheduler`.
        lr_lambda: a function, or a list with one for each group.

    Attribute: `lr_lambdas`, a list. Raises `ValueError` for a list of another length,
    `TypeError` for what can't be called.
    """

    saved_too = ("lr_lambdas",)

    def __init__(self, optimizer, lr_lambda, last_epoch=-1):
        check_optimizer(optimizer)
        self.lr_lambdas = one_a_group(lr_lambda, len(optimizer.param_groups))
        super().__init__(optimizer, last_epoch)

    def _state(self):
        saved = [saved_callable(each) for each in self.lr_lambdas]
        return {**super()._state(), "lr_lambdas": saved}

    def _load(self, state_dict):
        rest = copied(state_dict)
        saved = rest.pop("lr_lambdas")
        super()._load(rest)
        for function, each in zip(self.lr_lambdas, saved, strict=True):
            restore_callable(function, each)


class LambdaLR(FunctionScheduler):
    """The base rate times a function of the epoch: recomputed at each step.

    Args:
        optimizer: ours or torch's.
        lr_lambda: a function from the number of an epoch, 0 at first, to a factor; or a
            list with one for each group. Functions are not saved; of callable objects
            the attributes are.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Raises: `ValueError` for a list of another length than the groups, `TypeError` for
    what can't be called.

    Source: `torch.optim.lr_scheduler.LambdaLR`. Chapter 09 builds it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
    >>> warmup = LambdaLR(optimizer, lambda epoch: min(1, (epoch + 1) / 4))
    >>> warmup.get_last_lr()
    [0.125]
    """

    recomputes = True

    def get_lr(self):
        """The base rates times the functions' values."""
        self._warn_unless_stepping()
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [base * factor(self.last_epoch) for base, factor in pairs]


class MultiplicativeLR(FunctionScheduler):
    """The present rate times a function of the epoch: multiplied at each step.

    Args:
        optimizer: ours or torch's.
        lr_lambda: a function from the number of an epoch, 1 at first, to the factor of
            that step; or a list with one for each group. Functions are not saved; of
            callable objects the attributes are.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Raises: as `LambdaLR`.

    Source: `torch.optim.lr_scheduler.MultiplicativeLR`. Chapter 09 builds it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
    >>> scheduler = MultiplicativeLR(optimizer, lambda epoch: 0.5, last_epoch=-1)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.25]
    """

    def get_lr(self):
        """The present rates times the functions' values; at the beginning, as is."""
        self._warn_unless_stepping()
        rates = values_of(self.optimizer, "lr")
        if self._is_initial:
            return rates
        pairs = zip(rates, self.lr_lambdas, strict=True)
        return [rate * factor(self.last_epoch) for rate, factor in pairs]


def one_a_group(given, groups) -> list:
    """One function for each group, of one for all or of a list of them."""
    functions = list(given) if isinstance(given, (list, tuple)) else [given] * groups
    if len(functions) != groups:
        raise ValueError(
            f"Expected {groups} lr_lambdas, but got {len(functions)}: pass one for "
            "each parameter group, or one function for all"
        )
    for each in functions:
        check_callable("lr_lambda", each)
    return functions
