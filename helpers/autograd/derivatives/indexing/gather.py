"""Operations that read or write elements at given places.

What is read more than once gets the sum of its gradients: index_select and index_add,
gather and scatter_add, take and put are each other's way back. Square brackets are
in `brackets`.
"""

import torch

from helpers.autograd.memory.inplace import change_in_place
from helpers.autograd.operations.declare import composite, derivative, functions_named

aten = torch.ops.aten

# Slices at places along a dimension

# fmt: off
derivative("index_select(input, dim, index)",
    input=lambda grad, input_shape, dim, index: (
        grad.new_zeros(input_shape).index_add_(dim, index, grad)))
derivative("index_add(input, dim, index, source, *, alpha=1)",
    input=lambda grad: grad,
    source=lambda grad, source_shape, dim, index, alpha: (
        alpha * grad.index_select(dim, index).expand(source_shape)))
derivative("index_copy(input, dim, index, source)",
    input=lambda grad, dim, index: grad.index_fill(dim, index, 0),
    source=lambda grad, source_shape, dim, index: (
        grad.index_select(dim, index).expand(source_shape)))
derivative("index_fill(input, dim, index, value)",
    input=lambda grad, dim, index: grad.index_fill(dim, index, 0),
    value=lambda grad, dim, index: grad.index_select(dim, index.unique()).sum())

# For each place of `index` one element, anywhere along a dimension

derivative("gather(input, dim, index, *, sparse_grad=False)",
    input=lambda grad, input_shape, dim, index: (
        grad.new_zeros(input_shape).scatter_add_(dim, index, grad)))
derivative("scatter_add(input, dim, index, src)",
    input=lambda grad: grad,
    src=lambda grad, dim, index: grad.gather(dim, index))
# fmt: on
scattered = derivative(
    "scatter(input, dim, index, src)",
    optional={"src": "ScatterBackward1"},
    node_name="ScatterBackward0",
    input=lambda grad, dim, index: grad.scatter(dim, index, 0),
    src=lambda grad, dim, index: grad.gather(dim, index),
)

# Elements at places counted through the whole array

# fmt: off
derivative("take(input, index)",
    input=lambda grad, input_shape, index: (
        grad.new_zeros(input_shape).put_(index, grad, accumulate=True)))
derivative("put(input, index, source, accumulate=False)",
    input=lambda grad, index, accumulate: (
        grad if accumulate else grad.put(index, grad.new_zeros(index.shape))),
    source=lambda grad, source_shape, index: grad.take(index).reshape(source_shape))

# Elements at places given by an index for each dimension, None for all of it

derivative("index(input, indices)", aten.index.Tensor,
    input=lambda grad, input_shape, indices: (
        aten.index_put.default(grad.new_zeros(input_shape), indices, grad, True)))
# fmt: on
index_put = derivative(
    "index_put(input, indices, values, accumulate=False)",
    torch.index_put,
    torch.Tensor.index_put,
    aten.index_put.default,
    input=lambda grad, indices, accumulate: (
        grad
        if accumulate
        else aten.index_put.default(grad, indices, grad.new_zeros(()))
    ),
    values=lambda grad, indices, values_shape: aten.index.Tensor(
        grad, indices
    ).sum_to_size(values_shape),
)

# A slice, as square brackets take it. "Backward" kernels put it back among zeros.

# fmt: off
derivative("select(input, dim, index)", views=True,
    input=lambda grad, input_shape, dim, index: (
        aten.select_backward.default(grad, input_shape, dim, index)))
derivative("select_backward(part, sizes, dim, index)", aten.select_backward.default,
    part=lambda grad, dim, index: grad.select(dim, index))
derivative("slice(input, dim=0, start=None, end=None, step=1)", aten.slice.Tensor,
    views=True,
    input=lambda grad, input_shape, dim, start, end, step: (
        slice_backward(grad, input_shape, dim, start, end, step)))
derivative("slice_backward(part, sizes, dim, start, end, step)",
    aten.slice_backward.default,
    part=lambda grad, dim, start, end, step: (
        aten.slice.Tensor(grad, dim, start, end, step)))
# fmt: on


@composite(*functions_named("narrow"))
def narrow(input, dim, start, length):
    """A slice by its start and length; negative starts count from the end."""
    start = int(start)
    raw = input.data.narrow(dim, start, length)  # torch's errors
    start = start + input.shape[dim] if start < 0 else start
    return aten.slice.Tensor(input, dim, start, start + raw.shape[dim], 1)


@composite(*functions_named("scatter"))
def scatter(input, dim, index, src=None, *, value=None, reduce=None):
    """Elements, or one number, written to places along a dimension."""
    values = values_of(src, value, reduce)
    return scattered(torch.scatter, (input, dim, index, values), {})


@composite(torch.Tensor.scatter_)
def scatter_(input, dim, index, src=None, *, value=None, reduce=None):
    """The same in place."""
    given = dim, index, values_of(src, value, reduce)
    return change_in_place(scattered, torch.Tensor.scatter_, input, given, {})


def values_of(src, value, reduce):
    """What scatter writes; NotImplementedError if it is to be added or multiplied."""
    if reduce is not None:
        raise NotImplementedError(
            f"scatter with reduce={reduce!r} has no derivative; use scatter_add"
        )
    return value if src is None else src


@composite(*functions_named("take_along_dim"))
def take_along_dim(input, indices, dim=None):
    """gather, where all other dimensions broadcast."""
    if dim is None:
        return torch.take_along_dim(input.reshape(-1), indices.reshape(-1), 0)
    dim = dim % input.ndim
    indices = torch.where(indices < 0, indices + input.shape[dim], indices)

    def shape_with(length):
        lengths = [list(each.shape) for each in (input, indices)]
        for each in lengths:
            each[dim] = 1
        shape = list(torch.broadcast_shapes(*lengths))
        shape[dim] = length
        return shape

    places = indices.expand(shape_with(indices.shape[dim]))
    return input.expand(shape_with(input.shape[dim])).gather(dim, places)


def slice_backward(grad, shape, dim, start, end, step):
    """The gradient of a slice among zeros; an open end is the array's own."""
    start, end = start or 0, shape[dim] if end is None else end
    return aten.slice_backward.default(grad, shape, dim, start, end, step)
