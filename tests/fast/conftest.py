"""What the tests of fast steps share."""

import logging

import pytest


@pytest.fixture(autouse=True)
def quiet_trace(one_thread):
    """torch.compile's own trace is not collected: it takes more time than compiling."""
    trace = logging.getLogger("torch.__trace")
    trace.disabled, before = True, trace.disabled
    yield
    trace.disabled = before
