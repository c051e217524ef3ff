"""Every rule of the derivative table against torch, over torch's own sample inputs."""

import pytest

from tests.autograd.both import compare
from tests.autograd.op_samples import entries_named, samples_of
from tests.autograd.operations import OPERATIONS

NAMES = [name for names in OPERATIONS.values() for name in names]


@pytest.mark.parametrize("name", NAMES)
def test_values_gradients_and_second_gradients_are_torchs(name):
    for entry in entries_named(name):
        for sample in samples_of(entry):
            compare(sample)
