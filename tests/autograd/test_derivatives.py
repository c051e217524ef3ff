"""Every rule of the derivative table against torch, over torch's own sample inputs."""

import pytest

from tests.autograd.op_samples import entries_named, samples_of
from tests.autograd.operations import OPERATIONS
from tests.engines import compare_gradients

NAMES = [name for names in OPERATIONS.values() for name in names]


@pytest.mark.parametrize("name", NAMES)
def test_values_gradients_and_second_gradients_are_torchs(name, record_property):
    count = 0
    for entry in entries_named(name):
        for sample in samples_of(entry):
            # Raw arrays meet torch's backward kernels,
            compare_gradients(sample, second=False)
            # and Tensors what those are spelled out in.
            compare_gradients(sample)
            count += 1
    assert count, "torch has no sample inputs for it"
    record_property("samples compared with torch", count)
