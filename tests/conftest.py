"""What all tests share. Kernels and notebooks: see tools/pytest_plugins."""

import signal

import pytest
from hypothesis import settings

from helpers.devices import available_devices
from tests import second_device
from tests.autograd.operations import LEFT_OUT

COMPARED = "samples compared with torch"
LACKING = "what the installed torch lacks"
CONFIGURATIONS = "configurations compared with torch.optim"
SCHEDULES = "schedules compared with torch.optim.lr_scheduler"
RESUMED = "families resumed, by order"
LAYERS = "layers and losses compared with torch.nn"
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
def accelerator():
    """A device beside the CPU: the first one there is, or `second`."""
    found = available_devices()[1:]
    return found[0] if found else pytest.skip(second_device.missing())


def pytest_terminal_summary(terminalreporter):
    """Print how much was compared with torch, and what is left out."""
    tell_of_derivatives(terminalreporter)
    tell_of_optimizers(terminalreporter)
    tell_of_schedulers(terminalreporter)
    tell_of_layers(terminalreporter)


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
    counts = counts_of(terminalreporter, COMPARED)
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


def tell_of_optimizers(terminalreporter):
    """Print in how many configurations our optimizers were compared."""
    counts = counts_of(terminalreporter, CONFIGURATIONS)
    if not counts:
        return
    terminalreporter.section("optimizers beside torch.optim")
    terminalreporter.write_line(
        f"{sum(counts)} configurations of method, settings, dtype, kind of parameter, "
        "way to run and number of steps: parameters and state agree"
    )


def tell_of_schedulers(terminalreporter):
    """Print how many schedules were compared, and which resume right in which order."""
    counts = counts_of(terminalreporter, SCHEDULES)
    outcomes = counts_of(terminalreporter, RESUMED)
    if not counts and not outcomes:
        return
    terminalreporter.section("schedulers beside torch.optim.lr_scheduler")
    if counts:
        terminalreporter.write_line(
            f"{sum(counts)} schedules of family, setting, optimizer, groups and kind "
            "of rate, 200 steps each: rates, momenta and state agree to the last bit"
        )
    for line in table_of(outcomes):
        terminalreporter.write_line(line)


def table_of(outcomes):
    """The lines of a table: a family each, a column for each order and library."""
    if not outcomes:
        return []
    found = {(family, order): text for family, order, text in outcomes}
    orders = list(dict.fromkeys(order for _, order, _ in outcomes))
    lines = [f"{place}: {order}" for place, order in enumerate(orders, 1)]
    lines = ["resumed, settings right of all: ours | torch's", *lines]
    for family in dict.fromkeys(family for family, _, _ in outcomes):
        cells = [found.get((family, order), "") for order in orders]
        row = "  ".join(f"{place}: {cell:<13}" for place, cell in enumerate(cells, 1))
        lines.append(f"{family:<28} {row}".rstrip())
    return lines


def tell_of_layers(terminalreporter):
    """Print in how many settings our layers and losses were compared."""
    counts = counts_of(terminalreporter, LAYERS)
    if not counts:
        return
    terminalreporter.section("layers beside torch.nn")
    terminalreporter.write_line(
        f"{sum(counts)} settings of layer, dtype, shape and mode: initial values, "
        "outputs, gradients and state agree"
    )
