"""What a Tensor can do: operators, torch's methods, and those of the engine.

Importing this module completes `Tensor`. Every rule of the derivative table whose
function is also a method of torch.Tensor becomes a method of ours, and its in-place
form, with the underscore, another.
"""

import torch

from helpers.autograd import fast_paths
from helpers.autograd.engine import engine
from helpers.autograd.graph.hooks import NodeHooks, add_hook, hooks_of, retain_at
from helpers.autograd.memory.inplace import change_in_place
from helpers.autograd.operations.operation import Operation
from helpers.autograd.registry import RULES, MissingRule, as_torch_says
from helpers.autograd.tensor.array import OPERANDS
from helpers.autograd.tensor.tensor import Tensor

# Python's operators, and the methods of torch.Tensor that do the same.
OPERATORS = {
    "__add__": "add", "__radd__": "add", "__sub__": "sub", "__rsub__": "__rsub__",
    "__mul__": "mul", "__rmul__": "mul", "__truediv__": "div", "__pow__": "pow",
    "__floordiv__": "floor_divide", "__rfloordiv__": "__rfloordiv__",
    "__mod__": "remainder", "__rmod__": "__rmod__", "__matmul__": "matmul",
    "__eq__": "eq", "__ne__": "ne", "__lt__": "lt", "__le__": "le", "__gt__": "gt",
    "__ge__": "ge", "__and__": "__and__", "__rand__": "__rand__", "__or__": "__or__",
    "__ror__": "__ror__", "__xor__": "__xor__", "__rxor__": "__rxor__",
    "__lshift__": "__lshift__", "__rlshift__": "__rlshift__",
    "__rshift__": "__rshift__", "__rrshift__": "__rrshift__",
    "__iadd__": "add_", "__isub__": "sub_", "__imul__": "mul_", "__itruediv__": "div_",
    "__ifloordiv__": "floor_divide_", "__imod__": "remainder_", "__ipow__": "pow_",
    "__iand__": "__iand__", "__ior__": "__ior__", "__ixor__": "__ixor__",
    "__ilshift__": "__ilshift__", "__irshift__": "__irshift__",
}  # fmt: skip
# Those that don't ask of what kind the other side is, if there is one.
SAME_AS = {
    "__neg__": "neg", "__abs__": "abs", "__pos__": "positive",
    "__rtruediv__": "__rdiv__",
}  # fmt: skip


def backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
    """Add d self / d leaf to the `.grad` of every leaf below; see `engine.backward`."""
    engine.backward(self, gradient, retain_graph, create_graph, inputs)


def register_hook(self, hook):
    """Call hook(gradient) when this tensor's gradient is complete; return a handle.

    A Tensor that it returns replaces the gradient. RuntimeError if no grad is required.
    """
    if not self.requires_grad:
        raise RuntimeError(
            "cannot register a hook on a tensor that doesn't require gradient"
        )
    edge = self if self.edge is None else self.edge
    return add_hook(hooks_of(edge.node).of(edge.index), hook)


def register_post_accumulate_grad_hook(self, hook):
    """Call hook(self) once backward has completed this leaf's `.grad`.

    That is before backward has gone on, so a hook may use the gradient and free it.
    """
    if not self.requires_grad:
        raise RuntimeError(
            "cannot register a hook on a tensor that doesn't require gradient"
        )
    if self.edge is not None:
        raise RuntimeError(
            "post accumulate grad hooks cannot be registered on non-leaf tensors"
        )
    handle = add_hook(hooks_of(self).accumulated, hook)
    NodeHooks.any_accumulated = True
    return handle


def register_post_backward_hook(self, hook):
    """Call hook(self) at the end of each backward pass that has reached this leaf.

    torch has it as `queue_callback`, a private function of its engine.
    """
    return add_hook(hooks_of(self).ended, hook)


def retain_grad(self):
    """Have backward keep this non-leaf's `.grad`; nothing changes for a leaf."""
    if not self.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if self.edge is not None and not self.retains_grad:
        self._retains = True
        retain_at(self.grad_fn, self.output_nr, self)


