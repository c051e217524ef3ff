"""Data parallel: the same module on every rank, each with samples of its own."""

from contextlib import contextmanager
from itertools import chain

import torch

from helpers.optim.base.parameters import array_of
from helpers.parallel.agreement import check_alike
from helpers.parallel.broadcast import broadcast
from helpers.parallel.errors import ParallelError
from helpers.parallel.optimizer_check import check_optimizer
from helpers.parallel.packing import MIB
from helpers.parallel.raw_module_guard import RawModuleGuard
from helpers.parallel.reducer import Reducer
from helpers.parallel.shared_checkpoint import SharedCheckpoint


class DataParallel:
    """Wraps a module so that `backward()` leaves the mean gradient of all ranks.

    At construction every rank gets the parameters and buffers of rank 0. Then each rank
    computes the loss of its own batch, and `backward()` averages the gradients: equal
    batches on n ranks are one batch n times as large. For unequal ones, multiply each
    loss by its `loss_weights`. A parameter that only some ranks use gets the mean over
    all, with 0 for the others; one that none uses keeps None.

    What isn't a method here is the module's: `parameters()`, `train()`, `state_dict()`,
    whose names have no prefix, so that one process can load what four have saved.

    Args:
        module: of torch's (`torch.nn.Module`) or ours (`helpers.nn.Module`), on its
            device. Its parameters stay the same objects, so that an optimizer built
            before stays right.
        optimizer: one built before, or a list of several, to be checked. Default: None.
        bucket_cap_mb (float): MiB of gradients that are sent together. Default: 25.
        first_bucket_cap_mb (float): the same for the first, so that sending begins
            early. Default: 1.
        broadcast_buffers (bool): whether every rank gets the buffers of rank 0 before
            each forward pass in train mode. Default: True.

    Batch normalisation is not that of the big batch: each rank normalises by its own
    mean and variance, as in torch, and with `broadcast_buffers` the running statistics
    are those of rank 0. Dropout draws on each rank for itself: seed ranks differently.

    Raises:
        ParallelError: the ranks' modules differ in names, shapes or dtypes.
        ValueError: a parameter requires no grad anywhere; the module is wrapped
            already; or the optimizer holds none of its parameters.

    Source: `torch.nn.parallel.DistributedDataParallel`; Li et al., "PyTorch
    Distributed" (2020). Departures: unused parameters and outputs need no option, the
    raw module is refused, and a call under `no_grad` sends nothing, so that one rank
    may evaluate by itself. Chapter 15 builds it.

    >>> from helpers.parallel import start
    >>> with start():
    ...     model = DataParallel(torch.nn.Linear(2, 1))
    ...     model(torch.ones(3, 2)).sum().backward()
    >>> model.bias.grad
    tensor([3.])
    """

    def __init__(
        self, module, optimizer=None, *, bucket_cap_mb=25, first_bucket_cap_mb=1,
        broadcast_buffers=True,
    ):  # fmt: skip
        self.module = module
        self.broadcast_buffers = broadcast_buffers
        named = self._trained()
        _check(named, bucket_cap_mb, first_bucket_cap_mb)
        if optimizer is not None:
            check_optimizer(named, optimizer)
        self._averages = True
        self._agree()
        self._guard = RawModuleGuard(module)
        limits = [first_bucket_cap_mb * MIB, bucket_cap_mb * MIB]
        self._reducer = Reducer(named, limits)

    def _agree(self):
        """Compare the arrays of all ranks, then take those of rank 0."""
        parts = self.module.named_parameters(), self.module.named_buffers()
        named = [(name, array_of(each)) for name, each in chain(*parts)]
        check_alike(named, "parameters and buffers")
        broadcast({0: [array for _, array in named]}, "parameters and buffers")

    def __call__(self, *args, **kwargs):
        """The module's outputs; its gradients will be averaged."""
        if torch.is_grad_enabled():
            self._begin()
        with self._guard.open():
            return self.module(*args, **kwargs)

    forward = __call__

    def _begin(self):
        """Get ready for a backward pass."""
        self._check_parameters()
        self._reducer.check_can_begin()
        self._reducer.averages = self._averages
        if self._averages and self.broadcast_buffers and self.module.training:
            self.sync_buffers()

    @contextmanager
    def no_sync(self):
        """Leave gradients on this rank, to be added up over several micro-batches.

        The forward pass decides, as in torch: one inside of the block isn't averaged,
        wherever its backward is. All micro-batches but the last belong inside, forward
        and backward; the last, outside, averages the sums.

        A step with gradients that were never averaged is told at the next forward pass,
        by a `ParallelError`. Chapter 15 shows what it does.
        """
        before, self._averages = self._averages, False
        try:
            yield
        finally:
            self._averages = before

    def sit_out(self):
        """Take part in a step without a batch, in place of forward and backward.

        For a rank whose data has ended before that of the others (`until_all_end`).
        """
        self._begin()
        self._reducer.sit_out()

    def sync_buffers(self):
        """Give every rank the buffers of rank 0; all call it, before all evaluate."""
        broadcast({0: [array_of(each) for each in self.module.buffers()]}, "buffers")

    def shared_checkpoint(self, place):
        """The `CheckpointFile` or `CheckpointFolder`, for all ranks: `fit` asks."""
        return SharedCheckpoint(place)

    def unwrap(self):
        """Stop averaging; return the module."""
        self._reducer.remove()
        self._guard.remove()
        return self.module

    def _trained(self):
        """The module's parameters that require grad, by name."""
        named = self.module.named_parameters()
        return {name: each for name, each in named if each.requires_grad}

    def _check_parameters(self):
        """Refuse parameters that were replaced or thawed, and so aren't averaged."""
        known = self._reducer.names
        strange = [name for name, p in self._trained().items() if id(p) not in known]
        if strange:
            raise ParallelError(
                f"{', '.join(strange)} came or began to require grad after the module "
                "was wrapped, and would not be averaged; allowed are the parameters of "
                "then: wrap after all changes, or wrap unwrap() again on every rank"
            )

    def __getattr__(self, name):
        if name.startswith("__") or "module" not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.module, name)

    def __reduce_ex__(self, protocol):
        raise TypeError(
            "DataParallel can't be copied or pickled: its process group can't; allowed "
            "are its module and its state_dict(): copy wrapper.module"
        )


def _check(named, *sizes):
    """Refuse a module without parameters, and sizes that aren't."""
    if not named:
        raise ValueError(
            "module has no parameter that requires grad; allowed is one or more: there "
            "is nothing to average, so use the module as it is"
        )
    for size in sizes:
        if not size > 0:
            raise ValueError(
                f"a bucket of {size} MiB; allowed is a size above 0: pass "
                "bucket_cap_mb=25, first_bucket_cap_mb=1"
            )
