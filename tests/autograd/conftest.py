"""After the tests: how many operations and samples were compared with torch."""

import pytest
import torch

from tests.autograd.operations import LEFT_OUT

COMPARED = "samples compared with torch"


@pytest.fixture(autouse=True)
def torchs_own_way_to_print():
    """What torch prints depends on options that another test may have set."""
    torch.set_printoptions(profile="default")


def pytest_terminal_summary(terminalreporter):
    """Print the counts, and what of the list is left out and why."""
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
