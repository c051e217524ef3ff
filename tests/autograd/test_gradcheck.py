"""gradcheck: right rules pass, and every kind of broken rule is caught."""

import warnings

import pytest
import torch

from helpers.autograd import Function, GradcheckError, gradcheck, gradgradcheck, tensor
from tests.engines import OURS, TORCHS, compare, error_of, warning_classes_of


def broken(backward, engine=OURS):
    """x ** 2 with a backward of one's own: function(x, gradient, ctx)."""

    class Square(engine.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, gradient):
            return backward(ctx.saved_tensors[0], gradient)

    return Square.apply


def drifting():
    """A backward that says something else each time."""
    calls = []

    def backward(x, gradient):
        calls.append(1)
        return 2 * x * gradient * (1 + len(calls))

    return backward


WRONG = {
    "a factor forgotten": (lambda x, g: x * g, "Jacobian mismatch"),
    "the gradient forgotten": (lambda x, g: 2 * x, "Jacobian mismatch"),
    "no gradient": (lambda x, g: None, "Jacobian mismatch"),
    "nearly right": (lambda x, g: 2.001 * x * g + 0.01, "Jacobian mismatch"),
    "another each time": (drifting(), "not reentrant"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_backward_is_caught_by_both(name):
    backward, words = WRONG[name]

    def scenario(engine):
        x, run = engine.leaf(1.0, -2.0, 0.5), broken(backward, engine)
        is_right = engine.gradcheck(run, x, raise_exception=False)
        return is_right, error_of(lambda: engine.gradcheck(run, x), words) is not None

    assert compare(scenario) == (False, True)


def test_right_rules_pass():
    x = OURS.leaf(1.0, 2.0)
    y = tensor([[0.3, -0.2], [1.1, 2.0]], requires_grad=True, dtype=torch.float64)
    assert gradcheck(lambda x, y: (x * y).exp(), (x, y))
    assert gradgradcheck(lambda x, y: (x * y).exp(), (x, y))
    assert gradcheck(torch.matmul, (y, x))
    assert gradcheck(lambda x: x.sum(), tensor(2.0, True, dtype=torch.float64))


def test_complex_inputs_and_outputs():
    z = tensor([1 + 2j, -0.5j], requires_grad=True, dtype=torch.complex128)
    x = OURS.leaf(1.0, 2.0)
    assert gradcheck(torch.exp, z)
    assert gradcheck(torch.abs, z)
    assert gradcheck(torch.mul, (x, z))
    assert gradgradcheck(torch.sin, z)
    conjugated = broken(lambda z, g: 2 * z * g)  # torch's convention is 2 conj(z) g
    error = error_of(lambda: gradcheck(conjugated, z), "part of complex outputs")
    assert error is GradcheckError


def test_the_message_shows_both_jacobians():
    x = OURS.leaf(1.0, 2.0)
    run = broken(lambda x, g: x * g)
    with pytest.raises(GradcheckError) as caught:
        gradcheck(run, (x,))
    text = str(caught.value)
    with pytest.raises(RuntimeError) as caught:
        TORCHS.gradcheck(broken(lambda x, g: x * g, TORCHS), (TORCHS.leaf(1.0, 2.0),))
    assert text.startswith(str(caught.value))
    assert "by 2, for number 1 of the input and number 1 of the output" in text


def test_a_wrong_second_derivative_is_caught():
    x = OURS.leaf(1.0, 2.0)
    run = broken(lambda x, g: 2 * x.detach() * g)
    assert gradcheck(run, x)
    assert not gradgradcheck(run, x, raise_exception=False)


def test_a_gradient_of_wrong_shape_is_caught():
    x = OURS.leaf(1.0, 2.0)
    run = broken(lambda x, g: g.unsqueeze(0).expand(3, 2)[:, :1])
    assert error_of(lambda: gradcheck(run, x), "expected shape") is RuntimeError


def test_what_does_not_require_grad_but_depends_is_caught():
    def scenario(engine):
        x = engine.leaf(1.0)
        return engine.gradcheck(lambda x: x.detach() * 3, x, raise_exception=False)

    assert compare(scenario) is False


def test_outputs_that_pass_no_gradient_are_left_alone():
    def scenario(engine):
        x = engine.leaf(1.0, 3.0)
        return engine.gradcheck(lambda x: (x * 2, x.argmax()), x)

    assert compare(scenario) is True


def test_inputs_are_left_as_they_were():
    x = OURS.leaf(1.0, 2.0)
    gradcheck(torch.exp, x)
    assert x.grad is None
    assert x.tolist() == [1.0, 2.0]
    assert x._version == 0


def test_inputs_that_can_not_be_checked():
    def scenario(engine):
        no_grad = error_of(
            lambda: engine.gradcheck(torch.exp, engine.tensor([1.0])),
            "at least one input",
        )
        rough = engine.tensor([0.5], requires_grad=True)
        warned = warning_classes_of(
            lambda: engine.gradcheck(torch.exp, rough, raise_exception=False)
        )
        return no_grad, warned

    assert compare(scenario) == (ValueError, [UserWarning])


def test_checks_of_other_modes_are_refused():
    x = OURS.leaf(1.0)
    for name in ("check_forward_ad", "check_batched_grad", "fast_mode", "masked"):
        error = error_of(
            lambda name=name: gradcheck(torch.exp, x, **{name: True}), name
        )
        assert error is NotImplementedError


def test_several_outputs_with_none_for_some():
    class Two(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2, x * 3

        @staticmethod
        def backward(ctx, first, second):
            return 2 * first + 3 * second

    x = OURS.leaf(1.0)
    assert error_of(lambda: gradcheck(Two.apply, x)) is not None


@pytest.mark.parametrize("function", [
    lambda x: x[:2] if x[0] > 0 else x * 1,
    lambda x: x.float() if x[0] > 0 else x * 1,
])  # fmt: skip
def test_the_form_of_an_output_may_not_depend_on_values(function):
    def scenario(engine):
        x = engine.leaf(-1e-7, 1.0, 2.0)
        return error_of(lambda: engine.gradcheck(function, x), "outputs with the same")

    assert compare(scenario) is AssertionError


def hooked(engine, x):
    """A copy whose hook can't do without a gradient."""

    def hook(gradient):
        if gradient is None:
            raise RuntimeError("no gradient")

    y = x.clone()
    y.register_hook(hook)
    return y


def handed_nothing(engine, answer):
    """A Function whose backward is handed None where no gradient is."""

    class Plain(engine.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2

        @staticmethod
        def backward(ctx, gradient):
            return answer(engine) if gradient is None else gradient * 2

    return lambda engine, x: Plain.apply(x).exp()


def raises(engine):
    raise RuntimeError("no gradient")


UNDEFINED = {
    "a hook": lambda e: hooked,
    "a Function that raises": lambda e: handed_nothing(e, raises),
    "one that makes something of it": lambda e: handed_nothing(
        e, lambda e: e.tensor([1.0], dtype=torch.float64)
    ),
    "one that passes it on": lambda e: handed_nothing(e, lambda e: None),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_undefined_gradients_must_be_handled_unless_not_asked_for(name):
    def scenario(engine):
        function = UNDEFINED[name](engine)

        def check(**settings):
            return engine.gradcheck(
                lambda x: function(engine, x), engine.leaf(1.0), **settings
            )

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            error = error_of(check)
            passed = check(raise_exception=False), check(check_undefined_grad=False)
        return error and error.__name__, passed

    compare(scenario)
