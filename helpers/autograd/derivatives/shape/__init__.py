"""Operations that move elements and compute nothing."""

from helpers.autograd.derivatives.shape import (  # noqa: F401 -- importing enters the rules
    combine,
    convert,
    join_split,
    move,
    pad,
)
