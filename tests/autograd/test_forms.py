"""The ways to write an operation: operators, keywords, numbers on a side, in place.

Each line is an expression of one tensor, computed by torch and by our engine.
"""

import pytest
import torch
import torch.nn.functional as F

from tests.engines import Sample, compare_gradients

RAW = torch.tensor([0.7, 1.9, 3.1], dtype=torch.float64)

OPERATORS = """
    2 + t; 2 - t; 2 * t; 2 / t; 2 ** t; t + 2; t - 2; t * 2; t / 2; t ** 2; t % 2
    RAW + t; RAW - t; RAW * t; RAW / t; RAW ** t; t + RAW; t / RAW; t ** RAW; RAW % t
    +t; -t; abs(t); t ** t; t ** 0; t ** -1; 0 * t; torch.tensor(2.0) * t
    t < 2; t >= RAW; RAW > t; t == t; t != 2; (t > 1) & (t < 2); ~(t > 1)
    t * torch.ones(4, 1, dtype=torch.float32); (t * (1 + 2j)).abs()
"""
ARGUMENTS = """
    torch.add(input=t, other=t); torch.sub(t, t * t, alpha=3); torch.rsub(t, 5, alpha=2)
    torch.div(t, 2, rounding_mode="floor"); t.div(t * 3, rounding_mode="trunc")
    torch.pow(2, t); torch.pow(-2.0, t); torch.float_power(2, t); t.float_power(2)
    torch.xlogy(2, t); t.xlogy(2); t.lerp(t * 2, 0.3); t.lerp(RAW, t)
    t.where(t > 1, t * 2); torch.where(t > 1, t, 2.0); torch.where(t > 1)
    t.clamp(1, 1.5); t.clamp(max=1.5); torch.clamp(t, min=t * 0.5, max=RAW); t.clip(1)
    torch.max(t, t * t); torch.min(t, other=t * t)
    F.leaky_relu(t - 1, 0.3); F.hardtanh(t, -0.5, 1.5); F.gelu(t, approximate="tanh")
    F.softplus(t, 2, 1); torch.celu(t - 1, 0.7); torch.nn.functional.elu(t - 1, 0.7)
"""
IN_PLACE = """
    abs_() add_(3) addcdiv_(RAW,RAW) addcmul_(RAW,RAW) clamp_(0.5,1) clamp_min_(0.5)
    clip_(0.5) copysign_(-1) cumprod_(0) cumsum_(0) div_(3) erf_() exp_() floor_()
    fmod_(0.7) hypot_(RAW) lerp_(RAW,0.3) log_() masked_fill_(RAW>1,2.0) mul_(2)
    multiply_(2) neg_() pow_(2) reciprocal_() relu_() remainder_(0.7) round_() rsqrt_()
    sgn_() sigmoid_() sin_() sqrt_() square_() sub_(RAW) tanh_() xlogy_(RAW) zero_()
""".split()
ACTIVATIONS = """
    celu elu hardsigmoid hardswish hardtanh leaky_relu mish relu relu6 selu silu
""".split()


def expressions(text):
    """The expressions in lines of them, with semicolons between."""
    return [each.strip() for each in text.strip().replace("\n", ";").split(";")]


def check(text, values=(0.4, 1.0, 2.3)):
    """Compare an expression of `t` on both engines."""
    function = eval(f"lambda t: {text}", globals())
    leaf = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    compare_gradients(Sample(function, (leaf,), {}))


@pytest.mark.parametrize("text", expressions(OPERATORS))
def test_operators_take_numbers_and_raw_arrays_on_either_side(text):
    check(text)


@pytest.mark.parametrize("text", expressions(ARGUMENTS))
def test_arguments_are_torchs(text):
    check(text)


@pytest.mark.parametrize("call", IN_PLACE)
def test_methods_in_place(call):
    check(f"(t * 1).{call}")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_in_place(name):
    values = (-4.0, -1.0, 0.5, 5.0)
    check(f"F.{name}(t * 1, inplace=True)", values)
    check(f"[y := t * 1, F.{name}(y, inplace=True), y * 2][2]", values)
    if hasattr(F, name + "_"):
        check(f"F.{name}_(t * 1)", values)


def test_threshold_in_place():
    check("F.threshold(t * 1, 0.9, 20, inplace=True)")
    check("F.threshold_(t * 1, 0.9, 20)")
    check("torch.nn.Threshold(0.9, 20, inplace=True)(t * 1)")


# Floor division has no derivative: torch refuses to differentiate what we don't record.


@pytest.mark.parametrize("text", ["t // 2", "2 // t", "RAW // t", "2 % t"])
def test_floor_division_gives_torchs_values(text):
    from helpers.autograd import tensor

    found = eval(text, {"t": tensor([0.4, 1.0, 2.5]), "RAW": RAW})
    wanted = eval(text, {"t": torch.tensor([0.4, 1.0, 2.5]), "RAW": RAW})
    assert torch.equal(found.data, wanted)
    assert not found.requires_grad
