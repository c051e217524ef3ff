"""Operations that make fewer elements of many."""

from helpers.autograd.derivatives.reduction import (  # noqa: F401 -- importing enters the rules
    max_min,
    norm,
    sum_mean,
    variance,
)
