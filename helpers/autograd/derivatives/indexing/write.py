"""Methods that write over what a tensor holds: copy_, fill_, zero_, random numbers.

What was there before no longer matters, so its gradient is 0.
"""

import torch

from helpers.autograd.memory.inplace import change_in_place
from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.operations.operation import Operation
from helpers.autograd.registry import register


def overwriting(signature, functions, node_name, **formulas):
    """Declare a method of torch.Tensor that works in place."""
    formulas = {"input": lambda grad: torch.zeros_like(grad), **formulas}
    operation = Operation(signature, formulas, broadcasts=True, node_name=node_name)
    register(functions, lambda function, args, kwargs: change_in_place(
        operation, function, args[0], args[1:], kwargs
    ))  # fmt: skip


overwriting(
    "copy(input, src, non_blocking=False)",
    [torch.Tensor.copy_],
    "CopyBackwards",
    src=lambda grad, src_device: grad.to(src_device),
)
overwriting(
    "fill(input, value)",
    [torch.Tensor.fill_, torch.fill_],
    "FillBackward0",
    value=lambda grad: grad.sum(),
)
overwriting("zero(input)", [torch.Tensor.zero_, torch.zero_], "ZeroBackward0")
for name in """
    uniform_ normal_ exponential_ random_ geometric_ cauchy_ log_normal_
    eq_ ne_ lt_ le_ gt_ ge_ logical_and_ logical_or_ logical_xor_ logical_not_
    bitwise_and_ bitwise_or_ bitwise_xor_ bitwise_not_
    __iand__ __ior__ __ixor__ __ilshift__ __irshift__
""".split():
    overwriting(
        f"{name.strip('_')}(input, *given, **named)",
        [getattr(home, name) for home in (torch.Tensor, torch) if hasattr(home, name)],
        None,
    )
for name in ("bernoulli", "poisson"):
    derivative(
        f"{name}(input, *given, **named)", input=lambda grad: torch.zeros_like(grad)
    )


def initialising(function):
    """One of torch.nn.init's functions, which run where nothing is recorded."""

    def initialise(tensor, **named):
        function(tensor.data, **named)
        return tensor

    composite(function)(initialise)


for name in ("uniform_", "normal_", "constant_", "kaiming_uniform_"):
    initialising(getattr(torch.nn.init, name))
composite(torch.fill)(lambda input, value: input.clone().fill_(value))
