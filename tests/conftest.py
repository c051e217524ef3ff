"""What all tests share. Kernels and notebooks: see tools/pytest_notebooks.py."""

import pytest

from helpers.devices import available_devices
from tests.autograd.operations import LEFT_OUT

COMPARED = "samples compared with torch"


@pytest.fixture(params=available_devices(), ids=str)
def device(request):
    """Each device of this machine in turn: always the CPU, then CUDA and MPS."""
    return request.param


def pytest_terminal_summary(terminalreporter):
    """Print how much of the derivative table was compared, and what is left out."""
    counts = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == COMPARED and report.when == "call"
    ]
    if not counts:
        return
    terminalreporter.section("derivatives beside torch")
    terminalreporter.write_line(
        f"{len(counts)} operations, {sum(counts)} samples: values, gradients, and "
        "gradients of gradients agree"
    )
    for name, reason in LEFT_OUT.items():
        terminalreporter.write_line(f"left out: {name}: {reason}")
