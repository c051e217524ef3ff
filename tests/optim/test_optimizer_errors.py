"""What an optimizer refuses: torch's class and words, and our three parts."""

import math
import re
import warnings

import pytest
import torch
from torch.testing._internal.common_optimizers import OptimizerErrorEnum, optim_db

from tests.engines import raw
from tests.optim import mistakes
from tests.optim.mistakes import OUT_OF_RANGE, one, steps, with_options, with_params
from tests.optim.optimizers import (
    CAPTURABLE,
    METHODS,
    OUR_WORLDS,
    TORCHS,
    raised_by,
    snapshot,
)

OURS = pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)


def check(world, mistake, first, *words, same_words=True, kind=None):
    """Assert that ours raises torch's class of error, with these words in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error, there = raised_by(mistake, world), raised_by(mistake, TORCHS)
    assert type(error) is (kind or type(there))
    for each in (first, *words):
        assert each in str(error), f"{each!r} is not in: {error}"
    if same_words:
        assert str(there).startswith(first)
        assert str(error).startswith(first)
    assert len(str(error)) > len(str(there)) or kind


@OURS
@pytest.mark.parametrize("name", mistakes.FORMS)
def test_parameters_that_torch_refuses(world, name):
    form, *words = mistakes.FORMS[name]
    if "set" in name:  # torch's own message has all three parts
        assert str(raised_by(with_params(form), world)) == str(
            raised_by(with_params(form), TORCHS)
        )
        return
    check(world, with_params(form), *words)


@OURS
@pytest.mark.parametrize("name", mistakes.OWN_WORDS)
def test_parameters_of_which_torch_says_less(world, name):
    form, *words = mistakes.OWN_WORDS[name]
    check(world, with_params(form), *words, same_words=False)


@OURS
def test_a_set_is_warned_of_and_taken(world):
    """PyTorch warns of it since 2.15; before, it said nothing."""
    with pytest.warns(FutureWarning, match="in sets will change") as caught:
        optimizer = world.make("SGD", {one(world)}, lr=0.1)
    assert caught[0].filename == world.make.__code__.co_filename
    assert len(optimizer.param_groups[0]["params"]) == 1


@OURS
def test_a_parameter_twice_in_a_group_is_warned_of(world):
    def twins(world):
        return (world.make("SGD", [parameter] * 2) for parameter in [one(world)])

    words = "optimizer contains a parameter group with duplicate parameters"
    with pytest.warns(UserWarning, match=words):
        list(twins(TORCHS))
    with pytest.warns(UserWarning, match=words) as caught:
        list(twins(world))
    (warning,) = caught
    assert "Each step moves such a parameter twice. Pass it once" in str(
        warning.message
    )


def options_id(value):
    return str(value) if isinstance(value, (str, dict)) else None


@OURS
@pytest.mark.parametrize(
    "method, options, words",
    [(method, options, words) for method, options, *words in mistakes.OPTIONS],
    ids=options_id,
)
def test_options_that_torch_refuses(world, method, options, words):
    check(world, with_options(method, **options), *words)


@OURS
@pytest.mark.parametrize(
    "method, options, words",
    [(m, options, words) for m, options, *words in mistakes.OWN_WORDS_ON_OPTIONS],
    ids=options_id,
)
def test_options_of_which_torch_says_less(world, method, options, words):
    check(world, with_options(method, **options), *words, same_words=False)


@OURS
@pytest.mark.parametrize("method, option, called", OUT_OF_RANGE)
def test_numbers_below_zero(world, method, option, called):
    words = f"Invalid {called}: -0.5"
    rest = f"{option} is a number from 0 up", f"set {option}=0.5"
    mistake = with_options(method, **{option: -0.5})
    check(world, mistake, words, *rest)


@OURS
@pytest.mark.parametrize("method, option, called", OUT_OF_RANGE)
def test_what_is_no_number(world, method, option, called):
    words = f"Invalid {called}: '0.1' of type str", f"{option} is a number", "set"
    check(world, with_options(method, **{option: "0.1"}), *words, same_words=False)


@OURS
@pytest.mark.parametrize("method, option, called", OUT_OF_RANGE)
def test_nan_is_refused_where_torch_lets_it_through(world, method, option, called):
    mistake = with_options(method, **{option: math.nan})
    words = f"Invalid {called}: nan", f"{option} is a number from 0 up", "choose"
    check(world, mistake, *words, same_words=False, kind=ValueError)


@OURS
@pytest.mark.parametrize("given, kind", [("0.1", TypeError), (math.inf, ValueError)])
def test_dampening_is_checked_where_torch_fails_at_the_second_step(world, given, kind):
    mistake = with_options("SGD", momentum=0.9, dampening=given)
    words = f"Invalid dampening value: {given!r}", "number: set dampening=0"
    check(world, mistake, *words, same_words=False, kind=kind)


@OURS
@pytest.mark.parametrize("given, kind", [("0.1", TypeError), (math.nan, ValueError)])
@pytest.mark.parametrize("method, option, called", OUT_OF_RANGE)
def test_what_a_group_can_not_compute_with(world, method, option, called, given, kind):
    """torch checks the defaults alone, and fails, or goes on with NaN, at the step."""
    groups = [{"params": one(world), option: given}]
    error = raised_by(world.make, method, groups)
    assert type(error) is kind
    first = f"Invalid {called}: {given!r}"
    for part in (first, f"{option} is a number", "set" if kind is TypeError else "cho"):
        assert part in str(error)


ERRORS = [
    pytest.param(info.name, given, id=f"{info.name}-{given.optimizer_error_input.desc}")
    for info in optim_db
    if info.name in METHODS
    for given in info.optim_error_inputs_func("cpu", torch.float32)
]


@pytest.mark.parametrize("method, given", ERRORS)
def test_torchs_own_list_of_errors(method, given):
    world = OUR_WORLDS[0]
    params, options = (
        given.optimizer_error_input.params,
        given.optimizer_error_input.kwargs,
    )
    params = [one(world)] if params is None else params
    at_step = given.error_on is OptimizerErrorEnum.STEP_ERROR

    def run():
        optimizer = world.make(method, params, **options)
        if at_step:
            optimizer.step()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = raised_by(run)
    assert type(error) is given.error_type
    assert re.search(given.error_regex, str(error))


@OURS
@pytest.mark.parametrize("method", METHODS)
def test_a_closure_that_is_none(world, method):
    """The result of a call in its place, say. torch lets 0 and None through."""
    optimizer = world.make(method, [one(world)])
    before = snapshot(optimizer)
    error = raised_by(optimizer.step, 3.0)
    assert type(error) is type(raised_by(TORCHS.make(method, [one(TORCHS)]).step, 3.0))
    for part in ("closure = 3.0 of type float", "takes nothing, or a function", "pass"):
        assert part in str(error)
    assert torch.equal(snapshot(optimizer)[0][0], before[0][0])


@OURS
@pytest.mark.parametrize("method", CAPTURABLE)
def test_a_captured_step_needs_a_gpu(world, method):
    def step(world):
        steps(world, world.make(method, [one(world)], capturable=True))

    first = "If capturable=True, params and state_steps must be on supported devices"
    if method in ("NAdam", "ASGD"):  # of whose numbers torch speaks too
        first = "If capturable=True, params"
    check(world, step, first, "is on cpu", "leave capturable out")


@OURS
@pytest.mark.parametrize("method", sorted({*METHODS} - {"SGD", "Adagrad"}))
def test_sparse_gradients_where_the_method_takes_none(world, method):
    def step(world):
        parameter = world.parameter(torch.ones(2, 2))
        sparse = torch.eye(2).to_sparse()
        optimizer = world.make(method, [parameter], foreach=False)
        parameter.grad = sparse if world.is_torchs else world.tensor(sparse)
        optimizer.step()

    error, there = raised_by(step, world), raised_by(step, TORCHS)
    assert type(error) is type(there) is RuntimeError
    assert "does not support sparse gradients" in str(error)
    for part in (method, "SparseAdam", "sparse=False"):
        assert part in str(error)


def test_a_base_class_has_no_rule():
    for world in OUR_WORLDS:
        optimizer = world.optim.Optimizer([one(world)], {"lr": 0.1})
        error = raised_by(steps, world, optimizer)
        assert type(error) is NotImplementedError
        for part in ("Optimizer has no rule", "update(self, p, grad, state, options)"):
            assert part in str(error)
        assert raw(optimizer.param_groups[0]["params"][0]).item() == 1.0
