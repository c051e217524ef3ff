"""The slopes of activation functions, which gradients of gradients differentiate.

torch computes each in one kernel, which is what runs in a plain backward pass. Smooth
ones are spelled out here in operations that have derivatives. Those with jumps run the
same kernel again, so that at a jump and at NaN the gradient is the same, and have
derivatives of their own.
"""

import math

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite, derivative

aten = torch.ops.aten


@composite(aten.tanh_backward.default)
def tanh_backward(grad, out):
    """1 - tanh², conjugated as the kernel does for complex numbers."""
    return grad * (1 - out * out).conj()


@composite(aten.sigmoid_backward.default)
def sigmoid_backward(grad, out):
    """sigmoid * (1 - sigmoid), conjugated as the kernel does for complex numbers."""
    return grad * ((1 - out) * out).conj()


@composite(aten.threshold_backward.default)
def threshold_backward(grad, input, threshold):
    """1 above the threshold, else 0."""
    return grad.masked_fill(input <= threshold, 0)


@composite(aten.leaky_relu_backward.default)
def leaky_relu_backward(grad, input, negative_slope, is_result):
    """1 above zero, else the negative slope. The input has the sign of the result."""
    return torch.where(input > 0, grad, grad * negative_slope)


# fmt: off
derivative("elu_backward(slope, alpha, scale, input_scale, is_result, input)",
    aten.elu_backward.default,
    slope=lambda grad, alpha, scale, input_scale, is_result, input: (
        aten.elu_backward.default(grad, alpha, scale, input_scale, is_result, input)),
    input=lambda grad, slope, alpha, scale, input_scale, is_result, input: (
        aten.elu_backward.default(
            grad * slope * input_scale, alpha, scale, input_scale, is_result, input
        )
        * (input < 0)))
# fmt: on


@composite(aten.silu_backward.default)
def silu_backward(grad, input):
    """The product rule for x * sigmoid(x)."""
    gate = input.sigmoid()
    return grad * gate * (1 + input * (1 - gate))


@composite(aten.mish_backward.default)
def mish_backward(grad, input):
    """The product rule for x * tanh(softplus(x))."""
    gate = F.softplus(input).tanh()
    return grad * (gate + input * input.sigmoid() * (1 - gate * gate))


@composite(aten.gelu_backward.default)
def gelu_backward(grad, input, *, approximate="none"):
    """The product rule for x * P(noise < x), exact or by the tanh that is close."""
    if approximate == "none":
        below = (1 + torch.erf(input / math.sqrt(2))) / 2
        density = (-input * input / 2).exp() / math.sqrt(2 * math.pi)
        return grad * (below + input * density)
    scale = math.sqrt(2 / math.pi)
    curve = (scale * (input + 0.044715 * input**3)).tanh()
    slope = scale * (1 + 3 * 0.044715 * input * input)
    return grad * (1 + curve + input * (1 - curve * curve) * slope) / 2


# fmt: off
derivative("softplus_backward(slope, input, beta, threshold)",
    aten.softplus_backward.default,
    slope=lambda grad, input, beta, threshold: (
        aten.softplus_backward.default(grad, input, beta, threshold)),
    input=lambda grad, slope, input, beta, threshold: (
        grad * slope * beta * bend_of_sigmoid(input * beta, threshold)))
derivative("hardtanh_backward(slope, input, min_val, max_val)",
    aten.hardtanh_backward.default,
    slope=lambda grad, input, min_val, max_val: (
        aten.hardtanh_backward.default(grad, input, min_val, max_val)))
# fmt: on


@composite(aten.hardsigmoid_backward.default)
def hardsigmoid_backward(grad, input):
    """1/6 strictly between -3 and 3, else 0; also at NaN."""
    return grad.masked_fill(~((input > -3) & (input < 3)), 0) / 6


# fmt: off
derivative("hardswish_backward(slope, input)", aten.hardswish_backward.default,
    slope=lambda grad, input: aten.hardswish_backward.default(grad, input),
    input=lambda grad, slope, input: (
        torch.where((input > -3) & (input < 3), grad * slope / 3, 0.0)))
# fmt: on
for name in ("hardshrink_backward", "softshrink_backward"):
    kernel = getattr(aten, name).default
    derivative(
        f"{name}(slope, input, lambd)",
        kernel,
        slope=lambda grad, input, lambd, kernel=kernel: kernel(grad, input, lambd),
    )
# fmt: off
derivative("prelu_kernel_backward(slope, input, weight)",
    aten._prelu_kernel_backward.default, inputs=["slope", "input", "weight"],
    joint=lambda grads, slope, input, weight: prelu_bends(*grads, slope, input, weight))
# fmt: on


def bend_of_sigmoid(scaled, threshold):
    """The sigmoid's own slope, and 0 from the threshold on."""
    gate = scaled.sigmoid()
    return torch.where(scaled >= threshold, 0.0, gate * (1 - gate))


def prelu_bends(to_input, to_weight, slope, input, weight):
    """What prelu's two slopes give back; at zero they count as above it, as torch's."""
    is_above = input >= 0
    bends = [None, None, None]
    if to_input is not None:
        bends[0] = torch.where(is_above, to_input, to_input * weight)
        bends[2] = torch.where(is_above, 0.0, to_input * slope)
        bends[2] = bends[2].sum_to_size(weight.shape)
    if to_weight is not None:
        to_slope = torch.where(is_above, 0.0, to_weight * input)
        bends[0] = to_slope if bends[0] is None else bends[0] + to_slope
        bends[1] = torch.where(is_above, 0.0, to_weight * slope)
    return bends
