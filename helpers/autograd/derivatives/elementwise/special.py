"""Special functions: of the normal distribution, Bessel's, gamma's, and logit."""

import math

import torch

from helpers.autograd.operations.declare import (
    composite,
    derivative,
    functions_named,
)

special = torch.special
ROOT_PI, ROOT_TAU = math.sqrt(math.pi), math.sqrt(2 * math.pi)

# fmt: off
derivative("logit(input, eps=None)",
    input=lambda grad, input, eps: slope_of_logit(grad, input, eps))
derivative("entr(input)", node_name="SpecialEntrBackward0",
    input=lambda grad, input: -grad * (1 + input.log()))

# The normal distribution: its share below a number, and the number below which it is

derivative("log_ndtr(input)", node_name="SpecialLogNdtrBackward0",
    input=lambda grad, input, out: (
        grad / ROOT_TAU * (-(out + input * input / 2)).exp()))
derivative("ndtri(input)", node_name="SpecialNdtriBackward0",
    input=lambda grad, out: grad * ROOT_TAU * (out * out / 2).exp())
derivative("erfcx(input)", node_name="SpecialErfcxBackward0",
    input=lambda grad, input, out: grad * (2 * input * out - 2 / ROOT_PI))
composite(special.ndtr)(
    lambda input: (1 + (input * math.sqrt(0.5)).erf()) * 0.5)

# Bessel functions of imaginary arguments; those with an e are scaled by exp(-|input|)

derivative("i0(input)", input=lambda grad, input: grad * special.i1(input))
derivative("i1(input)", node_name="SpecialI1Backward0",
    input=lambda grad, input, out: grad * (special.i0(input) - halved(out, input)))
derivative("i0e(input)", node_name="SpecialI0EBackward0",
    input=lambda grad, input, out: grad * (special.i1e(input) - input.sgn() * out))
derivative("i1e(input)", node_name="SpecialI1EBackward0",
    input=lambda grad, input, out: (
        grad * (special.i0e(input) - input.sgn() * out - halved(out, input))))

# The zeta function, by the number that it begins to count at

derivative("zeta(input, other)", special.zeta, broadcasts=True,
    node_name="SpecialZetaBackward0",
    input=lambda grad: no_slope_of_order(grad),
    other=lambda grad, input, other: grad * -input * special.zeta(input + 1, other))

# A number as a fraction times a power of 2

derivative("frexp(input)", differentiable_outputs=(0,),
    input=lambda grad, out1: grad / out1.exp2())
# fmt: on
composite(*functions_named("ldexp"))(lambda input, other: input * torch.pow(2.0, other))


@composite(*functions_named("mvlgamma"), *functions_named("multigammaln"))
def mvlgamma(input, p):
    """The logarithm of the gamma function of p dimensions."""
    torch.mvlgamma(torch.ones((), dtype=input.dtype) * p, p)  # torch's errors
    steps = torch.arange(p, dtype=input.dtype, device=input.device) / 2
    logs = (input.unsqueeze(-1) - steps).lgamma().sum(-1)
    return logs + p * (p - 1) / 4 * math.log(math.pi)


def slope_of_logit(grad, input, eps):
    """grad / (x (1 - x)), and nothing where x was moved to eps or 1 - eps."""
    slope = grad / (input * (1 - input))
    if eps is None:
        return slope.masked_fill((input < 0) | (input > 1), math.nan)
    return slope.masked_fill((input < eps) | (input > 1 - eps), 0)


def halved(out, input):
    """out / input for i1 and i1e; half of the slope at 0."""
    is_zero = input.abs() <= torch.finfo(input.dtype).eps
    return (out / input.masked_fill(is_zero, 1)).masked_fill(is_zero, 0.5)


def no_slope_of_order(grad):
    """Raise: the zeta function has no derivative by its order here, as in torch."""
    raise RuntimeError(
        "derivative for zeta by its first argument is not implemented. Detach that one"
    )
