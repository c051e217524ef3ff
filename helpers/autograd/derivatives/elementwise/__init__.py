"""Operations on each element."""

from helpers.autograd.derivatives.elementwise import (  # noqa: F401 -- importing enters the rules
    arithmetic,
    complex,
    exp_log_trig,
    special,
)
