"""Function: operations whose derivative the learner writes.

A class written for torch.autograd.Function works unchanged.
"""

import functools
import inspect

from helpers.autograd.function.node import ErrorNode, FunctionNode, is_raw
from helpers.autograd.function.outputs import finish
from helpers.autograd.grad_mode import is_grad_enabled, no_grad
from helpers.autograd.tensor.tensor import Tensor, edge_of, lowered, wrap

LEGACY = (
    "Legacy autograd function with non-static forward method is deprecated. Decorate "
    "forward and backward with @staticmethod, and call {name}.apply(...)"
)
TWICE = (
    "trying to differentiate twice a function that was marked with @once_differentiable"
)


class FunctionCtx:
    """What forward leaves for backward: the `ctx` of both.

    Attributes that forward sets can be read in backward. Tensors go through
    `save_for_backward`, so that they are freed, and watched for changes in place.

    Source: torch.autograd.function.FunctionCtx. Built in chapter 02.
    """

    needs_input_grad = ()  # for each argument, whether its gradient is wanted
    _to_save = ()
    _dirty = ()
    _not_differentiable = ()
    _materializes = True
    _node = staticmethod(lambda: None)  # a weak reference to the node, once it is made

    def save_for_backward(self, *tensors):
        """Keep tensors for `saved_tensors`: inputs and outputs of forward, or None."""
        self._to_save = tensors

    def save_for_forward(self, *tensors):
        """Accepted for the sake of torch's texts: there is no forward mode here."""

    @property
    def saved_tensors(self):
        """The saved tensors, with their places in the graph.

        RuntimeError if they are freed, or were changed in place since forward.
        """
        node = self._node()
        return () if node is None else node.unpacked()

    def mark_dirty(self, *tensors):
        """Say which inputs forward changed in place; each must be returned too."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors):
        """Say which outputs pass no gradient on; those of integers need no mark."""
        self._not_differentiable = tensors

    def set_materialize_grads(self, value: bool):
        """Whether backward gets zeros (as is the default) where no gradient arrived."""
        self._materializes = bool(value)


class Function:
    """An operation of the learner's own: subclass it, then call `apply`.

    Write two static methods, `forward(ctx, *args)` and `backward(ctx, *gradients)`; or
    three, `forward(*args)`, `setup_context(ctx, inputs, output)` and `backward`. Here
    forward works on Tensors with recording off, and backward returns a gradient (or
    None) for each argument of forward. `vjp` is another name for backward.

    Source: torch.autograd.Function, without forward mode and vmap. Built in chapter 02.

    >>> from helpers.autograd import tensor
    >>> class Square(Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x * x
    ...
    ...     @staticmethod
    ...     def backward(ctx, gradient):
    ...         (x,) = ctx.saved_tensors
    ...         return 2 * x * gradient
    >>> x = tensor([3.0], requires_grad=True)
    >>> y = Square.apply(x)
    >>> y
    tensor([9.], grad_fn=<SquareBackward>)
    >>> y.backward()
    >>> x.grad
    tensor([6.])
    """

    @staticmethod
    def forward(*args, **kwargs):
        """Compute the outputs: a Tensor, or a tuple of them."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx, inputs, output):
        """Leave in `ctx` what backward will need, if forward does not take `ctx`."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx, *gradients):
        """Given the gradients of the outputs, return those of forward's arguments."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    vjp = backward

    def __call__(self, *args, **kwargs):
        """Refuse the call: one writes `.apply(...)`."""
        raise RuntimeError(LEGACY.format(name=type(self).__name__))

    @classmethod
    def apply(cls, *args, **kwargs):
        """Run forward; record a node if recording is on and an argument needs it.

        Raises: TypeError if something other than a Tensor is saved for backward;
        RuntimeError for a marked input that can't be changed or is not returned.
        """
        ctx = FunctionCtx()
        has_setup = cls.setup_context is not Function.setup_context
        if has_setup:
            args = with_defaults(cls.forward, args, kwargs)
        elif kwargs:
            args = with_defaults(cls.forward, (ctx, *args), kwargs)[1:]
        args = tuple(as_tensor(each) for each in args)
        needs = tuple(isinstance(a, Tensor) and a.requires_grad for a in args)
        is_recorded = is_grad_enabled() and any(needs)
        ctx.needs_input_grad = needs
        # Made before forward runs, which may change where its arguments come from.
        node = FunctionNode(cls, ctx, args) if is_recorded else None
        with no_grad():
            if has_setup:
                returned = cls.forward(*args)
                cls.setup_context(ctx, args, returned)
            else:
                returned = cls.forward(ctx, *args)
        return finish(node, ctx, args, returned)

    @classmethod
    def backward_method(cls):
        """A subclass's backward, which may be called vjp; RuntimeError for both."""
        if cls.vjp is Function.vjp:
            return cls.backward
        if cls.backward is not Function.backward:
            raise RuntimeError(
                "Implementing both 'backward' and 'vjp' for a custom Function is not "
                "allowed. You should only implement one of them."
            )
        return cls.vjp


def once_differentiable(backward):
    """Decorate a backward that leaves our tensors, or holds only once.

    It runs with recording off. Where a gradient of its results is asked for, backward
    raises RuntimeError, instead of taking them for constants.

    Source: torch.autograd.function.once_differentiable. Built in chapter 02.
    """

    @functools.wraps(backward)
    def run_once(ctx, *gradients):
        with no_grad():
            results = backward(ctx, *gradients)
        edges = tuple(edge_of(each) for each in gradients)
        if not is_grad_enabled() or all(edge is None for edge in edges):
            return results
        sequence = results if isinstance(results, tuple) else (results,)
        marked = tuple(
            None if each is None else wrap(lowered(each), ErrorNode(TWICE, edges))
            for each in sequence
        )
        return marked if isinstance(results, tuple) else marked[0]

    return run_once


def with_defaults(forward, args, kwargs):
    """The arguments of a call by position, with the defaults of those not given."""
    bound = inspect.signature(forward).bind(*args, **kwargs)
    bound.apply_defaults()
    return bound.args


def as_tensor(value):
    """A raw array as a Tensor of ours; all else as it is."""
    raw = value if isinstance(value, Tensor) else lowered(value)
    return wrap(raw) if is_raw(raw) else raw
