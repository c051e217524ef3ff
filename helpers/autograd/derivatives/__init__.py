"""The derivative table: the calculus, a family a folder.

Importing it fills `helpers.autograd.registry.RULES`.
"""

from helpers.autograd.derivatives import (  # noqa: F401 -- importing enters the rules
    autocast,
    elementwise,
    fft,
    indexing,
    linear_algebra,
    losses,
    nn,
    reduction,
    shape,
)

autocast.follow_autocast()
