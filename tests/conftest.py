"""What all tests share. Kernels and notebooks: see tools/pytest_plugins."""

import signal

import pytest
import torch
from hypothesis import settings

from helpers.devices import available_devices
from tests import second_device
from tests.autograd.operations import LEFT_OUT
from tests.counted import (
    CONFIGURATIONS,
    LACKING,
    LAYERS,
    RESUMED,
    SAMPLES,
    SCHEDULES,
)

# A shell's background job ignores Ctrl-C, and so would all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
second_device.set_up()
settings.register_profile("any machine", deadline=None)  # however slow, or busy
settings.load_profile("any machine")


@pytest.fixture(params=available_devices(), ids=str)
def device(request):
    """Each device in turn: the CPU, then an accelerator or, without one, `second`."""
    return request.param


@pytest.fixture
def one_thread():
    """Sums are in one order, and small arrays wait for nobody."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def accelerator():
    """A device beside the CPU: the first one there is, or `second`."""
    found = available_devices()[1:]
    return found[0] if found else pytest.skip(second_device.missing())


def pytest_terminal_summary(terminalreporter):
    """Print how much was compared with torch, and what is left out."""
    tell_of_derivatives(terminalreporter)
    tell(
        terminalreporter,
        "optimizers beside torch.optim",
        CONFIGURATIONS,
        "configurations of method, settings, dtype, kind of parameter, "
        "way to run and number of steps: parameters and state agree",
    )
    tell(
        terminalreporter,
        "schedulers beside torch.optim.lr_scheduler",
        SCHEDULES,
        "schedules of family, setting, optimizer, groups and kind "
        "of rate, 200 steps each: rates, momenta and state agree to the last bit",
    )
    tell_of_resumed(terminalreporter)
    tell(
        terminalreporter,
        "layers beside torch.nn",
        LAYERS,
        "settings of layer, dtype, shape and mode: initial values, "
        "outputs, gradients and state agree",
    )


def counts_of(terminalreporter, what):
    """All that passed tests have recorded under that name."""
    return [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == what and report.when == "call"
    ]


def tell_of_derivatives(terminalreporter):
    """Print how much of the derivative table was compared, and what is left out."""
    counts = counts_of(terminalreporter, SAMPLES)
    if not counts:
        return
    terminalreporter.section("derivatives beside torch")
    terminalreporter.write_line(
        f"{len(counts)} operations, {sum(counts)} samples: values, gradients, and "
        "gradients of gradients agree"
    )
    for what in counts_of(terminalreporter, LACKING):
        terminalreporter.write_line(f"in the installed torch {what}")
    for name, reason in LEFT_OUT.items():
        terminalreporter.write_line(f"left out: {name}: {reason}")


def tell(terminalreporter, title, what, words):
    """Print under a title how many passed tests have recorded, and of what."""
    counts = counts_of(terminalreporter, what)
    if counts:
        terminalreporter.section(title)
        terminalreporter.write_line(f"{sum(counts)} {words}")


def tell_of_resumed(terminalreporter):
    """Print which families of schedulers resume right, in which order."""
    outcomes = counts_of(terminalreporter, RESUMED)
    if outcomes:
        terminalreporter.section("schedulers resumed, beside torch's")
        for line in table_of(outcomes):
            terminalreporter.write_line(line)


def table_of(outcomes):
    """The lines of a table: a family each, a column for each order and library."""
    found = {(family, order): text for family, order, text in outcomes}
    orders = list(dict.fromkeys(order for _, order, _ in outcomes))
    lines = [f"{place}: {order}" for place, order in enumerate(orders, 1)]
    lines = ["resumed, settings right of all: ours | torch's", *lines]
    for family in dict.fromkeys(family for family, _, _ in outcomes):
        cells = [found.get((family, order), "") for order in orders]
        row = "  ".join(f"{place}: {cell:<13}" for place, cell in enumerate(cells, 1))
        lines.append(f"{family:<28} {row}".rstrip())
    return lines
