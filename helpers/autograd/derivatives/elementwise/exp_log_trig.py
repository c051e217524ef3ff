"""Exponentials, logarithms, angles, hyperbolic functions, and the error function."""

import math

import torch

from helpers.autograd.operations.declare import also_named, composite, derivative

aten = torch.ops.aten
LOG_2, LOG_10 = math.log(2), math.log(10)
HALF_ROOT_PI = math.sqrt(math.pi) / 2

# Exponentials

# fmt: off
derivative("exp(input)",   input=lambda grad, out: grad * out)
derivative("exp2(input)",  input=lambda grad, out: grad * out * LOG_2)
derivative("expm1(input)", input=lambda grad, out: grad * (out + 1))

# Logarithms

derivative("log(input)",   input=lambda grad, input: grad / input)
derivative("log2(input)",  input=lambda grad, input: grad / (input * LOG_2))
derivative("log10(input)", input=lambda grad, input: grad / (input * LOG_10))
derivative("log1p(input)", node_name="Log1PBackward0",
    input=lambda grad, input: grad / (input + 1))
derivative("logaddexp(input, other)", broadcasts=True,
    input=lambda grad, input, other: grad / (1 + torch.exp(other - input)),
    other=lambda grad, input, other: grad / (1 + torch.exp(input - other)))
derivative("logaddexp2(input, other)", broadcasts=True,
    input=lambda grad, input, other: grad / (1 + torch.exp2(other - input)),
    other=lambda grad, input, other: grad / (1 + torch.exp2(input - other)))
derivative("xlogy(input, other)", broadcasts=True,
    input=lambda grad, input, other: (
        torch.xlogy(grad, other).masked_fill((input == 0) & (other <= 0), 0)),
    other=lambda grad, input, other: grad * input / other)
derivative("xlog1py(input, other)", broadcasts=True,
    node_name="SpecialXlog1PyBackward0",
    input=lambda grad, input, other: torch.special.xlog1py(grad, other).masked_fill(
        (input == 0) & (other <= -1), 0),
    other=lambda grad, input, other: grad * input / (other + 1))

# Angles

derivative("sin(input)",  input=lambda grad, input: grad * input.cos())
derivative("cos(input)",  input=lambda grad, input: -grad * input.sin())
derivative("tan(input)",  input=lambda grad, out: grad * (1 + out * out))
derivative("asin(input)", input=lambda grad, input: grad * (1 - input * input).rsqrt())
derivative("acos(input)", input=lambda grad, input: -grad * (1 - input * input).rsqrt())
derivative("atan(input)", input=lambda grad, input: grad / (input * input + 1))
derivative("atan2(input, other)", broadcasts=True,
    input=lambda grad, input, other: grad * over_square(other, input, other),
    other=lambda grad, input, other: -grad * over_square(input, input, other))
derivative("deg2rad(input)", node_name="Deg2RadBackward0",
    input=lambda grad: grad * (math.pi / 180))
derivative("rad2deg(input)", node_name="Rad2DegBackward0",
    input=lambda grad: grad * (180 / math.pi))
derivative("sinc(input)",
    input=lambda grad, input: (
        grad * ((math.pi * input).cos() - input.sinc()) / input
    ).masked_fill(input == 0, 0))

# Hyperbolic functions. The kernel behind tanh conjugates by itself.

derivative("sinh(input)", input=lambda grad, input: grad * input.cosh())
derivative("cosh(input)", input=lambda grad, input: grad * input.sinh())
derivative("tanh(input)", conjugate=False,
    input=lambda grad, out: aten.tanh_backward.default(grad, out))
derivative("asinh(input)", input=lambda grad, input: grad * (input * input + 1).rsqrt())
derivative("acosh(input)",
    input=lambda grad, input: (
        grad * ((input + 1).rsqrt() * (input - 1).rsqrt())
        if input.is_complex()
        else grad * (input * input - 1).rsqrt()))
derivative("atanh(input)", input=lambda grad, input: grad / (1 - input * input))

# The error function, and the gamma function

derivative("erf(input)",
    input=lambda grad, input: grad * (-input * input).exp() / HALF_ROOT_PI)
derivative("erfc(input)",
    input=lambda grad, input: -grad * (-input * input).exp() / HALF_ROOT_PI)
derivative("erfinv(input)",
    input=lambda grad, out: grad * (out * out).exp() * HALF_ROOT_PI)
derivative("lgamma(input)",  input=lambda grad, input: grad * input.digamma())
derivative("digamma(input)", input=lambda grad, input: grad * input.polygamma(1))
derivative("polygamma(n, input)", torch.polygamma, torch.special.polygamma,
    input=lambda grad, n, input: grad * torch.polygamma(n + 1, input))
# fmt: on
composite(torch.Tensor.polygamma)(lambda input, n: torch.polygamma(n, input))

also_named(
    arccos="acos",
    arccosh="acosh",
    arcsin="asin",
    arcsinh="asinh",
    arctan="atan",
    arctan2="atan2",
    arctanh="atanh",
    gammaln="lgamma",
    psi="digamma",
)


def over_square(array, y, x):
    """array / (x² + y²), and 0 at the origin, where no angle is defined."""
    square = x * x + y * y
    return (array / square).masked_fill(square == 0, 0)
