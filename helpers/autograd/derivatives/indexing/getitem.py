"""Square brackets: t[0, 1:3, None, ..., [2, 0], mask], and assignment to them.

The plain parts of an index are taken one after another, each a view, as torch does:
t[0, 1:3] is a select and a slice, and shows so in the graph. Arrays, lists and masks
are collected and read at once, which copies.
"""

import numpy as np
import torch

from helpers.autograd.derivatives.indexing.gather import index_put
from helpers.autograd.memory.inplace import change_in_place
from helpers.autograd.operations.declare import composite
from helpers.autograd.tensor.tensor import Tensor, lowered

aten = torch.ops.aten

TOO_MANY = (
    "too many indices for tensor of dimension {count}; give one for each dimension at "
    "most"
)
NO_INDEX = (
    "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
    "are valid indices (got the float {entry})"
)


@composite(torch.Tensor.__getitem__)
def getitem(input, index):
    """Elements of `input`: a view if the index holds no array, list or mask."""
    part, places = part_and_places(input, index)
    if places:
        return aten.index.Tensor(part, places)
    return aten.alias.default(part) if part is input else part


@composite(torch.Tensor.__setitem__)
def setitem(input, index, value):
    """Write `value`, a tensor or number, to elements of `input`."""
    is_all = isinstance(index, slice) and index == slice(None)
    part, places = part_and_places(input, ... if is_all else index)
    if not isinstance(value, (Tensor, torch.Tensor)):
        value = torch.tensor(value, dtype=input.dtype, device=input.device)
    if places:
        value = without_leading_ones(value, ndim_at(part, places)).to(input.dtype)
        write = aten.index_put_.default  # the method does not know None
        change_in_place(index_put, write, part, (places, value), {})
    else:
        part.copy_(without_leading_ones(value, part.ndim))


def part_and_places(input, index):
    """The view that the plain entries of an index take, and arrays for the rest.

    The arrays stand at the dimensions of the view that they are for, None elsewhere.
    """
    dim, places = 0, []
    for entry in entries_of(index, input.ndim):
        if isinstance(entry, int) and not isinstance(entry, bool):
            input = input.select(dim, entry)
            continue
        if entry is None or isinstance(entry, bool):
            input = input.unsqueeze(dim)
        elif input.ndim <= dim:
            raise IndexError(TOO_MANY.format(count=input.ndim))
        if isinstance(entry, slice):
            if entry is index or entry.indices(input.shape[dim]) != (
                0,
                input.shape[dim],
                1,
            ):
                input = sliced(input, dim, entry)
        elif entry is not None:
            places += [None] * (dim - len(places)) + [as_places(entry, input.device)]
        dim += 1
    return input, places


def entries_of(index, ndim):
    """The entries of an index, for one dimension each; slices in the place of "...".

    A mask of several dimensions becomes the places along each where it holds.
    """
    if not isinstance(index, tuple):
        index = (index,)
    entries = [entry for each in index for entry in as_entries(each)]
    if not any(each is Ellipsis for each in entries):
        return entries
    at = next(i for i, each in enumerate(entries) if each is Ellipsis)
    used = sum(not isinstance(each, (bool, type(None))) for each in entries) - 1
    entries[at : at + 1] = [slice(None)] * (ndim - used)
    return entries


def as_entries(entry):
    """One entry as a list of ints, slices, bools, None, "..." and arrays of places."""
    if entry is None or entry is Ellipsis or isinstance(entry, (bool, int, slice)):
        return [entry]
    entry = lowered(entry)
    is_array = isinstance(entry, (torch.Tensor, np.ndarray))
    if hasattr(entry, "__index__") and not is_array:
        return [entry.__index__()]
    if isinstance(entry, float):
        raise IndexError(NO_INDEX.format(entry=entry))
    places = torch.as_tensor(entry)
    if places.numel() == 0 and not isinstance(entry, torch.Tensor):
        places = places.long()  # an empty list
    if places.dtype in (torch.bool, torch.uint8):
        return list(places.nonzero(as_tuple=True)) if places.ndim else [bool(places)]
    return [places if places.ndim else int(places)]


def sliced(input, dim, entry):
    """input[start:stop:step] along a dimension."""
    bounds = [
        each if each is None else each.__index__() for each in (entry.start, entry.stop)
    ]
    step = 1 if entry.step is None else entry.step.__index__()
    if step <= 0:
        raise ValueError(f"step must be greater than zero; got {step}. See flip()")
    return aten.slice.Tensor(input, dim, *bounds, step)


def ndim_at(part, places):
    """How many dimensions the elements of `part` at some places have."""
    arrays = [each for each in places if each is not None]
    return part.ndim - len(arrays) + max(each.ndim for each in arrays)


def without_leading_ones(value, ndim):
    """A value with more dimensions than its place, if they all are of length 1."""
    while value.ndim > ndim and value.shape[0] == 1:
        value = value.squeeze(0)
    return value


def as_places(entry, device):
    """An array of places; True is the first of a new dimension, False none."""
    if isinstance(entry, bool):
        return torch.zeros(int(entry), dtype=torch.long, device=device)
    return entry
