"""The functions of torch.nn.functional."""

from helpers.autograd.derivatives.nn import (  # noqa: F401 -- importing enters the rules
    activation_backward,
    activations,
    attention,
    convolution,
    dropout,
    embedding,
    interpolation,
    normalisation,
    pooling,
    softmax_cumulative,
    unpooling,
)
