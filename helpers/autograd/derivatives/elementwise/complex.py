"""Sizes, directions and parts of numbers, complex ones too.

None of these functions is holomorphic, so torch's formulas stand as they are.
"""

import torch

from helpers.autograd.operations.declare import also_named, derivative

# Size and direction

# fmt: off
derivative("abs(input)", input=lambda grad, input: grad * input.sgn())
derivative("sgn(input)", conjugate=False,
    input=lambda grad, input, out: (
        slope_of_direction(grad, input, out)
        if input.is_complex()
        else torch.zeros_like(grad)))

# Parts

derivative("conj(input)", conjugate=False, views=True, input=lambda grad: grad.conj())
derivative("conj_physical(input)", conjugate=False, input=lambda grad: grad.conj())
derivative("real(input)", torch.real, torch.Tensor.real.__get__, views=True,
    broadcasts=True,
    input=lambda grad: grad)
derivative("imag(input)", torch.imag, torch.Tensor.imag.__get__, views=True,
    input=lambda grad: grad * 1j)
derivative("angle(input)",
    input=lambda grad, input: (
        1j * grad * (input / input.abs().square()).masked_fill(input == 0, 0)
        if input.is_complex()
        else torch.zeros_like(grad)))
derivative("complex(real, imag)", torch.complex, broadcasts=True, conjugate=False,
    real=lambda grad: grad.real,
    imag=lambda grad: grad.imag)
# fmt: on

for name in ("resolve_conj", "resolve_neg"):
    derivative(f"{name}(input)", views=True, input=lambda grad: grad)

also_named(absolute="abs")


def slope_of_direction(grad, input, out):
    """The gradient of input / |input|: what is across the direction, over |input|."""
    across = grad - (grad * out.conj()).real * out
    return (across / input.abs()).masked_fill(input == 0, 0)
