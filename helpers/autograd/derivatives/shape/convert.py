"""Conversions to another dtype or device.

The gradient comes back in the input's own. Where nothing has to be converted, torch
hands back the same tensor, and so do we.
"""

import torch

from helpers.autograd.grad_mode import is_grad_enabled
from helpers.autograd.operations.operation import Operation
from helpers.autograd.registry import register

TO_COPY = Operation(
    "to_copy(input, *given, **named)",
    {"input": lambda grad, input_device: grad.to(input_device)},
    broadcasts=True,  # brings the gradient back to the input's dtype
    views=True,  # the same tensor, if nothing had to be copied
)


def convert(function, args, kwargs):
    """Run a conversion; one to integers or booleans has no gradient."""
    raw_args = [getattr(each, "data", each) for each in args]
    raw = function(*raw_args, **kwargs)
    if not isinstance(raw, torch.Tensor):
        return raw  # the name of a type, which Tensor.type() tells
    flows = is_grad_enabled() and (raw.is_floating_point() or raw.is_complex())
    node = TO_COPY.node(raw, args, kwargs) if flows else None
    return TO_COPY.as_views(function, args, kwargs, raw, node)


CONVERSIONS = """
    to type type_as float double half bfloat16 cfloat cdouble chalf
    int long short char byte bool cpu cuda
"""
register([getattr(torch.Tensor, name) for name in CONVERSIONS.split()], convert)
