"""Operations that move elements or look at them differently, computing nothing."""

from helpers.autograd.derivatives.declare import derivative

derivative("expand(input, *sizes)", views=True, input=lambda grad, input_shape: grad.sum_to_size(input_shape))
derivative("sum_to_size(input, *sizes)", input=lambda grad, input_shape: grad.expand(input_shape))
derivative("unsqueeze(input, dim)", views=True, input=lambda grad, dim: grad.squeeze(dim))
derivative("clone(input, *, memory_format=None)", input=lambda grad: grad)
derivative("copy(input, src, non_blocking=False)", __import__("torch").Tensor.copy_, input=lambda grad: None, src=lambda grad: grad)
