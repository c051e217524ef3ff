"""Square brackets: t[0, 1:3, None, ..., [2, 0], mask], and assignment to them.

The plain parts of an index are taken one after another, each a view, as torch does:
t[0, 1:3] is a select and a slice, and shows so in the graph. Arrays, lists and masks
are collected and read at once, which copies.
"""

import warnings

import numpy as np
import torch

from helpers.autograd.derivatives.indexing.gather import index_put
from helpers.autograd.memory.inplace import change_in_place
from helpers.autograd.operations.declare import composite
from helpers.autograd.tensor.tensor import Tensor, lowered

aten = torch.ops.aten
ARRAYS = (Tensor, torch.Tensor)

TOO_MANY = (
    "too many indices for tensor of dimension {count}; give one for each dimension at "
    "most"
)
AS_TUPLE = (
    "Using a non-tuple sequence for multidimensional indexing is deprecated. PyTorch "
    "takes it for x[tuple(seq)]: write so, or x[torch.tensor(seq)]"
)
NO_INDEX = (
    "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
    "are valid indices (got the {kind} {entry})"
)
MASK = (
    "The shape of the mask {} does not match that of the indexed tensor, {} from "
    "dimension {} on; give a mask with a place for each element"
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
            if entry is index or not is_whole(entry, input.shape[dim]):
                input = sliced(input, dim, entry)
        elif entry is not None:
            places += [None] * (dim - len(places)) + places_of(entry, input, dim)
            dim = len(places) - 1
        dim += 1
    return input, places


def entries_of(index, ndim):
    """The entries of an index, in order; slices in the place of "..."."""
    if not isinstance(index, tuple):
        index = tuple(index) if is_like_a_tuple(index) else (index,)
    entries = [as_entry(each) for each in index]
    if not any(each is Ellipsis for each in entries):
        return entries
    at = next(i for i, each in enumerate(entries) if each is Ellipsis)
    used = sum(dims_of(each) for each in entries if each is not Ellipsis)
    entries[at : at + 1] = [slice(None)] * (ndim - used)
    return entries


def dims_of(entry):
    """How many dimensions an entry of an index is for."""
    if entry is None or isinstance(entry, bool):
        return 0
    return entry.ndim if is_mask(entry) else 1


def is_like_a_tuple(index):
    """Whether a sequence that is no tuple counts as one: torch's rule, once NumPy's.

    It is short, and holds something other than plain numbers. torch warns of it.
    """
    if (
        not is_sequence(index)
        or isinstance(index, (np.ndarray, *ARRAYS))
        or len(index) >= 32
    ):
        return False
    marks = (slice, type(None), type(Ellipsis), *ARRAYS)
    is_like = any(isinstance(each, marks) or is_sequence(each) for each in index)
    if is_like:
        warnings.warn(AS_TUPLE, UserWarning, stacklevel=7)
    return is_like


def is_sequence(value):
    """Whether a value has a length and places, as Python's C API tells it."""
    return hasattr(value, "__getitem__") and not isinstance(value, (dict, np.generic))


def as_entry(entry):
    """One entry as an int, slice, bool, None, "...", a mask or an array of places."""
    if entry is None or entry is Ellipsis or isinstance(entry, (bool, int, slice)):
        return entry
    entry = lowered(entry)
    is_array = isinstance(entry, (torch.Tensor, np.ndarray))
    if hasattr(entry, "__index__") and not is_array:
        return entry.__index__()
    if not is_array and not is_sequence(entry):
        raise IndexError(NO_INDEX.format(kind=type(entry).__name__, entry=entry))
    places = torch.as_tensor(entry)
    if places.numel() == 0 and not isinstance(entry, torch.Tensor):
        places = places.long()  # an empty list
    if places.ndim:
        return places
    return bool(places) if is_mask(places) else int(places)


def is_mask(entry):
    """Whether an entry says of each place whether it is taken."""
    return isinstance(entry, torch.Tensor) and entry.dtype in (torch.bool, torch.uint8)


def is_whole(entry, length):
    """Whether a slice is all of a dimension."""
    return entry.indices(length) == (0, length, 1)


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


def places_of(entry, input, dim):
    """For each dimension that an entry is for, from `dim` on, an array of places.

    True is the first place of a new dimension, False none; a mask becomes the places
    along each of its dimensions where it holds.
    """
    if isinstance(entry, bool):
        return [torch.zeros(int(entry), dtype=torch.long, device=input.device)]
    if not is_mask(entry):
        return [entry]
    allowed = input.shape[dim : dim + entry.ndim]
    if entry.shape != allowed:
        raise IndexError(MASK.format(list(entry.shape), list(allowed), dim))
    return list(entry.nonzero(as_tuple=True))
