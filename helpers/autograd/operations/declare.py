"""How rules are written down: one declaration an operation.

With this module one can: give the derivative of some of torch's functions
(`derivative`), say that functions have none (`without_derivative`, `refused`), spell a
function out in others that have rules (`composite`), or let torch's own Python text do
that (`spelled_by_torch`), and enter aliases (`also_named`).
"""

import functools
import inspect
import sys
import types

import torch
import torch.nn.functional as F

from helpers.autograd.operations.operation import Operation, like
from helpers.autograd.registry import register, rule_for, torch_name
from helpers.autograd.tensor.tensor import Tensor, lowered, wrap
from helpers.two_devices import named_arguments, with_places

NOT_IMPLEMENTED = "torch::autograd::NotImplemented"
# Where a name is looked up when a declaration lists no functions.
HOMES = (torch, torch.Tensor, F, torch.special, torch.linalg)
# How torch's Python functions ask whether there is a rule for what they were given.
RULE_QUESTIONS = dict.fromkeys(
    ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic"),
    lambda *tensors: False,
)


def derivative(signature, *functions, broadcasts=False, kernel=None,
               visible_outputs=None, differentiable_outputs=None, inputs=None,
               node_name=None, views=False, conjugate=True, optional=(),
               **formulas):  # fmt: skip
    """Declare an operation's derivative; return the `Operation`.

    Args:
        signature: "exp(input)", the arguments under torch's names.
        functions: the functions of torch's that compute it; unless given, all of that
            name in torch, torch.Tensor, torch.nn.functional and torch.special.
        formulas: the derivative with respect to each input, or one `joint` formula;
            see `helpers.autograd.operations.operation`.
        broadcasts, kernel, visible_outputs, differentiable_outputs, inputs,
            node_name, views, conjugate, optional: as for `Operation`.

    >>> from helpers.autograd import tensor
    >>> _ = derivative("exp(input)", input=lambda grad, out: grad * out)
    >>> torch.exp(tensor([0.0], requires_grad=True))
    tensor([1.], grad_fn=<ExpBackward0>)

    Built in chapter 02.
    """
    operation = Operation(
        signature, formulas, broadcasts=broadcasts, kernel=kernel,
        visible_outputs=visible_outputs, differentiable_outputs=differentiable_outputs,
        inputs=inputs, node_name=node_name, views=views, conjugate=conjugate,
        optional=optional,
    )  # fmt: skip
    register(functions or functions_named(operation.name), operation)
    return operation


def composite(*functions):
    """Decorate a function that spells some of torch's out in others that have rules.

    Args:
        functions: those of torch's; the decorated one takes the same arguments.
    """

    def enter(spelled):
        register(functions, lambda function, args, kwargs: spelled(*args, **kwargs))
        return spelled

    return enter


def spelled_by_torch(*functions, **others):
    """Let functions of torch's that are written in Python run as they are written.

    They begin by asking whether an argument has a rule of its own; here the answer is
    no, and what they call finds the rules. `others` stand for helpers of those names.
    """
    for function in functions:
        text = inspect.unwrap(function)
        names = {**vars(sys.modules[text.__module__]), **RULE_QUESTIONS, **others}
        spelled = types.FunctionType(
            text.__code__, names, text.__name__, text.__defaults__, text.__closure__
        )
        spelled.__kwdefaults__ = text.__kwdefaults__
        composite(function)(spelled)


def without_derivative(names):
    """Declare functions, by their names, whose results never require grad."""
    for name in names.split():
        register(functions_named(name), unrecorded)


def refused(signature, *functions, inputs=None, error=RuntimeError,
            differentiable_outputs=None):  # fmt: skip
    """Declare a function of arrays that has no derivative in torch either.

    Its result requires grad if one of `inputs`, which are all arguments unless given,
    does, so that backward can say what is wrong: it raises `error`.
    """
    name, _, parameters = signature[:-1].partition("(")

    def refuse(grad):
        raise error(
            f"derivative for {name.strip('_')} is not implemented. If it is to count "
            "as a constant, detach() what it is computed from"
        )

    if inputs is None:
        inputs = [each.partition("=")[0] for each in parameters.split(", ")]
    derivative(
        signature, *functions, inputs=inputs, node_name=NOT_IMPLEMENTED,
        differentiable_outputs=differentiable_outputs, joint=refuse,
    )  # fmt: skip


def also_named(**aliases):
    """Give torch's other names of an operation the same rule: multiply="mul"."""
    for alias, name in aliases.items():
        register(functions_named(alias), rule_for(functions_named(name)[0]))


def unrecorded(function, args, kwargs):
    """Run one of torch's functions on the raw arrays; wrap what it returns."""
    raw_kwargs = {name: lowered(value) for name, value in kwargs.items()}
    try:
        return wrapped(function(*map(lowered, args), **raw_kwargs))
    except RuntimeError as error:
        name, arguments = torch_name(function), named_arguments([], args, kwargs)
        raise with_places(error, name, arguments) from error


unrecorded.never_requires_grad = True


def wrapped(raw):
    """Tensors around raw arrays, in sequences too; all else as it is."""
    if isinstance(raw, torch.Tensor):
        return Tensor(raw, True) if raw.requires_grad else wrap(raw)
    if isinstance(raw, (list, tuple)) and not isinstance(raw, torch.Size):
        return like(raw, [wrapped(each) for each in raw])
    return raw


@functools.cache
def functions_named(name):
    """All of torch's functions and methods of this name, each once."""
    found = [getattr(home, name) for home in HOMES if hasattr(home, name)]
    if not found:
        raise LookupError(f"torch has no function named {name!r}")
    return tuple(dict.fromkeys(found))


def on_meta(input):
    """An array of the same shape without numbers, for torch's shapes and errors."""
    return torch.empty(input.shape, dtype=input.dtype, device="meta")
