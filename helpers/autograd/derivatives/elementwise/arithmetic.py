"""Operations on each element: arithmetic, powers, rounding, comparisons.

Exponentials, logarithms and angles are in `transcendental`; sizes and parts of complex
numbers in `complex_parts`; what chooses between elements is in `choice`.
"""

import numpy as np
import torch

from helpers.autograd.derivatives.reduction._reduce_utils import in_dtype
from helpers.autograd.operations.declare import (
    also_named,
    composite,
    derivative,
    refused,
    without_derivative,
)
from helpers.autograd.tensor.tensor import lowered, wrap

NUMBERS = (int, float, complex, np.number)

# Arithmetic

# fmt: off
derivative("mul(input, other)", broadcasts=True,
    input=lambda grad, other: grad * other,
    other=lambda grad, input: grad * input)
derivative("add(input, other, *, alpha=1)", broadcasts=True,
    input=lambda grad: grad,
    other=lambda grad, alpha: grad if alpha == 1 else grad * alpha)
derivative("sub(input, other, *, alpha=1)", broadcasts=True,
    input=lambda grad: grad,
    other=lambda grad, alpha: -grad if alpha == 1 else grad * -alpha)
derivative("rsub(input, other, *, alpha=1)", torch.rsub, torch.Tensor.__rsub__,
    broadcasts=True, optional={"other": "RsubBackward1"}, node_name="RsubBackward0",
    input=lambda grad, alpha: -grad if alpha == 1 else grad * -alpha,
    other=lambda grad: grad)
derivative("div(input, other, *, rounding_mode=None)", broadcasts=True,
    input=lambda grad, other, rounding_mode: (
        grad / other if rounding_mode is None else flat(grad)),
    other=lambda grad, input, other, rounding_mode: (
        -grad * ((input / other) / other) if rounding_mode is None else flat(grad)))
derivative("remainder(input, other)", broadcasts=True,
    optional={"other": "RemainderBackward0"}, node_name="RemainderBackward1",
    input=lambda grad: grad,
    other=lambda grad, input, other: -grad * whole_quotient(input, other))
derivative("fmod(input, other)", broadcasts=True, optional={"other": "FmodBackward0"},
    node_name="FmodBackward1",
    input=lambda grad: grad,
    other=lambda grad, input, other: -grad * input.div(other, rounding_mode="trunc"))
derivative("addcmul(input, tensor1, tensor2, *, value=1)", broadcasts=True,
    input=lambda grad: grad,
    tensor1=lambda grad, tensor2, value: grad * (tensor2 * value),
    tensor2=lambda grad, tensor1, value: grad * (tensor1 * value))
derivative("addcdiv(input, tensor1, tensor2, *, value=1)", broadcasts=True,
    input=lambda grad: grad,
    tensor1=lambda grad, tensor2, value: grad * (value / tensor2),
    tensor2=lambda grad, tensor1, tensor2, value: (
        -grad * (value * tensor1 / (tensor2 * tensor2))))
derivative("lerp(input, end, weight)", broadcasts=True,
    optional={"weight": "LerpBackward0"}, node_name="LerpBackward1",
    input=lambda grad, weight: grad * (1 - weight),
    end=lambda grad, weight: grad * weight,
    weight=lambda grad, input, end: grad * (end - input))
derivative("neg(input)",        input=lambda grad: -grad)
derivative("reciprocal(input)", input=lambda grad, out: -grad * out * out)
# fmt: on

# A number, or a raw array, on the left of an operator.

composite(torch.Tensor.__rdiv__)(lambda input, other: input.reciprocal() * other)
composite(torch.Tensor.__rmod__)(lambda input, other: torch.remainder(other, input))
composite(torch.Tensor.__rpow__)(lambda input, other: torch.pow(other, input))

# Powers and roots

# fmt: off
derivative("pow(input, exponent)", torch.pow, torch.Tensor.pow, torch.Tensor.__pow__,
    broadcasts=True, optional={"exponent": "PowBackward0", "input": "PowBackward2"},
    node_name="PowBackward1",
    input=lambda grad, input, exponent: slope_along_base(grad, input, exponent),
    exponent=lambda grad, input, exponent, out: (
        slope_along_exponent(grad, input, exponent, out)))
derivative("square(input)", node_name="PowBackward0",
    input=lambda grad, input: grad * (2 * input))
