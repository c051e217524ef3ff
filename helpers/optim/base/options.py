"""Checks of an optimizer's options: what was given, what is allowed, what to do.

The classes and the first words of the messages are torch's. As there, the options of a
single group may be out of range: a rate below 0 goes uphill. Departures: NaN, which
torch lets through in places, and what is no number are refused in groups too.
"""

import math
import operator
from numbers import Real

import torch

TORCH_CALLS_IT = {"lr": "learning rate", "eps": "epsilon value"}


def check_number(name, value, below=None, called=None, up_to=None):
    """Raise unless an option is a number from 0 up, and within a bound if one is given.

    Args:
        name: the option's, str.
        value: what was given, a number as `is_number` has it.
        below: what the number must stay under (None, no bound).
        called: what torch's message calls the option (None, "name value").
        up_to: what the number may reach, but not pass (None, no bound).

    Raises: `TypeError` for what is no number, `ValueError` for a number out of range,
    NaN among them.

    >>> check_number("momentum", -0.5)
    Traceback (most recent call last):
    ValueError: Invalid momentum value: -0.5. momentum is a number from 0 up: set \
momentum=0.5, or leave it out
    """
    called = called or TORCH_CALLS_IT.get(name, f"{name} value")
    check_is_number(name, value, called)
    small = (below is None or value < below) and (up_to is None or value <= up_to)
    if value >= 0 and small:
        return
    span = "from 0 up" if up_to is None else f"from 0 to {up_to}"
    span = span if below is None else f"from 0 up to, but not including, {below}"
    advice = f"set {name}={-value}, or leave it out" if value < 0 else "choose another"
    raise ValueError(f"Invalid {called}: {value}. {name} is a number {span}: {advice}")


def check_is_number(name, value, called=None):
    """Raise `TypeError` for what is no number, `ValueError` for a longer tensor."""
    if not is_number(value):
        called = called or TORCH_CALLS_IT.get(name, f"{name} value")
        raise TypeError(
            f"Invalid {called}: {value!r} of type {type(value).__name__}. {name} is a "
            f"number: set {name}=0.1, say"
        )
    if isinstance(value, torch.Tensor):
        check_single(name, value)


def is_number(value) -> bool:
    """Whether a value can be computed with as a number.

    Python's real numbers can, NumPy's scalars and arrays of one, and tensors, whose
    length is looked at elsewhere.

    >>> is_number(True), is_number(torch.tensor([0.1])), is_number("0.1"), is_number(1j)
    (True, True, False, False)
    """
    if isinstance(value, (Real, torch.Tensor)):
        return True
    is_array = hasattr(value, "__array__") and value.size == 1
    return is_array and value.dtype.kind in "fiub"


def check_like_defaults(options, defaults):
    """Raise `TypeError` or `ValueError` where a group's options can't do their work.

    A number must be one, and not NaN. Its range isn't looked at: what torch's rules
    run with, such as a rate below 0, a user has set on purpose.
    """
    for name, default in defaults.items():
        if is_number(default) and not isinstance(default, bool):
            check_is_number(name, options[name])
            if options[name] != options[name]:
                raise ValueError(
                    f"Invalid {TORCH_CALLS_IT.get(name, f'{name} value')}: nan. {name} "
                    f"is a number: choose another, or leave it out"
                )


def pair_of(name, pair, wanted="numbers from 0 up to, but not including, 1",
            example=(0.9, 0.999)) -> tuple:  # fmt: skip
    """Two numbers from anything that holds two: a tuple, a list, an array, a tensor.

    Raises `TypeError` for all else; `wanted` and `example` say what the pair may be.

    >>> pair_of("betas", [0.9, 0.99])
    (0.9, 0.99)
    """
    is_iterable = hasattr(pair, "__getitem__") and not isinstance(pair, (str, dict))
    values = tuple(pair) if is_iterable else ()
    if len(values) != 2:
        raise TypeError(
            f"Invalid {name}: {pair!r}. {name} is a pair of {wanted}: pass "
            f"{name}={example}"
        )
    return values


