"""Loss functions."""

from helpers.autograd.derivatives.losses import (  # noqa: F401 -- importing enters the rules
    classification,
    functional,
    margin,
    regression,
)
