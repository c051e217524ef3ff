"""Operations that make fewer elements of many."""

from helpers.autograd.derivatives.reduction import (  # noqa: F401 -- importing enters the rules
    differences,
    distance,
    max_min,
    norm,
    quantile,
    sum_mean,
    variance,
)
