"""Tensor: a raw torch tensor, and its place in a graph.

What a Tensor computes is added by `helpers.autograd.tensor_methods`, from the
derivative table.
"""

import warnings

import torch

from helpers.autograd.grad_mode import is_grad_enabled
from helpers.autograd.registry import as_torch_says, rule_for
from helpers.autograd.tensor.array import ArrayLike, as_raw
from helpers.autograd.tensor.copy_and_pickle import deep_copy, recipe
from helpers.autograd.tensor.data_attribute import raw_for
from helpers.autograd.tensor.grad_attribute import NON_LEAF_GRAD, check_gradient
from helpers.autograd.tensor.out import write_out
from helpers.autograd.tensor.printing import in_words

TWO_ENGINES = (
    "a torch tensor that requires grad met one of our Tensors, and the two engines "
    "can't share a graph. Hand over raw.detach(), or wrap it with "
    "helpers.autograd.tensor.tensor"
)
PLAIN = (int, float, bool, str, complex, type(None), torch.dtype)


class Tensor(ArrayLike):
    """An array, and the edge along which its gradient travels.

    Args:
        data: a raw torch tensor, which is shared, not copied; or a NumPy array, a
            number or nested lists, as for `tensor`.
        requires_grad: whether `backward()` fills this leaf's `.grad`.
        dtype, device: torch's; unless given, those of `data`.

    `data` is the raw array; it never requires grad. `edge` is None for a leaf, else the
    `Node` that made this tensor (or a `Slot`, one output of a node with several). An
    edge may also be a leaf itself: backward ends there, at depth 0.

    Raises: RuntimeError if gradients are asked of integers or booleans.

    >>> x = Tensor(torch.tensor([1.0, 2.0]), requires_grad=True)
    >>> y = 100 * x
    >>> y.backward(torch.ones(2))
    >>> x.grad
    tensor([100., 100.])

    Source: torch.Tensor. Built in chapter 02.
    """

    # Defaults for all tensors: an instance stores only what differs, which keeps
    # the making of a tensor (once for every operation) cheap.
    edge = None
    depth = 0
    _leaf_requires_grad = False
    _grad = None
    _base = None
    hooks = None

    # A leaf is an edge itself: the node at which backward ends.
    edges = ()
    outputs = 1
    index = 0
    node = property(lambda self: self)

    def __init__(self, data, requires_grad=False, dtype=None, device=None):
        self._data = as_raw(data, dtype, device)
        if requires_grad:
            self.requires_grad_()

    @property
    def data(self) -> torch.Tensor:
        """The raw array; may be replaced by another, which is shared, not copied."""
        return self._data

    @data.setter
    def data(self, value):
        self._data = raw_for(self, value)

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        """What torch calls when one of its functions is handed a Tensor of ours."""
        rule, kwargs = rule_for(function), as_torch_says(kwargs or {})
        if kwargs.get("out") is not None:
            return write_out(function, rule, args, kwargs)
        return rule(function, args, kwargs)

    __deepcopy__ = deep_copy
    __reduce_ex__ = recipe
    __repr__ = in_words

    # Its place in the graph

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to this tensor; settable for leaves."""
        return self.edge is not None or self._leaf_requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted):
        self.requires_grad_(wanted)

    def requires_grad_(self, requires_grad: bool = True):
        """Make this leaf one that `backward()` fills, or no longer; return it.

        RuntimeError for integers and booleans, and for a non-leaf that is to stop.
        """
        if requires_grad and self.requires_grad:
            return self
        if requires_grad and not _has_derivatives(self.data.dtype):
            raise RuntimeError(
                "only Tensors of floating point and complex dtype can require "
                f"gradients; this one holds {self.data.dtype}. Convert it first, "
                "for instance with .float()"
            )
        if self.edge is None:
            self._leaf_requires_grad = bool(requires_grad)
        elif not requires_grad:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you "
                "want to use a computed variable in a subgraph that doesn't require "
                "differentiation use var_no_grad = var.detach()."
            )
        return self

    @property
    def is_leaf(self) -> bool:
        """True if no recorded operation made this tensor."""
        return self.edge is None

    @property
    def grad_fn(self):
        """The `Node` that made this tensor; None for a leaf."""
        return None if self.edge is None else self.edge.node

    @property
    def output_nr(self) -> int:
        """Which output of its `grad_fn` this tensor is; 0 for a leaf."""
        return getattr(self.edge, "index", 0)

    def detach(self) -> "Tensor":
        """A tensor with the same data and no history; changes in place show in both."""
        return wrap(self.data)

    # Its gradient

    @property
    def grad(self) -> "Tensor | None":
        """What `backward()` has added up for this leaf so far; None before the first.

        Asking a non-leaf warns, unless its gradient is retained. May be set to None or
        to a Tensor of the same shape, dtype and device.
        """
        if self._grad is None and self.edge is not None and not self.retains_grad:
            warnings.warn(NON_LEAF_GRAD, UserWarning, stacklevel=2)
        return self._grad

    @grad.setter
    def grad(self, value):
        if isinstance(value, torch.Tensor):
            value = wrap(value)
        if value is not None:
            check_gradient(self, value)
        self._grad = value

    @grad.deleter
    def grad(self):
        """Forget the gradient."""
        self._grad = None

    @property
    def retains_grad(self) -> bool:
        """True for a non-leaf whose `.grad` is kept; see `retain_grad`."""
        return self.__dict__.get("_retains", False)


def tensor(data, requires_grad=False, dtype=None, device=None) -> Tensor:
    """A leaf Tensor from a raw torch tensor, NumPy array, number or nested lists.

    Args:
        data: what to hold. A raw torch tensor keeps its memory (so a change in one is
            seen in the other), like torch.as_tensor; all else is copied.
        requires_grad: whether `backward()` fills its `.grad`.
        dtype, device: unless given, torch's choice for `data`.

    Raises: RuntimeError if gradients are asked of integers or booleans; what
    torch.tensor raises for data it can't read.

    >>> tensor([1.0, 2.0], requires_grad=True)
    tensor([1., 2.], requires_grad=True)

    Source: torch.tensor, but sharing raw tensors. Built in chapter 02.
    """
    return Tensor(data, requires_grad, dtype, device)


def wrap(raw, edge=None):
    """A Tensor around a raw array; `edge` says where its gradient goes."""
    made = object.__new__(Tensor)
    made._data = raw
    if edge is not None:
        made.edge = edge
    return made


def edge_of(value):
    """Where the gradient of `value` goes: a Node, a Slot, a leaf; None if nowhere."""
    if not isinstance(value, Tensor):
        return None
    edge = value.edge
    return value if edge is None and value._leaf_requires_grad else edge


def lowered(value):
    """An argument with raw arrays in the place of Tensors, in lists and slices too.

    RuntimeError for a raw array that requires grad: torch would record what we do.
    """
    if isinstance(value, Tensor):
        return value._data
    kind = value.__class__
    if kind in PLAIN:
        return value
    if kind is list or kind is tuple:
        return kind([lowered(each) for each in value])
    if kind is slice:
        return slice(lowered(value.start), lowered(value.stop), lowered(value.step))
    if isinstance(value, torch.Tensor) and value.requires_grad and is_grad_enabled():
        raise RuntimeError(TWO_ENGINES)
    return value


def _has_derivatives(dtype):
    return dtype.is_floating_point or dtype.is_complex