def check_finite(name, value):
    """Raise `TypeError` for what is no number, `ValueError` for NaN and infinity.

    >>> check_finite("dampening", float("nan"))
    Traceback (most recent call last):
    ValueError: Invalid dampening value: nan. dampening is a finite number: set \
dampening=0, or leave it out
    """
    if not is_number(value):
        raise TypeError(
            f"Invalid {name} value: {value!r} of type {type(value).__name__}. {name} "
            f"is a number: set {name}=0, or leave it out"
        )
    if not -math.inf < value < math.inf:
        raise ValueError(
            f"Invalid {name} value: {value}. {name} is a finite number: set {name}=0, "
            "or leave it out"
        )


def check_between(name, value, low, high, words):
    """Raise unless an option is a number of a range whose ends belong to it.

    Args:
        name: the option's, str.
        value: what was given, a number as `is_number` has it.
        low, high: the ends, numbers; infinite where there is none.
        words: what torch's message says before the value.

    Raises: `TypeError` for what is no number, `ValueError` for a number out of range,
    NaN among them.

    >>> check_between("d", 0.5, 1, math.inf, "d should be >= 1 but is")
    Traceback (most recent call last):
    ValueError: d should be >= 1 but is: 0.5. d is a number from 1 up: choose another
    """
    if not is_number(value):
        raise TypeError(
            f"{words}: {value!r} of type {type(value).__name__}. {name} is a number: "
            "pass one"
        )
    if isinstance(value, torch.Tensor):
        check_single(name, value)
    if not low <= value <= high:
        span = "" if low == -math.inf else f" from {low} up"
        span += "" if high == math.inf else f" up to {high}"
        raise ValueError(f"{words}: {value}. {name} is a number{span}: choose another")


def check_count(name, value, advice="20, say"):
    """Raise `TypeError` or `ValueError` unless an option is an integer from 1 up.

    `advice` is what to set it to.

    >>> check_count("max_iter", 0)
    Traceback (most recent call last):
    ValueError: Invalid max_iter value: 0. max_iter is an integer from 1 up: set \
max_iter=20, say
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(
            f"Invalid {name} value: {value!r} of type {type(value).__name__}. {name} "
            f"is an integer from 1 up: set {name}={advice}"
        )
    if operator.index(value) < 1:
        raise ValueError(
            f"Invalid {name} value: {value}. {name} is an integer from 1 up: set "
            f"{name}={advice}"
        )


def check_single(name, value):
    """Raise `ValueError` for a tensor with other than one element."""
    if value.numel() != 1:
        raise ValueError(
            f"Tensor {name} must be 1-element, and this one has shape "
            f"{tuple(value.shape)}: pass a number, or give each part of the parameters "
            "a group with its own value"
        )


def check_execution(options):
    """Raise `RuntimeError` for options of execution that exclude each other."""
    if not options.get("fused"):
        return
    if options.get("differentiable"):
        raise RuntimeError(
            "`fused` does not support `differentiable`: gradients can only flow "
            "through a step that runs tensor by tensor. Drop fused=True, or "
            "differentiable=True"
        )
    if options.get("foreach"):
        raise RuntimeError(
            "`fused` and `foreach` cannot be `True` together: they are two ways to run "
            "the same step. Drop one"
        )


def number_of(value):
    """The Python number in a tensor with one element; what else is given, as it is.

    >>> number_of(torch.tensor([0.5])), number_of(0.1)
    (0.5, 0.1)
    """
    return value.item() if isinstance(value, torch.Tensor) else value


def as_scalar(value):
    """A tensor with one element as a 0-d tensor, an array of one as its number.

    >>> as_scalar(torch.tensor([0.5])), as_scalar(0.1)
    (tensor(0.5000), 0.1)
    """
    if isinstance(value, torch.Tensor):
        return value.reshape(())
    return value.reshape(())[()] if hasattr(value, "__array__") else value
