"""loss.backward(): engines that turn a computation into gradients.

With this package one can: differentiate formulas over single numbers
(`helpers.autograd.scalar.Value`, chapter 01).
"""
from helpers.autograd import methods  # noqa: F401 -- completes Tensor
from helpers.autograd.engine import backward, grad
from helpers.autograd.grad_mode import (
    enable_grad,
    is_grad_enabled,
    no_grad,
    set_grad_enabled,
)
from helpers.autograd.tensor import Tensor, tensor

__all__ = ["Tensor", "backward", "enable_grad", "grad", "is_grad_enabled", "no_grad", "set_grad_enabled", "tensor"]
