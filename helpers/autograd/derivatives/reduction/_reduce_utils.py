"""Giving the gradient of a reduced array back the dimensions that were lost."""

import math


def dims_of(dim, ndim):
    """Dimensions as a sorted list of positions; all of them for None or ()."""
    if dim is None or (dim.__class__ in (tuple, list) and not dim):
        return list(range(ndim))
    dims = [dim] if isinstance(dim, int) else dim
    return sorted(each % ndim if ndim else 0 for each in dims)


def count_of(shape, dim=None):
    """How many elements of an array of `shape` each reduced element was made of."""
    if dim is None or not len(shape):
        return math.prod(shape)
    return math.prod(shape[each] for each in dims_of(dim, len(shape)))


def unreduced(array, shape, dim, keepdim):
    """`array` with the reduced dimensions of `shape` back, each of length 1."""
    if keepdim or not len(shape) or dim is None:
        return array
    for each in dims_of(dim, len(shape)):
        array = array.unsqueeze(each)
    return array


def spread(array, shape, dim=None, keepdim=False):
    """`array`, one value for each group of elements, stretched to all of `shape`."""
    return unreduced(array, shape, dim, keepdim).expand(shape)


def in_dtype(array, dtype):
    """`array` itself if it has the dtype, else converted."""
    return array if array.dtype == dtype else array.to(dtype)


def put_back(grad, shape, dim, places, keepdim=True):
    """The gradients of elements that were picked along a dimension, at their places.

    `places` are the positions along `dim`, of the shape of `grad`.
    """
    if not len(shape):
        return grad
    if not keepdim:
        grad, places = grad.unsqueeze(dim), places.unsqueeze(dim)
    return grad.new_zeros(shape).scatter(dim, places, grad)


def shared_among(grad, is_chosen, dim=None):
    """The gradient of one value, in equal parts for all elements that have it."""
    count = is_chosen.sum(dim, keepdim=dim is not None)
    return grad * is_chosen / count
