"""What the tests of the engine share."""

import pytest
import torch


@pytest.fixture(autouse=True)
def torchs_own_way_to_print():
    """What torch prints depends on options that another test may have set."""
    torch.set_printoptions(profile="default")
