"""Giving the gradient of a reduced array back the dimensions that were lost."""


def dims_of(dim, ndim):
    """Dimensions as a sorted list of positions; all of them for None or ()."""
    if dim is None or (dim.__class__ in (tuple, list) and not dim):
        return list(range(ndim))
    dims = [dim] if isinstance(dim, int) else dim
    return sorted(each % ndim if ndim else 0 for each in dims)


def unreduced(array, shape, dim, keepdim):
    """`array` with the reduced dimensions of `shape` back, each of length 1."""
    if keepdim or not len(shape):
        return array
    for each in dims_of(dim, len(shape)):
        array = array.unsqueeze(each)
    return array


def spread(array, shape, dim=None, keepdim=False):
    """`array`, one value for each group of elements, stretched to all of `shape`."""
    return unreduced(array, shape, dim, keepdim).expand(shape)
