"""Operations that move elements or look at them differently, computing nothing.

The gradient takes the way back. Conversions of dtype are in `conversions`, indices in
`indexing`, padding in `padding`.
"""

import torch

from helpers.autograd.operations.declare import (
    composite,
    derivative,
    functions_named,
    without_derivative,
)
from helpers.autograd.registry import register, rule_for
from helpers.autograd.tensor.tensor import lowered, wrap

aten = torch.ops.aten
of_tensor = torch.Tensor

# The same elements in the same order

SAME_ORDER = {
    "view": "ViewBackward0",
    "reshape": "ViewBackward0",
    "flatten": "ViewBackward0",
    "ravel": "ViewBackward0",
    "unflatten": "ViewBackward0",
    "squeeze": "SqueezeBackward0",
    "unsqueeze": "UnsqueezeBackward0",
}
for name, node_name in SAME_ORDER.items():
    derivative(
        f"{name}(input, *given, **named)",
        views=True,
        node_name=node_name,
        input=lambda grad, input_shape: grad.reshape(input_shape),
    )
composite(of_tensor.view_as)(lambda input, other: input.view(other.shape))
composite(of_tensor.reshape_as)(lambda input, other: input.reshape(other.shape))

# fmt: off
derivative("alias(input)", aten.alias.default, views=True,
    input=lambda grad: grad.clone())
derivative("clone(input, *, memory_format=None)", input=lambda grad: grad)
# fmt: on
composite(torch.detach)(lambda input: input.detach())

# Dimensions in another order

for given, home in (("dims", torch), ("*dims", torch.Tensor)):
    derivative(
        f"permute(input, {given})",
        home.permute,
        views=True,
        input=lambda grad, dims: grad.permute(inverse_of(dims)),
    )
    derivative(
        f"flip(input, {given})",
        home.flip,
        input=lambda grad, dims: grad.flip(numbers_in(dims)),
    )

for method in (of_tensor.permute, of_tensor.flip):  # they take dims=(1, 0) too
    moved = rule_for(method)
    register([method], lambda function, args, kwargs, moved=moved: (
        moved(function, (*args, *kwargs.values()), {})
    ))  # fmt: skip
# fmt: off
derivative("transpose(input, dim0, dim1)", views=True,
    input=lambda grad, dim0, dim1: grad.transpose(dim0, dim1))
derivative("t(input)", views=True, input=lambda grad: grad.t())
# fmt: on

composite(*functions_named("swapaxes"))(
    lambda input, axis0, axis1: input.transpose(axis0, axis1)
)
composite(*functions_named("swapdims"))(
    lambda input, dim0, dim1: input.transpose(dim0, dim1)
)
composite(of_tensor.T.__get__)(
    lambda input: input.permute(*reversed(range(input.ndim)))
)
composite(of_tensor.mT.__get__)(lambda input: input.transpose(-2, -1))
composite(of_tensor.mH.__get__, *functions_named("adjoint"))(
    lambda input: conjugated(input.transpose(-2, -1))
)
composite(of_tensor.H.__get__)(
    lambda input: conjugated(input.transpose(-2, -1) if input.ndim else input)
)

# fmt: off
derivative("roll(input, shifts, dims=())",
    input=lambda grad, shifts, dims: grad.roll(negative(shifts), dims))
derivative("rot90(input, k=1, dims=(0, 1))",
    input=lambda grad, k, dims: grad.rot90(-k, dims))
# fmt: on
composite(*functions_named("fliplr"))(lambda input: input.flip(1))
composite(*functions_named("flipud"))(lambda input: input.flip(0))

# Elements that come more than once: their gradients are added

# fmt: off
derivative("expand(input, *sizes, **named)", views=True,
    input=lambda grad, input_shape: grad.sum_to_size(input_shape))
derivative("sum_to_size(input, *size)", views=True, node_name="SumBackward1",
    input=lambda grad, input_shape: grad.expand(input_shape))
derivative("repeat(input, *repeats)",
    input=lambda grad, input_shape, repeats: sum_of_copies(grad, input_shape, repeats))
# fmt: on
composite(*functions_named("expand_as"))(lambda input, other: input.expand(other.shape))
composite(torch.broadcast_to)(lambda input, size: input.expand(size))
composite(of_tensor.broadcast_to)(lambda input, *size: input.expand(*size))

# A part: the rest of the gradient is 0. "Backward" kernels put a part back in place.

# fmt: off
derivative("diagonal(input, offset=0, dim1=0, dim2=1)", views=True,
    input=lambda grad, input_shape, offset, dim1, dim2: (
        aten.diagonal_backward.default(grad, input_shape, offset, dim1, dim2)))
derivative("diagonal_backward(part, sizes, offset, dim1, dim2)",
    aten.diagonal_backward.default,
    part=lambda grad, offset, dim1, dim2: grad.diagonal(offset, dim1, dim2))
