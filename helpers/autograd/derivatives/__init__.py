"""The derivative table: the calculus, a family a file.

Importing it fills `helpers.autograd.rules.RULES`.
"""

from helpers.autograd.derivatives import (  # noqa: F401 -- importing enters the rules
    activations,
    along,
    brackets,
    choice,
    complex_parts,
    composed_losses,
    conversions,
    convolution,
    dropout,
    einsum,
    elementwise,
    embedding,
    extremes,
    indexing,
    joining,
    likelihoods,
    linear_algebra,
    losses,
    matrices,
    normalisation,
    norms,
    overwriting,
    padding,
    pooling,
    reduction,
    shape,
    singular_values,
    slopes,
    transcendental,
    variance,
)
