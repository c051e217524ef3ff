"""Several schedulers at once: ChainedScheduler."""

from helpers.optim.lr_scheduler import order
from helpers.optim.lr_scheduler.composed import ComposedScheduler
from helpers.optim.lr_scheduler.rates import put_all, values_of


class ChainedScheduler(ComposedScheduler):
    """Several schedulers at once: what they make of the rate is multiplied.

    Args:
        schedulers: a list of schedulers of this module, all of one optimizer.
        optimizer: that optimizer (None: the first one's).

    Raises: `ValueError` or `TypeError` for what can't be chained.

    Source: `torch.optim.lr_scheduler.ChainedScheduler`. Departure: where a part
    recomputes its rate at each step (LambdaLR, CosineAnnealingWarmRestarts, CyclicLR,
    OneCycleLR, SequentialLR), torch's forgets what the others have done so far (its
    issue 129565). Here each part then runs by itself from the base rate, and the rate
    is the base rate times what each has made of it. Chapter 09 builds it.

    >>> import torch
    >>> from helpers.optim.lr_scheduler import ExponentialLR, LambdaLR
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> decay = ExponentialLR(optimizer, gamma=0.5)
    >>> warmup = LambdaLR(optimizer, lambda epoch: min(1, (epoch + 1) / 2))
    >>> scheduler, rates = ChainedScheduler([decay, warmup]), []
    >>> for _ in range(4):
    ...     rates += scheduler.get_last_lr()
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [0.5, 0.5, 0.25, 0.125]
    """

    def __init__(self, schedulers, optimizer=None):
        self._take(schedulers, optimizer)
        owners = [part for part in self._schedulers if part.sets_own_rates]
        if len(owners) > 1:
            raise ValueError(
                f"{type(owners[0]).__name__} and {type(owners[1]).__name__} both have "
                "rates of their own, which can't be multiplied: chain one of them with "
                "others, or put them one after the other with SequentialLR"
            )
        if self._runs_apart:
            self._trace()
        self._join()

    @property
    def recomputes(self) -> bool:
        """Whether one of its parts does."""
        return any(part.recomputes for part in self._schedulers)

    @property
    def last_epoch(self) -> int:
        """That of its parts."""
        return self._schedulers[0].last_epoch

    @property
    def _runs_apart(self) -> bool:
        """Whether each part must run by itself, for one of them recomputes."""
        return self.recomputes and len(self._schedulers) > 1

    def _initial_step(self):
        """Set the rate of epoch 0: all parts', in their order."""
        self._rewind()
        put_all(self.optimizer, "lr", self._first_rates())
        for part in self._schedulers:
            if self._runs_apart:
                put_all(self.optimizer, "lr", part._first_rates())
            part._initial_step()
        self._join()

    def _trace(self):
        """Run each part by itself, from its beginning up to its present epoch."""
        with order.unchecked(self.optimizer):
            for part in self._schedulers:
                epochs = part.last_epoch
                part._rewind()
                put_all(self.optimizer, "lr", part._first_rates())
                part._initial_step()
                for _ in range(epochs):
                    part.step()

    def step(self):
        """Set the rates of the next epoch; call it after `optimizer.step()`."""
        for part in self._schedulers:
            if self._runs_apart:
                put_all(self.optimizer, "lr", part.get_last_lr())
            part.step()
        self._join()

    def _join(self):
        """Set the rates to what all parts make of them together."""
        if self._runs_apart:
            put_all(self.optimizer, "lr", self._products())
        self._last_lr = values_of(self.optimizer, "lr")

    def _products(self) -> list:
        """The rates of one part, times what the others have made of their own."""
        parts = sorted(self._schedulers, key=lambda part: not part.sets_own_rates)
        rates = parts[0].get_last_lr()
        for part in parts[1:]:
            pairs = zip(part.get_last_lr(), part._first_rates(), strict=True)
            factors = [rate / base if base else 1 for rate, base in pairs]
            rates = [a * b for a, b in zip(rates, factors, strict=True)]
        return rates

    def _load(self, state_dict):
        super()._load(state_dict)
        if self._runs_apart:  # torch's file has other rates of the parts
            self._trace()
