"""ZeRO, stage 1: each rank keeps the state of its share of the parameters."""

import torch.distributed as dist

from helpers.loop.signatures import needs_closure
from helpers.optim.base.parameters import array_of
from helpers.optim.closure.call import call_optional
from helpers.optim.optimizer import Optimizer
from helpers.parallel.agreement import check_alike
from helpers.parallel.broadcast import broadcast
from helpers.parallel.clip_grad import clip_by_shares
from helpers.parallel.sharded_state import gathered, loaded_part
from helpers.parallel.shares import Shares

PARTS = ("params", "param_names")


class ShardedOptimizer(Optimizer):
    """An optimizer whose state is dealt out to the ranks, and whose step is shared.

    A step moves this rank's share of the parameters, by an optimizer of the class that
    was given, and then sends them to the others. Gradients must be the same on all
    ranks, as `DataParallel` leaves them. The parameters end as those of one such
    optimizer over all, bit for bit, with an n-th of its state in each process.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for any optimizer. The
            same on every rank, in the same order.
        optimizer_class: of ours or torch's, such as `helpers.optim.AdamW`. Not LBFGS,
            whose state is one vector.
        options: what the class takes beside `params`: `lr` and so on.

    Attributes: `param_groups`, with all parameters: what a scheduler sets there holds;
    `state`, of this rank's share; `own`, the optimizer over it.

    Parameters are dealt out whole, so no rank has less than the largest one's state.

    Raises: what the class raises; `ParallelError` if ranks hand over other parameters;
    `ValueError` for a class that needs a closure.

    Source: Rajbhandari et al., "ZeRO" (2020); nanochat's `optim.py`; torch's
    `ZeroRedundancyOptimizer`. Chapter 15 builds it.

    >>> import torch
    >>> from helpers.optim import SGD
    >>> from helpers.parallel import start
    >>> weight = torch.nn.Parameter(torch.tensor([1.0]))
    >>> (3 * weight).backward()
    >>> with start():
    ...     ShardedOptimizer([weight], SGD, lr=0.1).step()
    >>> weight.data
    tensor([0.7000])
    """

    def __init__(self, params, optimizer_class, **options):
        whole = optimizer_class(params, **options)  # says what it refuses, on all ranks
        if needs_closure(whole):
            raise ValueError(
                f"optimizer_class = {optimizer_class.__name__} takes all parameters as "
                "one vector; allowed are methods with state for each parameter, such "
                "as SGD, AdamW and Muon: take one of them"
            )
        self.own, self._new = None, lambda groups: optimizer_class(groups, **options)
        self.rank, self.shares = dist.get_rank(), Shares(dist.get_world_size())
        self._gathered = None
        super().__init__(whole.param_groups, whole.defaults)
        check_alike(self._numbered(), "parameters of the optimizer")
        self.state = self.own.state

    def add_param_group(self, param_group):
        """Add another group of parameters, on every rank; they are dealt out too.

        Args:
            param_group: a dict with "params" and some options.

        Raises: what the class raises.
        """
        if self.own is not None:  # the class says what it refuses, on all ranks
            param_group = self._new([param_group]).param_groups[0]
        super().add_param_group(param_group)
        self.shares.deal(self.param_groups[-1]["params"])
        part = self.shares.part(self.param_groups[-1], self.rank)
        if self.own is None:
            self.own = self._new([part])
        else:
            self.own.add_param_group(part)

    def step(self, closure=None):
        """Move this rank's share, and take the rest from the others.

        Args:
            closure: as for any optimizer; called once, by this rank. Default: None.

        Raises:
            ParallelError: a rank doesn't step; the message says which.
        """
        self._gathered = None
        loss = call_optional(self, closure)
        _copy_options(self.param_groups, self.own.param_groups)
        self.own.step()
        _copy_options(self.own.param_groups, self.param_groups)
        arrays = {
            rank: [array_of(each) for each in parameters]
            for rank, parameters in enumerate(self.shares.of_rank)
        }
        broadcast(arrays, "the stepped parameters")
        return loss

    def clip_grad_norm_(self, max_norm, norm_type=2.0):
        """Scale all gradients by one factor, so that together they are no longer.

        Each rank measures its share, and the shares are added up: the norm of all
        gradients, the same number on every rank. Call it after the last `backward()`.

        Args:
            max_norm (float): the length that all gradients, as one vector, may have.
            norm_type (float): the p of that norm; infinity too. Default: 2.

        Returns the length before, a 0-d tensor.
        """
        mine = self.shares.of_rank[self.rank]
        everything = [p for group in self.param_groups for p in group["params"]]
        return clip_by_shares(mine, everything, float(max_norm), float(norm_type))

    def consolidate_state_dict(self, to=0):
        """Gather the state of all ranks on one of them, which can then save it.

        All ranks must call it, before `state_dict()` on that one.

        Args:
            to (int): the rank that gets it. Default: 0.

        Raises:
            ParallelError: a rank doesn't call it.
        """
        self._gathered = gathered(self, to)

    def state_dict(self):
        """The whole state in torch's layout, as one optimizer over all would save it.

        It loads into such a one, and into a `ShardedOptimizer` on any number of ranks.

        Raises:
            RuntimeError: it wasn't gathered here since the last step.
        """
        if self._gathered is None and dist.get_world_size() > 1:
            raise RuntimeError(
                f"rank {self.rank} has only its share of the state; allowed is to "
                "save what was gathered since the last step: call "
                "consolidate_state_dict() on every rank first, or "
                "helpers.parallel.save, which does"
            )
        whole = super().state_dict()
        return whole if self._gathered is None else dict(whole, state=self._gathered)

    def load_state_dict(self, state_dict):
        """Take this rank's share of a whole state, of however many ranks it was.

        Args:
            state_dict: what `state_dict()` gave, here or of one process's optimizer.

        Raises: what any optimizer raises for a dict that doesn't fit.
        """
        part = loaded_part(self, state_dict)
        self.own.load_state_dict(part)
        self._gathered, self.state = None, self.own.state
        _copy_options(self.own.param_groups, self.param_groups)

    def _numbered(self):
        """The arrays of all parameters, called by their places."""
        return [
            (f"parameter {place} of group {number}", array_of(each))
            for number, group in enumerate(self.param_groups)
            for place, each in enumerate(group["params"])
        ]


def _copy_options(source, target):
    """Give each group the options of another: all but the parameters."""
    for given, taking in zip(source, target, strict=True):
        taking.update({k: each for k, each in given.items() if k not in PARTS})
