"""Activation functions of networks: sigmoid, relu and its relatives, softplus.

torch has one kernel for the slope of each, which the formulas call. `slopes` spells
those kernels out.
"""

import torch
import torch.nn.functional as F

from helpers.autograd.memory.inplace import change_in_place
from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.registry import register

aten = torch.ops.aten
BUILTIN = torch._C._nn  # where torch keeps the kernels behind torch.nn.functional

# The numbers of Klambauer et al. (2017), "Self-Normalizing Neural Networks".
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def activation(signature, **formulas):
    """Declare an activation that torch.nn.functional can also compute in place.

    `F.name(input, ..., inplace=False)` runs one of two kernels, `name` or `name_`; both
    have the same derivative. The signature is that of `name`.
    """
    name = signature.split("(")[0]
    home = BUILTIN if hasattr(BUILTIN, name + "_") else torch
    kernel, kernel_in_place = getattr(home, name), getattr(home, name + "_")
    method = getattr(torch.Tensor, name, kernel)
    operation = derivative(signature, kernel, method, **formulas)

    def in_place(function, args, kwargs):
        return change_in_place(operation, kernel_in_place, args[0], args[1:], kwargs)

    def either(function, args, kwargs):
        kwargs = dict(kwargs)
        if kwargs.pop("inplace", False):
            return in_place(function, args, kwargs)
        return operation(kernel, args, kwargs)

    register((kernel_in_place,), in_place)
    register((getattr(F, name),), either)
    return operation


# Smooth steps

# fmt: off
derivative("sigmoid(input)", torch.sigmoid, torch.Tensor.sigmoid, torch.special.expit,
    F.sigmoid, conjugate=False,
    input=lambda grad, out: aten.sigmoid_backward.default(grad, out))
derivative("logsigmoid(input)", F.logsigmoid, node_name="LogSigmoidBackward0",
    input=lambda grad, input: grad * (-input).sigmoid())
# fmt: on

# relu, and what has a slope below zero

activation(
    "relu(input)",
    input=lambda grad, out: aten.threshold_backward.default(grad, out, 0),
)
activation(
    "threshold(input, threshold, value)",
    input=lambda grad, input, threshold: aten.threshold_backward.default(
        grad, input, threshold
    ),
)
activation(
    "leaky_relu(input, negative_slope=0.01)",
    input=lambda grad, input, negative_slope: aten.leaky_relu_backward.default(
        grad, input, negative_slope, False
    ),
)
activation(
    "elu(input, alpha=1.0)",
    input=lambda grad, input, alpha: elu_backward(grad, input, alpha),
)
activation(
    "celu(input, alpha=1.0)",
    input=lambda grad, input, alpha: elu_backward(grad, input, alpha, 1, 1 / alpha),
)
activation(
    "selu(input)",
    node_name="EluBackward0",
    input=lambda grad, input: elu_backward(grad, input, SELU_ALPHA, SELU_SCALE),
)
# fmt: off
derivative("prelu_kernel(input, weight)", aten._prelu_kernel.default, broadcasts=True,
    inputs=["input", "weight"],
    joint=lambda grad, input, weight: (
        aten._prelu_kernel_backward.default(grad, input, weight)))
# fmt: on

# Smooth relatives of relu

activation(
    "silu(input)",
    input=lambda grad, input: aten.silu_backward.default(grad, input),
)
activation(
    "mish(input)",
    input=lambda grad, input: aten.mish_backward.default(grad, input),
)
# fmt: off
derivative("gelu(input, *, approximate='none')", F.gelu,
    input=lambda grad, input, approximate: (
        aten.gelu_backward.default(grad, input, approximate=approximate)))
derivative("softplus(input, beta=1, threshold=20)", F.softplus,
    input=lambda grad, input, beta, threshold: (
        aten.softplus_backward.default(grad, input, beta, threshold)))
# fmt: on

# Made of straight pieces

activation(
    "hardtanh(input, min_val=-1.0, max_val=1.0)",
    input=lambda grad, input, min_val, max_val: aten.hardtanh_backward.default(
        grad, input, min_val, max_val
    ),
)
activation(
    "relu6(input)",
    node_name="HardtanhBackward0",
    input=lambda grad, input: aten.hardtanh_backward.default(grad, input, 0, 6),
)
activation(
    "hardsigmoid(input)",
    input=lambda grad, input: aten.hardsigmoid_backward.default(grad, input),
)
activation(
    "hardswish(input)",
    input=lambda grad, input: aten.hardswish_backward.default(grad, input),
)
# fmt: off
derivative("hardshrink(input, lambd=0.5)",
    input=lambda grad, input, lambd: (
        aten.hardshrink_backward.default(grad, input, lambd)))
derivative("softshrink(input, lambd=0.5)",
    input=lambda grad, input, lambd: (
        aten.softshrink_backward.default(grad, input, lambd)))
# fmt: on

# Made of others

composite(F.tanh)(lambda input: input.tanh())
composite(F.softsign)(lambda input: input / (input.abs() + 1))
composite(F.tanhshrink)(lambda input: input - input.tanh())


@composite(F.prelu, torch.prelu, torch.Tensor.prelu)
def prelu(input, weight):
    """relu with a learned slope below zero, one for all or one for each channel."""
    shape = [weight.numel() if dim == 1 else 1 for dim in range(input.ndim)]
    return aten._prelu_kernel.default(input, weight.reshape(shape))


@composite(F.glu)
def glu(input, dim=-1):
    """One half of the input, let through by the sigmoid of the other half."""
    half, gate = input.chunk(2, dim)
    return half * gate.sigmoid()


def elu_backward(grad, input, alpha, scale=1, input_scale=1):
    """torch's kernel for all of elu's relatives, from their input."""
    return aten.elu_backward.default(grad, alpha, scale, input_scale, False, input)
