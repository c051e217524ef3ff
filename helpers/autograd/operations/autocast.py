"""torch.autocast: kernels that convert their arguments to another precision."""

import torch

from helpers.autograd.tensor.tensor import Tensor

is_any_autocast_enabled = torch._C._is_any_autocast_enabled


def cast_like(raw, args, kwargs):
    """The arguments of a call in the precision in which its kernel had them.

    Which that was, the result tells. The conversions are recorded, so gradients come
    back in the precision of what was given, as in torch.
    """
    dtype = getattr(raw, "dtype", None)  # None: several outputs
    if dtype is None or not dtype.is_floating_point:
        return args, kwargs
    cast_args = [cast(each, dtype) for each in args]
    return cast_args, {name: cast(each, dtype) for name, each in kwargs.items()}


def cast(value, dtype):
    """A tensor of floating point, or a list of them, converted; all else as it is."""
    if isinstance(value, (list, tuple)):
        return [cast(each, dtype) for each in value]
    is_tensor = isinstance(value, (Tensor, torch.Tensor))
    can_change = is_tensor and value.dtype.is_floating_point and value.dtype != dtype
    return value.to(dtype) if can_change else value
