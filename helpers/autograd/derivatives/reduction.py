"""Operations that make many elements one: sums, means, maxima."""

from helpers.autograd.derivatives.declare import derivative
from helpers.autograd.derivatives.spread import spread

derivative(
    "sum(input, dim=None, keepdim=False, *, dtype=None)",
    input=lambda grad, input_shape, dim, keepdim: spread(
        grad, input_shape, dim, keepdim
    ),
)
