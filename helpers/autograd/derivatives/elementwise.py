"""Operations on each element: arithmetic, powers, exponentials, angles."""

import torch

from helpers.autograd.derivatives.declare import derivative, without_derivative

aten = torch.ops.aten

derivative(
    "mul(input, other)",
    fits=True,
    input=lambda grad, other: grad * other,
    other=lambda grad, input: grad * input,
)
derivative(
    "add(input, other, *, alpha=1)",
    fits=True,
    input=lambda grad: grad,
    other=lambda grad, alpha: grad if alpha == 1 else grad * alpha,
)
derivative(
    "sub(input, other, *, alpha=1)",
    fits=True,
    input=lambda grad: grad,
    other=lambda grad, alpha: -grad if alpha == 1 else grad * -alpha,
)
derivative("neg(input)", input=lambda grad: -grad)
derivative("reciprocal(input)", input=lambda grad, out: -grad * out * out)
derivative("exp(input)", input=lambda grad, out: grad * out)
derivative("sin(input)", input=lambda grad, input: grad * input.cos())
derivative("cos(input)", input=lambda grad, input: -grad * input.sin())
derivative("tanh(input)", input=lambda grad, out: aten.tanh_backward.default(grad, out))
derivative("relu(input, inplace=False)",
    input=lambda grad, out: aten.threshold_backward.default(grad, out, 0),
)
derivative("zero(input)", torch.Tensor.zero_, input=lambda grad: None)


without_derivative("new_zeros eq ne lt le gt ge zeros_like floor_divide remainder numel is_complex is_floating_point")
