"""The functions of torch.nn.functional."""

from helpers.autograd.derivatives.nn import (  # noqa: F401 -- importing enters the rules
    activation_backward,
    activations,
    convolution,
    dropout,
    embedding,
    normalisation,
    pooling,
    softmax_cumulative,
)
