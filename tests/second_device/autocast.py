"""torch.autocast on the second device: a few operations, as on the CPU."""

import functools

import torch

from tests.second_device import NAME

KEY = "AutocastPrivateUse1"
BELOW = torch._C.DispatchKeySet(torch._C.DispatchKey.AutocastPrivateUse1)
IN_HALF = "linear", "matmul", "mm", "addmm", "bmm", "conv2d"
IN_SINGLE = "cross_entropy_loss", "nll_loss", "nll_loss_nd", "mse_loss"
_everywhere = torch.library.Library("_", "IMPL")
_in_aten = torch.library.Library("aten", "IMPL")


def register():
    """Enter what autocast changes; all else goes on as it is."""
    _everywhere.fallback(torch.library.fallthrough_kernel, KEY)
    for name in (*IN_HALF, *IN_SINGLE):
        operation = getattr(torch.ops.aten, name).default
        kernel = functools.partial(_cast, operation, name in IN_HALF)
        _in_aten.impl(name, kernel, KEY)


def _cast(operation, is_half, *args, **kwargs):
    """Run an operation on arguments of another dtype, outside autocast."""
    wanted = torch.get_autocast_dtype(NAME) if is_half else torch.float32
    with torch._C._ExcludeDispatchKeyGuard(BELOW):
        args = [_in_dtype(each, wanted) for each in args]
        return operation(*args, **kwargs)


def _in_dtype(value, dtype):
    """A tensor of floats in another dtype; all else as it is."""
    is_float = isinstance(value, torch.Tensor) and value.is_floating_point()
    return value.to(dtype) if is_float else value
