"""Attributes that a Tensor forwards to its raw torch tensor; raw tensors from data."""

import numpy as np
import torch

from helpers.autograd.grad_mode import is_grad_enabled


class ArrayLike:
    """Something around a raw array `_data` that answers for it.

    >>> made = ArrayLike()
    >>> made._data = torch.zeros(2, 3)
    >>> made.shape, len(made), made.tolist()
    (torch.Size([2, 3]), 2, [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    """

    __array_priority__ = 1000  # array * tensor is the tensor's business, not NumPy's

    shape = property(lambda self: self._data.shape)
    dtype = property(lambda self: self._data.dtype)
    device = property(lambda self: self._data.device)
    layout = property(lambda self: self._data.layout)
    ndim = property(lambda self: self._data.ndim)
    itemsize = property(lambda self: self._data.itemsize)
    nbytes = property(lambda self: self._data.nbytes)
    _version = property(lambda self: self._data._version)

    def __len__(self):
        return len(self._data)

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __reversed__(self):
        return self.flip(0) if self.ndim else self

    def __bool__(self):
        return bool(self._data)

    def __int__(self):
        return int(self._data)

    def __index__(self):
        return self._data.__index__()

    def __float__(self):
        return float(self._data)

    def __complex__(self):
        return complex(self._data)

    def __contains__(self, element):
        return (self._data == as_raw(element)).any().item()

    def item(self):
        """The number in a tensor of one element, as Python's."""
        return self._data.item()

    def tolist(self):
        """The numbers as nested lists; of a 0-dimensional tensor, the number."""
        return self._data.tolist()

    def size(self, dim=None):
        """The shape, or the length of one dimension."""
        return self._data.size() if dim is None else self._data.size(dim)

    def __format__(self, spec):
        if self.ndim == 0:
            return format(self.item(), spec)
        return object.__format__(self, spec)

    def numpy(self, *, force=False):
        """The same memory as a NumPy array.

        RuntimeError if this requires grad and recording is on, unless forced.
        """
        if self.requires_grad and is_grad_enabled() and not force:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. "
                "Use tensor.detach().numpy() instead."
            )
        return self._data.numpy(force=force)

    def __array__(self, dtype=None, copy=None):
        array = self.numpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __dlpack__(self, **how):
        """The same memory for other libraries; torch.as_tensor asks for it."""
        if self.requires_grad:
            raise BufferError(
                "Can't export tensors that require gradient, use tensor.detach()"
            )
        return self._data.__dlpack__(**how)

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
        return getattr(self._data, name)(*args, **kwargs)

    method.__name__, method.__qualname__ = name, f"Tensor.{name}"
    method.__doc__ = f"torch.Tensor.{name}, of the raw array."
    return method


def attribute(name):
    """An attribute that is read off the raw array."""
    return property(lambda self: getattr(self._data, name))


for _name in dir(torch.Tensor):  # is_cuda, is_sparse, is_nested, ...
    if _name.startswith("is_") and not callable(getattr(torch.Tensor, _name)):
        setattr(ArrayLike, _name, attribute(_name))
ArrayLike.name = attribute("name")
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
