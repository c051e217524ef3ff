"""Products, decompositions, and what is solved with them."""

from helpers.autograd.derivatives.linear_algebra import (  # noqa: F401 -- importing enters the rules
    decompositions,
    einsum,
    products,
    solve_det,
    svd,
    systems,
)