derivative("sqrt(input)",  input=lambda grad, out: grad / (2 * out))
derivative("rsqrt(input)", input=lambda grad, out: -0.5 * grad * out.pow(3))
derivative("hypot(input, other)", broadcasts=True,
    input=lambda grad, input, out: grad * (input / out),
    other=lambda grad, other, out: grad * (other / out))
# fmt: on

# Signs and rounding. What is constant between steps has the slope 0.

for name in ("sign", "floor", "ceil", "trunc"):
    derivative(f"{name}(input)", input=lambda grad: flat(grad))
# fmt: off
derivative("copysign(input, other)", broadcasts=True,
    input=lambda grad, input, out: grad * (out / input).masked_fill(input == 0, 0),
    other=lambda grad: flat(grad))
derivative("round(input, *, decimals=0)", input=lambda grad: flat(grad))
derivative("frac(input)",                 input=lambda grad: grad)
derivative("nan_to_num(input, nan=None, posinf=None, neginf=None)",
    input=lambda grad, input: grad * input.isfinite())
# fmt: on

without_derivative(
    "eq ne lt le gt ge greater greater_equal less less_equal not_equal equal allclose "
    "isclose isfinite isinf isnan isneginf isposinf isreal signbit "
    "logical_and logical_or logical_xor logical_not "
    "bitwise_and bitwise_or bitwise_xor bitwise_not __and__ __or__ __xor__ "
    "__rand__ __ror__ __rxor__ __lshift__ __rshift__ __rlshift__ __rrshift__ "
    "bitwise_left_shift bitwise_right_shift gcd lcm result_type can_cast "
    "zeros_like ones_like empty_like full_like rand_like randn_like randint_like "
    "new_zeros new_ones new_empty new_full new_tensor multinomial poisson "
    "numel is_complex is_floating_point is_nonzero is_same_size is_contiguous stride"
)

for signature in (
    "floor_divide(input, other)",
    "__rfloordiv__(input, other)",
    "heaviside(input, values)",
    "nextafter(input, other)",
):
    refused(signature)

also_named(
    divide="div",
    fix="trunc",
    multiply="mul",
    negative="neg",
    subtract="sub",
    true_divide="div",
)


@composite(torch.float_power, torch.Tensor.float_power)
def float_power(input, exponent):
    """Powers in double precision, or complex double."""
    pair = input, exponent
    is_complex = torch.result_type(*map(lowered, pair)).is_complex
    dtype = torch.complex128 if is_complex else torch.float64
    precise = [each.to(dtype) if hasattr(each, "to") else each for each in pair]
    return torch.pow(*precise)


composite(torch.Tensor.__floordiv__)(
    lambda input, other: torch.floor_divide(input, other)
)


def whole_quotient(input, other):
    """input / other, rounded down."""
    if isinstance(input, NUMBERS):
        input = torch.full_like(other, input)
    return torch.div(input, other, rounding_mode="floor")


def flat(grad):
    """The gradient of what is constant between its steps: zeros."""
    return torch.zeros_like(grad)


@composite(torch.positive, torch.Tensor.positive)
def positive(input):
    """The tensor itself; torch refuses booleans."""
    torch.positive(lowered(input))
    return input


@composite(torch.Tensor.__invert__)
def invert(input):
    """Each bit turned round; torch refuses what has a fraction."""
    raw = lowered(input)
    return wrap(~raw)


def slope_along_base(grad, base, exponent):
    """grad * d base^exponent / d base; 0 for the exponent 0, even at base 0."""
    if isinstance(exponent, NUMBERS):
        if exponent == 0:
            return flat(grad)
        return grad * (exponent * base.pow(exponent - 1))
    return torch.where(exponent == 0, 0.0, grad * (exponent * base.pow(exponent - 1)))


def slope_along_exponent(grad, base, exponent, power):
    """grad * d base^exponent / d exponent; 0 where 0 is raised to 0 or more.

    There the logarithm of 1 is taken, so that no infinity meets a zero.
    """
    if isinstance(base, NUMBERS):
        base = torch.full((), base, dtype=power.dtype, device=power.device)
    real = exponent.real if exponent.is_complex() else exponent
    is_flat = (base == 0) & (real >= 0)
    return grad * (power * torch.where(is_flat, 1.0, in_dtype(base, power.dtype)).log())
