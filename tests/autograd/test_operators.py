"""Python's operators and protocols, with everything that may stand beside a tensor."""

import functools
import operator

import numpy as np
import pytest
import torch

from helpers.autograd import Tensor, tensor
from tests.engines import ENGINES, OURS, compare, error_of

ARITHMETIC = "add sub mul truediv pow floordiv mod matmul"
COMPARISONS = "eq ne lt le gt ge"
BITS = "and_ or_ xor lshift rshift"
IN_PLACE = "iadd isub imul itruediv ipow ifloordiv imod iand ior ixor ilshift irshift"
MAKERS = {
    "a leaf": lambda engine: engine.tensor([1.5, 2.0], requires_grad=True),
    "a result": lambda engine: engine.tensor([1.5, 2.0], requires_grad=True) * 1,
    "constants": lambda engine: engine.tensor([1.5, 2.0]).clone(),
    "integers": lambda engine: engine.tensor([5, -7]).clone(),
    "booleans": lambda engine: engine.tensor([True, False]).clone(),
}
BESIDE = {
    "a whole number": 2,
    "a fraction": 2.5,
    "a boolean": True,
    "NumPy's number": np.float32(2.5),
    "NumPy's whole number": np.int64(3),
    "a raw array": torch.tensor([2.0, 3.0]),
    "raw integers": torch.tensor([2, 3]),
    "a raw number": torch.tensor(2.0),
    "a NumPy array": np.array([2.0, 3.0]),
    "None": None,
    "text": "text",
    "a list": [1.0, 2.0],
}
# Torch compares with NumPy's array as NumPy does, or says no; 5 % x, which torch
# does not differentiate, has a gradient here; so has True ** x, where torch crashes.
# NumPy asks torch's tensors in a way of its own for what stands on the left.
UNLIKE = {
    ("mod", "left"): "torch does not differentiate it",
    ("pow", "left", "a boolean"): "torch fails inside",
    ("eq", "a NumPy array"): "NumPy compares",
    ("ne", "a NumPy array"): "NumPy compares",
}


def outcome(function):
    """Numbers, dtype, and whether grad is required; or the class of the error."""
    try:
        result = function()
    except Exception as error:
        return type(error)
    if not isinstance(result, (torch.Tensor, Tensor)):
        return type(result), repr(result)
    return result.tolist(), result.dtype, result.requires_grad


def is_unlike(*words):
    return any(set(each) <= set(words) for each in UNLIKE)


def copied(value):
    return value.clone() if isinstance(value, torch.Tensor) else value


def run(name, made, other, side):
    """What an operator does on both engines."""
    apply = getattr(operator, name)
    found = []
    for engine in ENGINES:
        pair = [MAKERS[made](engine), copied(BESIDE[other])]
        pair = pair if side == "right" else pair[::-1]
        found.append(outcome(lambda pair=pair: apply(*pair)))
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # NumPy's, about torch
@pytest.mark.parametrize("other", BESIDE)
@pytest.mark.parametrize("name", [*f"{ARITHMETIC} {COMPARISONS} {BITS}".split()])
def test_operators_are_torchs_on_both_sides(name, other):
    for side in ("right", "left"):
        if is_unlike(name, other, side):
            continue
        for made in MAKERS:
            ours, torchs = run(name, made, other, side)
            assert str(ours) == str(torchs), (made, side)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # NumPy's, about torch
@pytest.mark.parametrize("other", BESIDE)
@pytest.mark.parametrize("name", IN_PLACE.split())
def test_operators_in_place_are_torchs(name, other):
    for made in MAKERS:
        ours, torchs = run(name, made, other, "right")
        assert str(ours) == str(torchs), made


def test_a_number_left_of_the_remainder_has_a_gradient():
    x = OURS.leaf(1.5, 2.0)
    (5 % x).sum().backward()
    assert x.grad.tolist() == [-3.0, -2.0]


@pytest.mark.parametrize("name", ["neg", "pos", "abs", "invert"])
def test_operators_with_one_side(name):
    for made in MAKERS:
        ours, torchs = (MAKERS[made](engine) for engine in ENGINES)
        apply = getattr(operator, name)
        wanted = str(outcome(functools.partial(apply, torchs)))
        assert str(outcome(functools.partial(apply, ours))) == wanted, made


def test_what_is_no_tensor_is_equal_to_none():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        return x == None, x != None, x in [None, x], x in ["a"]  # noqa: E711

    assert compare(scenario) == (False, True, True, False)


def test_a_stranger_decides_what_an_operator_does():
    class Stranger:
        def __radd__(self, other):
            return "added"

        def __eq__(self, other):
            return "compared"

    def scenario(engine):
        x = engine.leaf(1.0)
        return x + Stranger(), x == Stranger(), Stranger() == x

    assert compare(scenario) == ("added", "compared", "compared")


def test_whole_division_says_that_it_has_no_derivative():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        found = []
        for make in (lambda: x // 2, lambda: 3 // x, lambda: torch.heaviside(x, x)):
            y = make()
            words = ("derivative for", "is not implemented")
            found.append((y.requires_grad, y.grad_fn.name()))
            found.append(error_of(y.sum().backward, *words))
        return found, (x.detach() // 2).requires_grad

    assert compare(scenario)[0][1] is RuntimeError


@pytest.mark.parametrize("spec", ["", ".2f", ">10", "e"])
@pytest.mark.parametrize("number", [3.0, 2, True, 1 + 2j])
def test_a_number_is_formatted_as_pythons(number, spec):
    def scenario(engine):
        x = engine.tensor(number)
        y = x * 1.0
        return outcome(lambda: format(x, spec)), outcome(lambda: f"{y:{spec}}")

    compare(scenario)


def test_several_numbers_have_no_format():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        return error_of(lambda: f"{x:.2f}"), f"{x}", str(x)

    assert compare(scenario)[0] is TypeError


@pytest.mark.parametrize("data", [[], [1.0, 2.0], [[1.0], [2.0]]])
@pytest.mark.parametrize("takes", [list, max, min, sum, sorted, len, any, reversed])
def test_pythons_functions_take_tensors(takes, data):
    def scenario(engine):
        x = engine.tensor(data, requires_grad=True)
        try:
            found = takes(x)
        except Exception as error:
            return type(error)
        found = list(found) if takes is reversed else found
        return str(found) if takes is not sum else outcome(lambda: found)

    compare(scenario)


def test_numpy_and_a_tensor_without_gradient_make_a_tensor():
    x = tensor([1.0, 2.0])
    for made in (x * np.array([2.0, 3.0]), x + np.ones(2), np.ones(2) / x):
        assert isinstance(made, Tensor)
        assert made.dtype == torch.float64
    wanting = tensor([1.0, 2.0], requires_grad=True)
    error = error_of(lambda: wanting * np.ones(2), "Can't call numpy()", "detach()")
    assert error is RuntimeError
