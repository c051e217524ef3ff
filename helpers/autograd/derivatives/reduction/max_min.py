"""The largest, the smallest and the middle of many elements.

Equal elements share the gradient, except where the place of one is returned too: then
that one has it all.
"""

import torch

from helpers.autograd.derivatives.reduction._reduce_utils import (
    put_back,
    shared_among,
    unreduced,
)
from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.operations.overloads import overloads

aten = torch.ops.aten

for name in ("amax", "amin"):
    derivative(
        f"{name}(input, dim=(), keepdim=False)",
        input=lambda grad, input, dim, keepdim, out: shared_among(
            unreduced(grad, input.shape, dim, keepdim),
            unreduced(out, input.shape, dim, keepdim) == input,
            dim,
        ),
    )

for name, numbers, of_two in [
    ("max", (1, 0), torch.maximum),
    ("min", (1, 0), torch.minimum),
    ("median", (0, 1), None),
    ("nanmedian", (0, 1), None),
]:
    node_name = f"{name.capitalize()}Backward"
    of_all = derivative(
        f"{name}(input)",
        getattr(aten, name).default,
        node_name=f"{node_name}{numbers[0]}",
        input=lambda grad, input, out: shared_among(grad, same(input, out)),
    )
    along = derivative(
        f"{name}(input, dim, keepdim=False)",
        getattr(aten, name).dim,
        kernel=getattr(torch, name),
        differentiable_outputs=(0,),
        node_name=f"{node_name}{numbers[1]}",
        input=lambda grad, input_shape, dim, keepdim, out1: put_back(
            grad, input_shape, dim, out1, keepdim
        ),
    )
    overloads(name, of_all, along, of_two)


def same(input, value):
    """Where an array has a value; not-a-number is the same as itself here."""
    return (input == value) | (input.isnan() & value.isnan())


@composite(torch.aminmax, torch.Tensor.aminmax)
def aminmax(input, *, dim=None, keepdim=False):
    """The smallest and the largest, in a tuple with names."""
    dims = () if dim is None else dim
    pair = input.amin(dims, keepdim), input.amax(dims, keepdim)
    return torch.return_types.aminmax(pair)
