"""torch.autocast for functions that are spelled out here in others.

Where one of torch's own kernels runs, torch.autocast converts what it is given. A
function spelled out in others never meets its kernel, so the lists below say what
torch's `autocast_mode.cpp` does to it: on "lower" ones it works in the precision of the
block, such as bfloat16, on "float32" ones in float32, and so does all inside.
"""

import torch

from helpers.autograd.operations.autocast import cast, is_any_autocast_enabled
from helpers.autograd.operations.declare import functions_named
from helpers.autograd.registry import RULES, register
from helpers.autograd.tensor.tensor import Tensor

LOWER = """
    conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d
    prelu vecdot
"""
FLOAT32 = """
    cosine_embedding_loss hinge_embedding_loss kl_div l1_loss margin_ranking_loss
    nll_loss poisson_nll_loss triplet_margin_loss binary_cross_entropy_with_logits
"""
FLOAT32_ON_CPU = """
    binary_cross_entropy cross_entropy lu_solve max_pool3d nanquantile pinverse
    quantile svdvals trace
"""


def under_autocast(rule, dtype_on):
    """The rule, with its arguments converted first; then autocast has had its say.

    Args:
        rule: the composite as it was declared.
        dtype_on: a function of the type of device, "cpu", that returns the precision
            in which autocast runs it there; None to leave it alone.
    """

    def converted(function, args, kwargs):
        kind = device_type(args, kwargs)
        dtype = dtype_on(kind) if torch.is_autocast_enabled(kind) else None
        if dtype is None:
            return rule(function, args, kwargs)
        args = [converted_to(dtype, each, kind) for each in args]
        kwargs = {k: converted_to(dtype, each, kind) for k, each in kwargs.items()}
        with torch.autocast(kind, enabled=False):
            return rule(function, args, kwargs)

    def follow(function, args, kwargs):
        if is_any_autocast_enabled():
            return converted(function, args, kwargs)
        return rule(function, args, kwargs)

    return follow


def device_type(args, kwargs):
    """Where the first tensor of a call lives: "cpu"."""
    for value in (*args, *kwargs.values()):
        if isinstance(value, (Tensor, torch.Tensor)):
            return value.device.type
    return "cpu"


def converted_to(dtype, value, kind):
    """A tensor there in another precision; float64 stays, as do all other things."""
    is_tensor = isinstance(value, (Tensor, torch.Tensor))
    if is_tensor and (value.device.type != kind or value.dtype == torch.float64):
        return value
    return cast(value, dtype)


def enter(names, dtype_on):
    """Let the composites of these names follow torch.autocast."""
    for name in names.split():
        for function in RULES.keys() & functions_named(name):
            register([function], under_autocast(RULES[function], dtype_on))


def follow_autocast():
    """Enter the functions of the lists once more, now under autocast."""
    enter(LOWER, torch.get_autocast_dtype)
    enter(FLOAT32, lambda kind: torch.float32)
    enter(FLOAT32_ON_CPU, lambda kind: torch.float32 if kind == "cpu" else None)
