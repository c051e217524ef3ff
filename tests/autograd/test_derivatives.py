"""Every rule of the derivative table against torch, over torch's own sample inputs."""

from pathlib import Path

import pytest
import torch

from helpers.autograd import derivatives
from tests.autograd.op_samples import entries_named, samples_of
from tests.autograd.operations import (
    LATER_DERIVATIVES,
    ONCE_DIFFERENTIABLE,
    OPERATIONS,
)
from tests.counted import LACKING, SAMPLES
from tests.engines import OURS, compare_with, run, torchs_gradients

TABLE = Path(derivatives.__file__).parent
NAMES = [name for names in OPERATIONS.values() for name in names]


@pytest.mark.parametrize("family", OPERATIONS)
def test_a_family_is_a_place_in_the_table(family):
    assert (TABLE / family).is_dir() or (TABLE / f"{family}.py").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_values_gradients_and_second_gradients_are_torchs(name, record_property):
    entries, lacking, count = entries_named(name), "", 0
    if not entries:
        lacking = f"{name} is removed"
        with pytest.raises(RuntimeError, match="is now removed"):
            getattr(torch, name)(torch.eye(2))
    for entry in entries:
        is_flat = name in LATER_DERIVATIVES and not entry.supports_autograd
        if is_flat:
            lacking = f"{name} has no derivative: values agree"
        for sample in samples_of(entry, requires_grad=not is_flat):
            is_once = name in ONCE_DIFFERENTIABLE
            wanted, has_second = torchs_gradients(sample, second=not is_once)
            # Raw arrays meet torch's backward kernels,
            compare_with(sample, wanted, second=False)
            # and Tensors what those are spelled out in, or run again.
            if is_once:
                refuse_second(sample)
            elif has_second:
                compare_with(sample, wanted, second=True)
            count += 1
    assert count or lacking, "torch has no sample inputs for it"
    record_property(SAMPLES, count)
    if lacking:
        record_property(LACKING, lacking)


def refuse_second(sample):
    """Assert that a second derivative is refused, if there is anything to derive."""
    try:
        found = run(OURS, sample, second=True)["second"]
    except RuntimeError as error:
        assert "is not implemented" in str(error)
    else:
        assert not found
