"""The derivative table: the calculus, a family a file.

Importing it fills `helpers.autograd.rules.RULES`.
"""

from helpers.autograd.derivatives import (  # noqa: F401 -- importing enters the rules
    activations,
    along,
    choice,
    complex_parts,
    convolution,
    elementwise,
    extremes,
    indexing,
    joining,
    linear_algebra,
    losses,
    normalisation,
    norms,
    pooling,
    reduction,
    shape,
    singular_values,
    slopes,
    transcendental,
    variance,
)