def detach_(self):
    """Cut this tensor from its history, for good; it becomes a leaf."""
    if hasattr(self, "parent"):
        raise RuntimeError("Can't detach views in-place. Use detach() instead.")
    self.edge = None
    self._leaf_requires_grad = False
    return self


def as_method(function):
    """A method that runs one of torch's through its rule in the table."""

    def method(*args, **kwargs):
        kwargs = as_torch_says(kwargs) if kwargs else kwargs
        return RULES[function](function, args, kwargs)

    return described(method, function.__name__)


def as_operator(name, function):
    """A method for an operator with two sides: of other kinds, others decide."""

    def method(self, other):
        if not isinstance(other, OPERANDS):
            return NotImplemented
        return RULES[function](function, (self, other), {})

    return described(method, name)


def as_method_in_place(function, of_copy):
    """A method that changes its tensor; `of_copy` computes the same without that."""

    def method(self, *args, **kwargs):
        return change_in_place(RULES[of_copy], function, self, args, kwargs)

    return described(method, function.__name__)


def as_rule(method):
    """A rule, for the table, that calls a method."""
    return lambda function, args, kwargs: method(*args, **kwargs)


def described(method, name):
    """Give a method made here the name and the place that a reader would look for."""
    method.__name__ = name
    method.__qualname__ = f"Tensor.{name}"
    method.__doc__ = f"torch.Tensor.{name}, recorded by our own engine."
    return method


def complete(cls):
    """Give `cls` a method for each rule, the operators, and what stands above."""
    for function, rule in list(RULES.items()):
        name = getattr(function, "__name__", "")
        if name == "__get__":  # of an attribute that is computed: real, imag
            attribute = property(as_method(function))
            setattr(cls, function.__self__.__name__, attribute)
        if getattr(torch.Tensor, name, None) is not function:
            continue
        setattr(cls, name, as_method(function))
        if isinstance(rule, Operation) and not rule.views:
            complete_in_place(cls, name + "_", function)
    for name, method in OPERATORS.items():
        setattr(cls, name, as_operator(name, getattr(torch.Tensor, method)))
    for name, method in SAME_AS.items():
        setattr(cls, name, getattr(cls, method))
    for name, method in fast_paths.METHODS.items():
        setattr(cls, name, described(method, name))
    for method in (backward, register_hook, register_post_accumulate_grad_hook,
                   retain_grad, detach_):  # fmt: skip
        setattr(cls, method.__name__, method)
        RULES[getattr(torch.Tensor, method.__name__)] = as_rule(method)
    cls.register_post_backward_hook = register_post_backward_hook
    for name in dir(torch.Tensor):
        if not name.startswith("_") and not hasattr(cls, name):
            setattr(cls, name, Missing(name))


def grad_of_ours(outputs, inputs, *given, only_inputs=True, is_grads_batched=False,
                 **named):  # fmt: skip
    """torch.autograd.grad, given our tensors; it has two arguments more than ours."""
    if is_grads_batched:
        raise NotImplementedError(
            "is_grads_batched=True needs torch.vmap, which our engine has not. Call "
            "grad for each gradient, with retain_graph=True"
        )
    return engine.grad(outputs, inputs, *given, **named)


RULES[torch.autograd.grad] = as_rule(grad_of_ours)
RULES[torch.autograd.backward] = as_rule(engine.backward)


class Missing:
    """Stands where torch.Tensor has a method for which there is no rule.

    A `__getattr__` would do the same, and make every attribute slower to read.
    """

    def __init__(self, name):
        self.name = name

    def __get__(self, tensor, owner=None):
        raise MissingRule(f"Tensor.{self.name}", "method")


def complete_in_place(cls, name, of_copy):
    """Give `cls` the in-place form of an operation, if torch has one."""
    function = getattr(torch.Tensor, name, None)
    if function is None:
        return
    method = as_method_in_place(function, of_copy)
    setattr(cls, name, method)
    for home in (torch.Tensor, torch):
        if hasattr(home, name):
            RULES[getattr(home, name)] = as_rule(method)


complete(Tensor)
