"""The keyword argument `out`: a result that is written into a tensor there is."""

from torch.utils._pytree import tree_leaves, tree_map_only

from helpers.autograd.grad_mode import is_grad_enabled
from helpers.autograd.registry import torch_name
from helpers.autograd.tensor.array import ArrayLike

NO_GRADIENT = (
    "{}(): functions with out=... arguments don't support automatic differentiation, "
    "but one of the arguments requires grad. Leave out= away, or compute under "
    "no_grad()"
)


def write_out(function, args, kwargs):
    """Run one of torch's functions that writes into `out`, or several; return that.

    RuntimeError if recording is on and something requires grad.
    """
    given = tree_leaves((args, kwargs))
    if is_grad_enabled() and any(getattr(g, "requires_grad", False) for g in given):
        raise RuntimeError(NO_GRADIENT.format(torch_name(function)))
    raw_args, raw_kwargs = tree_map_only(ArrayLike, lambda t: t.data, (args, kwargs))
    function(*raw_args, **raw_kwargs)
    return kwargs["out"]
