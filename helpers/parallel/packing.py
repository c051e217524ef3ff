"""Many arrays as a few flat ones: a message for each array would cost its latency."""

import torch

MIB = 2**20
MESSAGE = 25 * MIB  # torch's size of a bucket


def split_by_size(tensors, limits):
    """Split tensors, in their order, into lists of one dtype and device.

    Args:
        tensors: with dtype, device, `numel()` and `element_size()`.
        limits (list): the bytes after which a list is full: of the first list, of the
            second, and so on; the last holds for all others. What passes a limit stays
            whole, so a list may be longer.

    Returns the lists, in the order in which they were filled.

    >>> lists = split_by_size([torch.ones(2), torch.ones(3), torch.ones(1)], [8, 16])
    >>> [[len(each) for each in one] for one in lists]
    [[2], [3, 1]]
    """
    full, filling = [], {}
    for tensor in tensors:
        kind = tensor.dtype, tensor.device
        filling.setdefault(kind, []).append(tensor)
        if bytes_of(filling[kind]) >= limits[min(len(full), len(limits) - 1)]:
            full.append(filling.pop(kind))
    return full + list(filling.values())


def bytes_of(tensors):
    """The bytes of tensors together.

    >>> bytes_of([torch.ones(2), torch.ones(3)])
    20
    """
    return sum(each.numel() * each.element_size() for each in tensors)


def pack(arrays):
    """One flat copy of arrays of one dtype and device.

    >>> pack([torch.tensor([1, 2]), torch.tensor([[3], [4]])])
    tensor([1, 2, 3, 4])
    """
    return torch.cat([each.reshape(-1) for each in arrays])


def views_of(flat, tensors):
    """Views into a flat array, each with the shape of one of the tensors."""
    parts = flat.split([each.numel() for each in tensors])
    return [part.view(each.shape) for part, each in zip(parts, tensors, strict=True)]


def unpack(flat, arrays):
    """Copy a flat array back into the arrays that it was packed from."""
    for array, view in zip(arrays, views_of(flat, arrays), strict=True):
        array.copy_(view)
