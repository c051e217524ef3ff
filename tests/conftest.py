"""What all tests share. Kernels and notebooks: see tools/pytest_notebooks.py."""

import pytest

from helpers.devices import available_devices


@pytest.fixture(params=available_devices(), ids=str)
def device(request):
    """Each device of this machine in turn: always the CPU, then CUDA and MPS."""
    return request.param
