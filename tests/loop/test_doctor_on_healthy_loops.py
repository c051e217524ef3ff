"""The loop doctor's exam: healthy scripts, of which nothing is said."""

import pytest

from tests.loop.doctor_scripts import HEALTHY, examine


@pytest.mark.parametrize("script", HEALTHY, ids=lambda path: path.stem)
def test_healthy_loop_gets_no_finding(script):
    assert examine(script) == []
