"""The slopes of activation functions, spelled out in basic operations.

torch computes each in one kernel, which is what runs in a plain backward pass. When
gradients of gradients are wanted, these take the kernels' places, since they are made
of operations that have derivatives. Where a slope jumps, they agree with the kernels on
which side counts.
"""

import math

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite

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


@composite(aten.elu_backward.default)
def elu_backward(grad, alpha, scale, input_scale, is_result, input):
    """`scale` above zero, an exponential below.

    Where the exponential is not used, above zero, it is kept from growing.
    """
    curve = (-(-input * input_scale).relu()).exp()
    return grad * torch.where(input > 0, scale, alpha * scale * input_scale * curve)


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


@composite(aten.softplus_backward.default)
def softplus_backward(grad, input, beta, threshold):
    """A sigmoid, and 1 above the threshold, where softplus is taken as straight."""
    scaled = input * beta
    return torch.where(scaled > threshold, grad, grad * scaled.sigmoid())


@composite(aten.hardtanh_backward.default)
def hardtanh_backward(grad, input, min_val, max_val):
    """1 strictly between the bounds, else 0."""
    return grad.masked_fill((input <= min_val) | (input >= max_val), 0)


@composite(aten.hardsigmoid_backward.default)
def hardsigmoid_backward(grad, input):
    """1/6 strictly between -3 and 3, else 0."""
    return grad.masked_fill((input <= -3) | (input >= 3), 0) / 6


@composite(aten.hardswish_backward.default)
def hardswish_backward(grad, input):
    """0 up to -3, 1 from 3 on, and a line between."""
    line = torch.where(input >= 3, grad, grad * (input / 3 + 0.5))
    return line.masked_fill(input <= -3, 0)


@composite(aten.hardshrink_backward.default, aten.softshrink_backward.default)
def shrink_backward(grad, input, lambd):
    """0 from -lambd to lambd, where these functions are zero, else 1."""
    return grad.masked_fill(input.abs() <= lambd, 0)
