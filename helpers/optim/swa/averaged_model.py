"""A model whose weights are an average: AveragedModel."""

import copy
from functools import partial
from itertools import chain

import torch

from helpers.optim.base.parameters import arrays_of
from helpers.optim.swa.functions import (
    each_in_place,
    get_swa_avg_fn,
    get_swa_multi_avg_fn,
)


class AveragedModel(torch.nn.Module):
    """A copy of a model whose weights are the average of those it is shown.

    Args:
        model: a module of torch's or of the same interface; a deep copy of it is kept
            under `module`.
        device: where the copy lies (None: where the model does).
        avg_fn: None (None), or a function as `get_ema_avg_fn` gives.
        multi_avg_fn: None (None), or a function as `get_ema_multi_avg_fn` gives. With
            neither, all models weigh the same.
        use_buffers: bool (False), whether buffers are averaged too; else they are
            copied from the last model.

    The buffer `n_averaged` counts the models. Its `state_dict()` is torch's; the
    functions are not saved.

    Raises: `AssertionError`, as torch, for both functions.

    Source: `torch.optim.swa_utils.AveragedModel`; Izmailov et al., "Averaging weights
    leads to wider optima and better generalization" (2018). Departure: a model of other
    shape is refused, where torch averages what it can.

    >>> model = torch.nn.Linear(1, 1)
    >>> average = AveragedModel(model)
    >>> for value in (1.0, 3.0):
    ...     _ = model.weight.data.fill_(value)
    ...     average.update_parameters(model)
    >>> average.module.weight.item()
    2.0
    """

    def __init__(self, model, device=None, avg_fn=None, multi_avg_fn=None,
                 use_buffers=False):  # fmt: skip
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError(
                "Only one of avg_fn and multi_avg_fn should be provided: pass "
                "multi_avg_fn, which takes whole lists, or avg_fn"
            )
        # Registered by what it can do: torch's __setattr__ asks for its own class.
        self._modules["module"] = copy.deepcopy(model)
        if device is not None:
            self.module.to(device)
        self.register_buffer(
            "n_averaged", torch.tensor(0, dtype=torch.long, device=device)
        )
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args, **kwargs):
        """What the averaged model answers."""
        return self.module(*args, **kwargs)

    @torch.no_grad()
    def update_parameters(self, model):
        """Take a model's present weights into the average; the first are copied.

        Args:
            model: a module like the one it was built with.

        Raises: `ValueError` for one with other parameters or buffers.
        """
        averaged, current = self._averaged_of(self.module), self._averaged_of(model)
        pairs = paired(averaged, current)
        rest = [] if self.use_buffers else buffers_of(self.module, model)
        if self.n_averaged == 0:
            copy_each(pairs)
        else:
            self._average(pairs)
        copy_each(rest)
        self.n_averaged += 1

    def _averaged_of(self, model) -> list:
        """The arrays of a model that are averaged."""
        buffers = model.buffers() if self.use_buffers else []
        return [each.detach() for each in arrays_of(chain(model.parameters(), buffers))]

    def _average(self, pairs):
        """Average by the function given, in lists where it takes them."""
        if self.avg_fn is not None:
            for old, new in pairs:
                old.copy_(self.avg_fn(old, new, self.n_averaged.to(old.device)))
            return
        for (device, _), alike in by_device_and_dtype(pairs).items():
            averaged, current = map(list, zip(*alike, strict=True))
            multi_avg_fn = self.multi_avg_fn or default_for(device)
            multi_avg_fn(averaged, current, self.n_averaged.to(device))


def default_for(device):
    """Torch's default: on the CPU one array at a time, elsewhere lists."""
    if device.type != "cpu":
        return get_swa_multi_avg_fn()
    return partial(each_in_place, get_swa_avg_fn())


def paired(averaged, current) -> list:
    """Pairs of an average and a model's array, on the average's device."""
    shapes = [[tuple(each.shape) for each in arrays] for arrays in (averaged, current)]
    if shapes[0] != shapes[1]:
        raise ValueError(
            f"the model has arrays of shapes {shapes[1]}, and the average {shapes[0]}: "
            "pass the model that AveragedModel was built with, or one like it"
        )
    pairs = zip(averaged, current, strict=True)
    return [(old, new.to(old.device)) for old, new in pairs]


def buffers_of(averaged, model) -> list:
    """Pairs of the buffers of two models."""
    return paired(arrays_of(averaged.buffers()), arrays_of(model.buffers()))


def copy_each(pairs):
    """Copy the second of each pair into the first."""
    for old, new in pairs:
        old.copy_(new)


def by_device_and_dtype(pairs) -> dict:
    """The pairs, by device and dtype of the average."""
    groups = {}
    for old, new in pairs:
        groups.setdefault((old.device, old.dtype), []).append((old, new))
    return groups
