"""torch's own sample inputs for its operations, as shipped in the wheel."""

import functools
import types
import warnings
from dataclasses import replace
from itertools import islice

import torch

from tests.autograd.operations import BATCHES, REMOVED, UP_TO_PHASE
from tests.engines import Sample


@functools.cache
def op_db():
    """torch's list of operations; importing it takes seconds, so only when needed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_methods_invocations import op_db
    return op_db


def entries_named(name):
    """All entries of an operation, its variants too; none if torch removed it."""
    found = [entry for entry in op_db() if entry.name == name]
    if not found and name not in REMOVED:
        raise LookupError(f"torch's op_db has no entry named {name!r}")
    return found


def samples_of(entry, dtype=torch.float64, most=None, requires_grad=True):
    """The sample inputs of an entry, or the first ones, with leaves as arguments."""
    torch.manual_seed(0)
    inputs = entry.sample_inputs("cpu", dtype, requires_grad=requires_grad)
    samples = [
        Sample(function_of(entry, each), (each.input, *each.args), each.kwargs)
        for each in islice(inputs, most)
    ]
    return list(map(two_of_a_batch, samples)) if entry.name in BATCHES else samples


def two_of_a_batch(sample):
    """A sample with the first two only of tensors whose first dimension is longer."""

    def shorter(value):
        if not isinstance(value, torch.Tensor):
            return value
        return value.detach()[:2].clone().requires_grad_(value.requires_grad)

    return replace(sample, args=tuple(map(shorter, sample.args)))


def function_of(entry, sample):
    """The function of an entry; of what has a free phase, torch's process of it too."""
    function = by_name(entry.op)
    if entry.name not in UP_TO_PHASE:
        return function
    return lambda *args, **kwargs: sample.output_process_fn_grad(
        function(*args, **kwargs)
    )


def by_name(function):
    """A method of torch.Tensor as a call by its name, which other tensors have too."""
    if not isinstance(
        function, types.MethodDescriptorType | types.WrapperDescriptorType
    ):
        return function
    return lambda input, *args, **kwargs: getattr(input, function.__name__)(
        *args, **kwargs
    )
