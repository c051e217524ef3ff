"""Operations that join arrays, and those that take one apart.

The one is the other's way back: the gradient of a joined array is taken apart, and the
gradients of pieces are joined, with zeros for a piece that nothing came back from.
"""

import torch

from helpers.autograd.derivatives.reduction._reduce_utils import in_dtype
from helpers.autograd.operations.declare import (
    also_named,
    composite,
    derivative,
    functions_named,
)

# Joining

# fmt: off
derivative("cat(tensors, dim=0)",
    joint=lambda grad, tensors_shape, tensors_dtype, dim: (
        pieces_of(grad, tensors_shape, tensors_dtype, dim)))
derivative("stack(tensors, dim=0)",
    joint=lambda grad, tensors_dtype, dim: [
        in_dtype(*pair) for pair in zip(grad.unbind(dim), tensors_dtype, strict=True)
    ])
also_named(concat="cat", concatenate="cat")

# Taking apart

derivative("split(tensor, split_size, dim=0)", torch.functional.split,
    torch.Tensor.split, views=True,
    tensor=lambda grads, tensor_shape, split_size, dim: (
        joined(grads, sizes_of(tensor_shape[dim], split_size), dim)))
derivative("split_with_sizes(input, split_sizes, dim=0)", views=True,
    input=lambda grads, split_sizes, dim: joined(grads, split_sizes, dim))
derivative("chunk(input, chunks, dim=0)", views=True, node_name="SplitBackward0",
    input=lambda grads, input_shape, chunks, dim: (
        joined(grads, sizes_of(input_shape[dim], -(-input_shape[dim] // chunks)), dim)))
derivative("unbind(input, dim=0)", views=True,
    input=lambda grads, dim: stacked(grads, dim))
# fmt: on


@composite(*functions_named("tensor_split"))
def tensor_split(
    input, indices_or_sections=None, dim=0, *, indices=None, sections=None
):
    """Parts between given places, or a number of parts that differ by one at most."""
    cuts = next(
        each for each in (indices_or_sections, indices, sections) if each is not None
    )
    cuts = cuts.tolist() if hasattr(cuts, "tolist") else cuts
    length = input.shape[dim]
    if isinstance(cuts, int):
        shorter, longer = divmod(length, cuts)
        cuts = [i * shorter + min(i, longer) for i in range(1, cuts)]
    bounds = zip([0, *cuts], [*cuts, length], strict=True)
    skipped = (slice(None),) * (dim % input.ndim)
    return tuple([input[(*skipped, slice(*each))] for each in bounds])


for name, dim in (("vsplit", 0), ("dsplit", 2)):
    composite(*functions_named(name))(
        lambda input, given, dim=dim: torch.tensor_split(input, given, dim)
    )
composite(*functions_named("hsplit"))(
    lambda input, given: torch.tensor_split(input, given, min(input.ndim - 1, 1))
)


# numpy's names for joining


@composite(torch.hstack)
def hstack(tensors):
    """Side by side: along the second dimension, or the first of vectors."""
    tensors = torch.atleast_1d(*tensors)
    return torch.cat(tensors, min(tensors[0].ndim - 1, 1))


@composite(torch.column_stack)
def column_stack(tensors):
    """Side by side, where vectors are columns."""
    columns = [
        each.reshape(each.numel(), 1) if each.ndim < 2 else each for each in tensors
    ]
    return torch.cat(columns, 1)


composite(torch.vstack, torch.row_stack)(
    lambda tensors: torch.cat(torch.atleast_2d(*tensors), 0)
)
composite(torch.dstack)(lambda tensors: torch.cat(torch.atleast_3d(*tensors), 2))


def with_dimensions(grow):
    """A rule that lets `grow` add dimensions to one tensor, or to each of several."""

    def grown(*tensors):
        if len(tensors) == 1 and not isinstance(tensors[0], (list, tuple)):
            return grow(tensors[0])
        several = tensors[0] if isinstance(tensors[0], (list, tuple)) else tensors
        return tuple([grow(each) for each in several])

    return grown


composite(torch.atleast_1d, torch._VF.atleast_1d)(
    with_dimensions(lambda each: each if each.ndim else each.reshape(1))
)
composite(torch.atleast_2d, torch._VF.atleast_2d)(
    with_dimensions(lambda each: each if each.ndim > 1 else each.reshape(1, -1))
)


@composite(torch.atleast_3d, torch._VF.atleast_3d)
@with_dimensions
def atleast_3d(input):
    """numpy's order: a vector lies along the middle, a matrix in front."""
    if input.ndim > 2:
        return input
    return input.unsqueeze(-1) if input.ndim == 2 else input.reshape(1, -1, 1)


@composite(torch.meshgrid, torch._VF.meshgrid)
def meshgrid(*tensors, indexing="ij"):
    """The coordinates of all points of a grid, an array for each direction."""
    tensors = tensors[0] if isinstance(tensors[0], (list, tuple)) else tensors
    count = len(tensors)
    grids = torch.broadcast_tensors(*[
        each.reshape([-1 if i == place else 1 for i in range(count)])
        for place, each in enumerate(tensors)
    ])  # fmt: skip
    swapped = indexing == "xy" and count > 1
    return tuple([each.transpose(0, 1) for each in grids]) if swapped else grids


def pieces_of(grad, shapes, dtypes, dim):
    """The part of each array in the gradient of their `cat`.

    An array of shape (0,) may be joined to anything; nothing of the gradient is its.
    """
    is_left_out = [tuple(shape) == (0,) and grad.ndim > 1 for shape in shapes]
    sizes = [
        0 if left_out else shape[dim]
        for left_out, shape in zip(is_left_out, shapes, strict=True)
    ]
    pieces = grad.split_with_sizes(sizes, dim)
    return [
        None if left_out else in_dtype(piece, dtype)
        for left_out, piece, dtype in zip(is_left_out, pieces, dtypes, strict=True)
    ]


def sizes_of(length, given):
    """The lengths of pieces: those given, or some of one size and a rest."""
    if not isinstance(given, int):
        return given
    starts = range(0, length, max(given, 1))
    return [min(given, length - start) for start in starts] or [length]


def joined(grads, sizes, dim):
    """The gradients of pieces in one array, zeros for a piece without."""
    known = next(each for each in grads if each is not None)
    dim = dim % known.ndim

    def zeros(size):
        return known.new_zeros((*known.shape[:dim], size, *known.shape[dim + 1 :]))

    return torch.cat([
        zeros(size) if each is None else each
        for each, size in zip(grads, sizes, strict=True)
    ], dim)  # fmt: skip


def stacked(grads, dim):
    """The gradients of slices in one array, zeros for a slice without."""
    known = next(each for each in grads if each is not None)
    zeros = torch.zeros_like(known)
    return torch.stack([zeros if each is None else each for each in grads], dim)
