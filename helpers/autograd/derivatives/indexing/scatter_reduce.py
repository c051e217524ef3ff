"""Elements at given places joined with others: by products, means, or the largest.

Along a dimension there is one place for each element (scatter_reduce), or for each
slice (index_reduce). Sums are in `gather`.
"""

from functools import partial

import torch

from helpers.autograd.operations.declare import derivative

aten = torch.ops.aten

# fmt: off
derivative("scatter_reduce(input, dim, index, src, reduce, *, include_self=True)",
    inputs=["input", "src"],
    joint=lambda grad, input, dim, index, src, reduce, include_self, out: slopes(
        partial(torch.scatter_reduce, dim=dim, index=index, reduce=reduce),
        partial(torch.gather, dim=dim, index=index),
        partial(torch.scatter_add, dim=dim, index=index),
        grad, input, src, reduce, include_self, out))
derivative("index_reduce(input, dim, index, source, reduce, *, include_self=True)",
    inputs=["input", "source"],
    joint=lambda grad, input, dim, index, source, reduce, include_self, out: slopes(
        partial(torch.index_reduce, dim=dim, index=index, reduce=reduce),
        partial(torch.index_select, dim=dim, index=index),
        partial(torch.index_add, dim=dim, index=index),
        grad, input, source, reduce, include_self, out))

# A part of an array replaced by another array

derivative("select_scatter(input, src, dim, index)",
    input=lambda grad, src_shape, dim, index: (
        torch.select_scatter(grad, grad.new_zeros(src_shape), dim, index)),
    src=lambda grad, dim, index: grad.select(dim, index))
derivative("slice_scatter(input, src, dim=0, start=None, end=None, step=1)",
    input=lambda grad, src_shape, dim, start, end, step: (
        torch.slice_scatter(grad, grad.new_zeros(src_shape), dim, start, end, step)),
    src=lambda grad, dim, start, end, step: (
        aten.slice.Tensor(grad, dim, start, end, step)))
derivative("diagonal_scatter(input, src, offset=0, dim1=0, dim2=1)",
    input=lambda grad, src_shape, offset, dim1, dim2: (
        torch.diagonal_scatter(grad, grad.new_zeros(src_shape), offset, dim1, dim2)),
    src=lambda grad, offset, dim1, dim2: grad.diagonal(offset, dim1, dim2))
# fmt: on


def slopes(reduced, read, added, grad, input, src, reduce, include_self, out):
    """The gradients of an array and of what was joined to its elements.

    Args:
        reduced: the operation; `read` gives for each joined element the one at its
            place, `added` adds joined elements to their places.
    """
    if reduce == "sum":
        found = grad, read(grad)
    elif reduce == "mean":
        found = slopes_of_mean(read, added, grad, src, include_self)
    elif reduce == "prod":
        reduced = partial(reduced, include_self=include_self)
        found = slopes_of_product(reduced, read, added, grad, input, src, out)
    else:
        found = slopes_of_extreme(read, added, grad, input, src, out)
    of_input, of_src = found
    if not include_self:
        is_joined = added_to(torch.zeros_like(out), added, torch.ones_like(src)) > 0
        of_input = of_input.masked_fill(is_joined, 0)
    return of_input, of_src


def added_to(array, added, src):
    """What `added` makes of an array; the two functions name their source apart."""
    return added(array, **{SOURCES[added.func]: src})


SOURCES = {torch.scatter_add: "src", torch.index_add: "source",
           torch.scatter_reduce: "src", torch.index_reduce: "source"}  # fmt: skip


def slopes_of_mean(read, added, grad, src, include_self):
    """The gradient over the number of elements that were joined at a place."""
    own = torch.ones_like(grad) if include_self else torch.zeros_like(grad)
    count = added_to(own, added, torch.ones_like(src)).clamp_min(1)
    return grad / count, read(grad) / read(count)


def slopes_of_product(reduced, read, added, grad, input, src, out):
    """The gradient times the product of all others, where zeros are among them too.

    A single zero is left out of the product; with two, the gradient is 0.
    """
    nonzero = input.masked_fill(input == 0, 1)
    of_input = grad * added_to(nonzero, reduced, src) / nonzero
    is_zero = src == 0
    count = added_to(torch.zeros_like(out), added, is_zero.to(out.dtype))
    is_only_zero = is_zero & (read(count) == 1)
    others = added_to(input, reduced, src.masked_fill(is_only_zero, 1))
    without = read(grad * out) / src.masked_fill(is_zero, 1)
    return of_input, torch.where(is_only_zero, read(grad * others), without)


def slopes_of_extreme(read, added, grad, input, src, out):
    """The gradient in equal parts for all that are equal to the result."""
    own = (input == out).to(out.dtype)
    joined = (src == read(out)).to(out.dtype)
    part = grad / added_to(own, added, joined)
    return own * part, joined * read(part)
