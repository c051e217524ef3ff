"""loss.backward(): engines that turn a computation into gradients.

With this package one can: differentiate formulas over single numbers
(`helpers.autograd.scalar.Value`, chapter 01); record what torch's functions do to our
tensors (`Tensor`, `tensor`), and send gradients back through it (`backward`, `grad`);
choose what is recorded (`no_grad`, `enable_grad`, `set_grad_enabled`); write an
operation with its derivative (`Function`), and check it against finite differences
(`gradcheck`, `gradgradcheck`). Names, arguments and errors are torch's.
"""

from helpers.autograd import tensor_methods  # noqa: F401 -- completes Tensor
from helpers.autograd.engine.engine import backward, grad
from helpers.autograd.function.function import Function
from helpers.autograd.grad_mode import (
    enable_grad,
    is_grad_enabled,
    no_grad,
    set_grad_enabled,
)
from helpers.autograd.gradcheck.gradcheck import (
    GradcheckError,
    gradcheck,
    gradgradcheck,
)
from helpers.autograd.tensor.tensor import Tensor, tensor

__all__ = [
    "Function",
    "GradcheckError",
    "Tensor",
    "backward",
    "enable_grad",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "is_grad_enabled",
    "no_grad",
    "set_grad_enabled",
    "tensor",
]
