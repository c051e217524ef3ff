"""Attributes that a Tensor forwards to its raw torch tensor; raw tensors from data."""

import numpy as np
import torch


class ArrayLike:
    """Something around a raw array `data` that answers for it.

    >>> made = ArrayLike()
    >>> made.data = torch.zeros(2, 3)
    >>> made.shape, len(made), made.tolist()
    (torch.Size([2, 3]), 2, [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    """

    __array_priority__ = 1000  # array * tensor is the tensor's business, not NumPy's

    shape = property(lambda self: self.data.shape)
    dtype = property(lambda self: self.data.dtype)
    device = property(lambda self: self.data.device)
    layout = property(lambda self: self.data.layout)
    ndim = property(lambda self: self.data.ndim)
    itemsize = property(lambda self: self.data.itemsize)
    nbytes = property(lambda self: self.data.nbytes)
    is_cuda = property(lambda self: self.data.is_cuda)
    is_meta = property(lambda self: self.data.is_meta)
    is_sparse = property(lambda self: self.data.is_sparse)
    is_nested = property(lambda self: self.data.is_nested)
    is_cpu = property(lambda self: self.data.is_cpu)
    _version = property(lambda self: self.data._version)

    def __len__(self):
        return len(self.data)

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __reversed__(self):
        return self.flip(0) if self.ndim else self

    def __bool__(self):
        return bool(self.data)

    def __int__(self):
        return int(self.data)

    def __index__(self):
        return self.data.__index__()

    def __float__(self):
        return float(self.data)

    def __complex__(self):
        return complex(self.data)

    def __contains__(self, element):
        return (self.data == as_raw(element)).any().item()

    def item(self):
        """The number in a tensor of one element, as Python's."""
        return self.data.item()

    def tolist(self):
        """The numbers as nested lists; of a 0-dimensional tensor, the number."""
        return self.data.tolist()

    def size(self, dim=None):
        """The shape, or the length of one dimension."""
        return self.data.size() if dim is None else self.data.size(dim)

    def __format__(self, spec):
        if self.ndim == 0:
            return format(self.item(), spec)
        return object.__format__(self, spec)

    def numpy(self, *, force=False):
        """The same memory as a NumPy array. RuntimeError if this requires grad."""
        if self.requires_grad and not force:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. "
                "Use tensor.detach().numpy() instead."
            )
        return self.data.numpy(force=force)

    def __array__(self, dtype=None, copy=None):
        array = self.numpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __dlpack__(self, **how):
        """The same memory for other libraries; torch.as_tensor asks for it."""
        if self.requires_grad:
            raise BufferError(
                "Can't export tensors that require gradient, use tensor.detach()"
            )
        return self.data.__dlpack__(**how)

    def __array_wrap__(self, array, context=None, return_scalar=False):
        """What NumPy computed with this array becomes a tensor again."""
        return type(self)(torch.from_numpy(np.asarray(array)))


# What may stand beside a tensor in an operator; of all else, Python asks the other.
OPERANDS = (
    ArrayLike, float, int, torch.Tensor, complex, np.generic, torch.SymInt,
    torch.SymFloat,
)  # fmt: skip


def answer(name):
    """A method that asks the raw array."""

    def method(self, *args, **kwargs):
        return getattr(self.data, name)(*args, **kwargs)

    method.__name__, method.__qualname__ = name, f"Tensor.{name}"
    method.__doc__ = f"torch.Tensor.{name}, of the raw array."
    return method


ANSWERS = """
    dim ndimension nelement element_size data_ptr storage_offset untyped_storage
    get_device is_signed is_pinned is_shared is_conj is_neg is_inference
    __dlpack_device__
"""
for _name in ANSWERS.split():
    setattr(ArrayLike, _name, answer(_name))


def as_raw(data, dtype=None, device=None):
    """`data` as a raw torch tensor that does not require grad."""
    if isinstance(data, ArrayLike):
        data = data.data
    if isinstance(data, torch.Tensor):
        return data.detach().to(dtype=dtype, device=device)
    if isinstance(data, np.ndarray):
        return torch.tensor(data, dtype=dtype, device=device)
    return torch.tensor(_without_tensors(data), dtype=dtype, device=device)


def _without_tensors(data):
    """Nested lists in which Tensors of ours are numbers."""
    if isinstance(data, (list, tuple)):
        return [_without_tensors(item) for item in data]
    return data.tolist() if isinstance(data, ArrayLike) else data