derivative("diag_embed(input, offset=0, dim1=-2, dim2=-1)",
    input=lambda grad, offset, dim1, dim2: grad.diagonal(offset, dim1, dim2))
derivative("tril(input, diagonal=0)", input=lambda grad, diagonal: grad.tril(diagonal))
derivative("triu(input, diagonal=0)", input=lambda grad, diagonal: grad.triu(diagonal))
derivative("unfold(input, dimension, size, step)", of_tensor.unfold, views=True,
    input=lambda grad, input_shape, dimension, size, step: (
        aten.unfold_backward.default(grad, input_shape, dimension, size, step)))
derivative("unfold_backward(part, sizes, dim, size, step)",
    aten.unfold_backward.default,
    part=lambda grad, dim, size, step: grad.unfold(dim, size, step))
# fmt: on

without_derivative("tril_indices triu_indices broadcast_shapes")


@composite(*functions_named("movedim"), *functions_named("moveaxis"))
def movedim(input, source, destination):
    """Some dimensions at new places; the others keep their order."""
    ndim = input.ndim
    source, destination = (
        [each % ndim for each in numbers_in(dims)] for dims in (source, destination)
    )
    kept = iter(dim for dim in range(ndim) if dim not in source)
    moved = dict(zip(destination, source, strict=True))
    return input.permute([moved[i] if i in moved else next(kept) for i in range(ndim)])


@composite(torch.broadcast_tensors)
def broadcast_tensors(*tensors):
    """All arrays stretched to the shape that they have in common."""
    tensors = tensors[0] if isinstance(tensors[0], (list, tuple)) else tensors
    shape = torch.broadcast_shapes(*[each.shape for each in tensors])
    return tuple([each.expand(shape) for each in tensors])


@composite(*functions_named("tile"))
def tile(input, *given, dims=None):
    """repeat, with ones for the dimensions that are not mentioned."""
    dims = numbers_in(given) if dims is None else tuple(dims)
    return input.repeat((1,) * (input.ndim - len(dims)) + dims)


@composite(*functions_named("repeat_interleave"))
def repeat_interleave(input, repeats=None, dim=None, *, output_size=None):
    """Each element, or slice along a dimension, some times in a row.

    Of counts alone, the places 0, 1, ... as often as they say.
    """
    if repeats is None:
        counts = lowered(input)
        return wrap(torch.repeat_interleave(counts, output_size=output_size))
    if dim is None:
        input, dim = input.flatten(), 0
    places = torch.arange(input.shape[dim] if input.ndim else 1, device=input.device)
    counts = lowered(repeats)
    repeated = torch.repeat_interleave(places, counts, output_size=output_size)
    return input.index_select(dim, repeated)


@composite(*functions_named("contiguous"))
def contiguous(input, memory_format=torch.contiguous_format):
    """The tensor itself if its memory is in that order, else a copy that is."""
    is_in_order = input.data.is_contiguous(memory_format=memory_format)
    return input if is_in_order else input.clone(memory_format=memory_format)


@composite(*functions_named("diag"))
def diag(input, diagonal=0):
    """A matrix with this diagonal, or the diagonal of a matrix."""
    if input.ndim == 1:
        return input.diag_embed(diagonal)
    return input.diagonal(diagonal).clone()


@composite(*functions_named("diagflat"))
def diagflat(input, offset=0):
    """A matrix with all elements on its diagonal."""
    return input.flatten().diag_embed(offset)


def conjugated(array):
    """The complex conjugate; a real array is its own."""
    return array.conj() if array.is_complex() else array


def numbers_in(given):
    """The numbers of 1, (1, 2) or ((1, 2),), as a tuple."""
    given = (given,) if isinstance(given, int) else given
    is_nested = len(given) == 1 and not isinstance(given[0], int)
    return tuple(given[0] if is_nested else given)


def inverse_of(dims):
    """The order that undoes a permutation."""
    dims = numbers_in(dims)
    order = [dim % len(dims) for dim in dims]
    return sorted(range(len(order)), key=order.__getitem__)


def negative(shifts):
    """-3 for 3, (-1, -2) for (1, 2)."""
    return -shifts if isinstance(shifts, int) else [-each for each in shifts]


def sum_of_copies(grad, shape, repeats):
    """The gradients of all copies that `repeat` made, added up."""
    repeats = numbers_in(repeats)
    lengths = (1,) * (len(repeats) - len(shape)) + tuple(shape)
    if 0 in repeats or not repeats:
        return grad if not repeats else grad.new_zeros(shape)
    pairs = [length for pair in zip(repeats, lengths, strict=True) for length in pair]
    return grad.reshape(pairs).sum(tuple(range(0, len(pairs), 2))).reshape(shape)
