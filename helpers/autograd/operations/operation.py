"""Operation: one of torch's functions together with its derivative.

A formula says by the names of its parameters what it needs, and only that is saved:

    grad                 the gradient of the output (of the first differentiable one)
    grads                the list of all outputs' gradients, None where there is none
    out, out0, out1 ...  the output; of an operation with several, one of them
    input, other ...     an argument, by its name in the operation's signature
    input_shape          of an array argument, only its shape; of a list, a list
    input_dtype          the same for its dtype
    needs                for each edge, whether its gradient is wanted
"""

import re

import torch

from helpers.autograd.grad_mode import is_grad_enabled
from helpers.autograd.graph.node import Arrays, Slot
from helpers.autograd.graph.saved_tensors import hooks_in_force, pack
from helpers.autograd.memory.views import ONE_OF_SEVERAL, View
from helpers.autograd.operations.autocast import cast_like, is_any_autocast_enabled
from helpers.autograd.operations.codegen import (
    parameters_of,
    write_backward,
    write_record,
)
from helpers.autograd.tensor.tensor import Tensor, lowered, wrap
from helpers.two_devices import named_arguments, with_places


class Operation:
    """A differentiable operation: a signature, and a formula for each input.

    Args:
        signature: "name(input, dim=None, keepdim=False)": the arguments of torch's
            function, under torch's names. They are bound to the formulas by name.
        formulas: for each differentiable input its derivative, a function as described
            above. The single key `joint` stands for all of them: one function that
            returns a gradient for each edge.
        broadcasts: whether inputs may be broadcast or converted, so that gradients must
            be brought back to their inputs' shapes and dtypes.
        kernel: what runs on raw arrays in place of torch's function, if not that
            function itself.
        visible_outputs: how many of the kernel's outputs the caller sees; the rest can
            be saved.
        differentiable_outputs: the positions of the outputs that gradients flow
            through; unless given, all.
        inputs: the names of the inputs that `joint` has gradients for; unless given,
            the first argument alone. A list of tensors, which has an edge for each of
            them, must be the only one.
        node_name: unless given, made from the name: "MulBackward0".
        views: whether the outputs may look into the memory of the first argument.
        optional: the inputs that have no edge if they are numbers or None, and the
            names of the node then: {"exponent": "PowBackward0"}.
        conjugate: whether formulas that meet complex numbers are run between two
            conjugations, as those of holomorphic functions must be (see
            `differentiate_complex`); False if they are right there as they stand.

    Built in chapter 02.
    """

    def __init__(self, signature, formulas, *, broadcasts=False, kernel=None,
                 visible_outputs=None, differentiable_outputs=None, inputs=None,
                 node_name=None, views=False, conjugate=True, optional=()):  # fmt: skip
        self.name, parameters = signature[:-1].split("(", 1)
        self.kernel, self.broadcasts = kernel, broadcasts
        self.visible_outputs = visible_outputs
        self.differentiable_outputs = differentiable_outputs
        self.node_name = node_name or camel_case(self.name) + "Backward0"
        self.views, self.conjugate, self.optional = views, conjugate, optional
        joint = "joint" in formulas
        self.parameters = parameters_of(eval(f"lambda {parameters}: 0"))
        self.inputs = (inputs or self.parameters[:1]) if joint else list(formulas)
        names = [name for each in formulas.values() for name in parameters_of(each)[1:]]
        self.saves = list(dict.fromkeys(names))
        self.first = self.parameters[0]
        self.input_places = [
            place for place, name in enumerate(self.saves) if name in self.inputs
        ]
        self.record = write_record(self, parameters, formulas)
        self.differentiate = write_backward(self, formulas)

    def __call__(self, function, args, kwargs):
        """Run torch's `function` on the raw arrays; record it if gradients can flow."""
        raw_args = [lowered(each) for each in args]
        raw_kwargs = {name: lowered(value) for name, value in kwargs.items()}
        try:
            raw = (self.kernel or function)(*raw_args, **raw_kwargs)
        except RuntimeError as error:
            raise self.with_places(error, args, kwargs) from error
        node = self.node_of_call(raw, args, kwargs) if is_grad_enabled() else None
        if self.views:
            return self.as_views(function, args, kwargs, raw, node)
        if isinstance(raw, torch.Tensor):
            return wrap(raw, node)
        return self.wrapped(raw, node)

    def with_places(self, error, args, kwargs):
        """An error of torch's, with what lies where if a call met two devices."""
        arguments = named_arguments(self.parameters, args, kwargs)
        return with_places(error, self.name, arguments)

    def node_of_call(self, raw, args, kwargs):
        """The Node of a call; torch.autocast and hooks on saving have their say."""
        if is_any_autocast_enabled():
            args, kwargs = cast_like(raw, args, kwargs)
        node = self.node(raw, args, kwargs)
        if node is not None and hooks_in_force() is not None:
            pack(node)
        return node

    def node(self, raw, args, kwargs):
        """The Node of a call, or None if no input requires grad."""
        node = self.record(raw, *args, **kwargs)
        if node is None:
            return None
        if not isinstance(raw, torch.Tensor):
            node.outputs = len(raw)
            raw = raw[0] if raw else args[0]
        if self.conjugate and raw.is_complex():
            node.is_complex = True
        return node

    def wrapped(self, raw, node=None):
        """Raw outputs as Tensors, in a list, tuple or named tuple of the same kind."""
        if self.visible_outputs == 1:
            return self.wrapped_output(raw[0], 0, node)
        if self.visible_outputs is not None:
            raw = raw[: self.visible_outputs]
        return like(raw, [self.wrapped_output(r, i, node) for i, r in enumerate(raw)])

    def wrapped_output(self, raw, index, node):
        """One of several outputs, with its own edge if gradients flow through it."""
        if node is None or not self.lets_flow(index):
            return wrap(raw)
        return wrap(raw, Slot(node, index))

    def lets_flow(self, index):
        """Whether gradients flow through the output at a position."""
        flowing = self.differentiable_outputs
        return flowing is None or index in flowing

    def as_views(self, function, args, kwargs, raw, node):
        """The outputs of an operation that copies nothing where it can."""
        parent, *rest = args

        def take(other):
            if isinstance(other, Tensor):
                return self(function, (other, *rest), kwargs)
            return function(other, *rest, **kwargs)

        if isinstance(raw, torch.Tensor):
            return self.as_view(raw, node, parent, take)
        return like(raw, [
            self.as_view(each, node and Slot(node, i), parent,
                         lambda other, i=i: take(other)[i], ONE_OF_SEVERAL)
            for i, each in enumerate(raw)
        ])  # fmt: skip

    def as_view(self, raw, edge, parent, take, fixed=None):
        """One output: a View if it shares the parent's memory."""
        if raw is parent._data:
            return parent
        if raw._base is None:
            return wrap(raw, edge)
        return View(raw, edge, parent, take, fixed)

    def as_tensors(self, node):
        """What a node saved, as Tensors with their places in the graph.

        Formulas that are fed these record a graph of their own: that is all it takes
        to have gradients of gradients.
        """
        edges = dict(zip(self.inputs, node.edges, strict=False))
        return [
            self.as_tensor(node, edges, name, value)
            for name, value in zip(self.saves, node.saved, strict=True)
        ]

    def as_tensor(self, node, edges, name, value):
        """One saved value: an input or output gets its edge; all else stays raw."""
        if name in self.inputs and value.__class__ is Arrays:
            pairs = zip(value, node.edges, strict=True)
            return [wrap(each, edge) for each, edge in pairs]
        edge = edges.get(name)
        if name == "out":
            edge = node
        elif name.startswith("out") and name[3:].isdigit():
            place = int(name[3:])
            edge = Slot(node, place) if self.lets_flow(place) else None
        is_linked = edge is not None and isinstance(value, torch.Tensor)
        return wrap(value, edge) if is_linked else value


def like(sequence, items):
    """`items` in a sequence of the same kind: a list, tuple or torch's named tuple."""
    return type(sequence)(items)


def camel_case(name):
    """log_softmax -> LogSoftmax, max_pool2d -> MaxPool2D."""
    joined = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    return re.sub(r"(?<=\d)d", "D", joined)
