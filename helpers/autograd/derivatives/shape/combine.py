"""Arrays combined: on a diagonal, in all pairs; and views that are copied at once."""

import torch

from helpers.autograd.operations.declare import composite, derivative, functions_named
from helpers.autograd.registry import rule_for

# fmt: off
derivative("view_as_real(input)", torch.view_as_real, views=True, conjugate=False,
    input=lambda grad: torch.view_as_complex(grad.contiguous()))
derivative("view_as_complex(input)", torch.view_as_complex, views=True, conjugate=False,
    input=lambda grad: torch.view_as_real(grad.contiguous()))
# fmt: on
composite(torch.polar)(
    lambda abs, angle: torch.complex(abs * angle.cos(), abs * angle.sin())
)
composite(*functions_named("msort"))(lambda input: input.sort(0)[0])
composite(torch.linalg.diagonal)(
    lambda A, *, offset=0, dim1=-2, dim2=-1: A.diagonal(offset, dim1, dim2)
)


@composite(torch.block_diag)
def block_diag(*tensors):
    """A matrix with the arrays on its diagonal; vectors are rows."""
    blocks = torch.atleast_2d(*tensors)
    blocks = blocks if isinstance(blocks, tuple) else (blocks,)
    width, before, rows = sum(each.shape[1] for each in blocks), 0, []
    for block in blocks:
        after = width - before - block.shape[1]
        rows.append(torch.constant_pad_nd(block, (before, after)))
        before += block.shape[1]
    return torch.cat(rows)


@composite(torch.cartesian_prod)
def cartesian_prod(*tensors):
    """All ways to take one element of each vector, in rows."""
    if len(tensors) == 1:
        return tensors[0]
    grids = torch.meshgrid(*tensors, indexing="ij")
    return torch.stack([each.flatten() for each in grids], 1)


@composite(torch.combinations)
def combinations(input, r=2, with_replacement=False):
    """All ways to take r elements of a vector, in rows."""
    places = torch.arange(input.shape[0], device=input.device)
    return input.take(torch.combinations(places, r, with_replacement))


def copied(view):
    """A rule that takes a view and copies it, or each of several."""

    def copy(input, *args, **kwargs):
        taken = rule_for(view)(view, (input, *args), kwargs)
        if isinstance(taken, (list, tuple)):
            return type(taken)([each.clone() for each in taken])
        return taken.clone()

    return copy


for name in """
    diagonal expand permute select slice split split_with_sizes squeeze t
    transpose unbind unfold unsqueeze view
""".split():
    if hasattr(torch, f"{name}_copy") and hasattr(torch.Tensor, name):
        composite(getattr(torch, f"{name}_copy"))(copied(getattr(torch.Tensor, name)))
for name in ("chunk", "split", "split_with_sizes"):
    unsafe = functions_named(f"unsafe_{name}")
    composite(*unsafe)(copied(getattr(torch.Tensor, name)))
