"""`differentiable=True`: gradients flow through a step, as through torch's."""

import pytest
import torch
from torch.autograd import gradcheck

from helpers import autograd
from tests.engines import compare
from tests.optim.optimizers import (
    DIFFERENTIABLE,
    OUR_WORLDS,
    OURS_ON_OURS,
    TORCHS,
    WORLDS,
    assert_same,
    raised_by,
    snapshot,
)
from tests.optim.trajectories import gradients, starts, travel

SETTINGS = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9, "dampening": 0.1, "weight_decay": 0.1}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "maximize": True}),
    ("Adagrad", {"weight_decay": 0.1, "lr_decay": 0.1}),
    ("RMSprop", {}),
    ("RMSprop", {"momentum": 0.9, "centered": True, "weight_decay": 0.1}),
    ("Adam", {"weight_decay": 0.1}),
    ("Adam", {"amsgrad": True, "maximize": True}),
    ("AdamW", {"amsgrad": True}),
    ("Adadelta", {"weight_decay": 0.1}),
    ("Adamax", {"weight_decay": 0.1}),
    ("NAdam", {"weight_decay": 0.1, "maximize": True}),
    ("NAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("RAdam", {"weight_decay": 0.1}),
    ("RAdam", {"betas": (0.9, 0.6)}),  # too short a memory for the root
    ("ASGD", {"weight_decay": 0.1}),  # with t0 torch changes what it has saved
    ("Rprop", {}),
]
STATE = ["momentum_buffer", "sum", "square_avg", "grad_avg", "exp_avg", "exp_avg_sq"]
KEPT = {  # the state that the settings use
    "SGD": STATE[:1],
    "Adagrad": STATE[1:2],
    "RMSprop": ["square_avg", "grad_avg", "momentum_buffer"],
    "Adam": ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"],
}
KEPT["AdamW"] = KEPT["Adam"]
KEPT |= {
    "Adadelta": ["square_avg", "acc_delta"],
    "Adamax": ["exp_avg", "exp_inf"],
    "NAdam": ["exp_avg", "exp_avg_sq"],
    "RAdam": ["exp_avg", "exp_avg_sq"],
    "ASGD": ["ax"],
    "Rprop": ["prev", "step_size"],
}
NUMBERS = {"NAdam": {"mu_product": 0.3}, "ASGD": {"eta": 0.1, "mu": 1.0}}


@pytest.fixture(autouse=True)
def counts_in_float64():
    """torch computes with the count of steps, a tensor of the default dtype."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def drawn(*shape):
    """Numbers far from where a root has no slope."""
    return torch.rand(shape, dtype=torch.float64) + 0.5


def one_step(world, method, options, parameter, gradient, state, lr=0.1):
    """A parameter and its state after a step, as functions of what they were."""
    moved = parameter.clone()
    moved.grad = gradient
    optimizer = world.make(method, [moved], lr=lr, differentiable=True, **options)
    numbers = {} if method == "SGD" else {"step": 10.0, **NUMBERS.get(method, {})}
    numbers = {name: torch.tensor(value) for name, value in numbers.items()}
    state = {name: each.clone() for name, each in state.items()}
    optimizer.state[moved].update(numbers, **state)
    optimizer.step()
    return moved, *(optimizer.state[moved][name] for name in state)


def state_for(method, options):
    """The state that such a method keeps, in front of an eleventh step."""
    asked = {
        "momentum_buffer": options.get("momentum", 0) > 0,
        "grad_avg": options.get("centered", False),
        "max_exp_avg_sq": options.get("amsgrad", False),
    }
    names = [name for name in KEPT[method] if asked.get(name, True)]
    small = {"grad_avg": 0.1}  # the variance has to stay above zero
    return {name: drawn(3) * small.get(name, 1.0) for name in names}


@pytest.mark.parametrize("method, options", SETTINGS, ids=str)
def test_gradients_through_a_step_are_right(method, options):
    torch.manual_seed(0)
    state = state_for(method, options)

    def step(parameter, gradient, *values):
        given = dict(zip(state, values, strict=True))
        return one_step(OUR_WORLDS[0], method, options, parameter, gradient, given)

    inputs = [each.requires_grad_() for each in (drawn(3), drawn(3), *state.values())]
    assert gradcheck(step, inputs)


@pytest.mark.parametrize("method, options", SETTINGS, ids=str)
def test_gradients_through_a_step_are_torchs(method, options):
    def slopes(world):
        torch.manual_seed(1)
        state = state_for(method, options)
        inputs = [drawn(3), drawn(3), *state.values()]
        inputs = [each.requires_grad_() for each in inputs]
        results = one_step(world, method, options, *inputs[:2], state)
        return torch.autograd.grad(sum(each.sum() for each in results), inputs)

    pairs = zip(slopes(OUR_WORLDS[0]), slopes(TORCHS), strict=True)
    for ours, torchs in pairs:
        torch.testing.assert_close(ours, torchs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("method, options", SETTINGS, ids=str)
def test_values_are_those_of_the_plain_step(method, options):
    """Ten steps that nobody differentiates."""

    def taken(world, **way):
        tensors = [world.tensor(each) for each in starts(torch.float64)]
        optimizer = world.make(method, tensors, **options, **way)
        travel(world, optimizer, tensors, gradients(torch.float64)[:10])
        return snapshot(optimizer)

    for world in OUR_WORLDS:
        watched, there = taken(world, differentiable=True), taken(TORCHS)
        assert_same(watched, there, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("method", ["SGD", "Adam", "AdamW"])
def test_a_learning_rate_can_be_learned(method):
    """torch lets gradients reach the rate of these."""

    def scenario(world):
        rate = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
        parameter = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
        moved = parameter.clone()
        moved.grad = torch.tensor([3.0, 4.0], dtype=torch.float64)
        options = {"differentiable": True, "foreach": False}
        world.make(method, [moved], lr=rate, **options).step()
        return torch.autograd.grad((moved * moved).sum(), [rate, parameter])

    ours, torchs = scenario(OUR_WORLDS[0]), scenario(TORCHS)
    for got, expected in zip(ours, torchs, strict=True):
        torch.testing.assert_close(got, expected, rtol=1e-12, atol=1e-12)
    assert ours[0] != 0


@pytest.mark.parametrize("method", DIFFERENTIABLE)
def test_gradients_flow_through_our_tensors_too(method):
    """A step inside a loss, and the gradient of where it led."""

    def scenario(world):
        parameter = world.leaf(1.0, 2.0)
        inner = autograd if world is OURS_ON_OURS else torch.autograd
        (slope,) = inner.grad((parameter**3).sum(), [parameter], create_graph=True)
        moved = parameter * 1.0
        moved.retain_grad()
        moved.grad = slope
        world.make(method, [moved], lr=0.1, differentiable=True).step()
        (gradient,) = inner.grad((moved**2).sum(), [parameter])
        return [round(each, 9) for each in gradient.tolist()]

    compare(scenario, WORLDS)


@pytest.mark.parametrize("world", [TORCHS, OUR_WORLDS[0]], ids=lambda w: w.name)
def test_without_it_a_step_leaves_no_trace(world):
    parameter = world.leaf(1.0, 2.0)
    world.give([parameter], [torch.ones(2, dtype=torch.float64)])
    world.make("Adam", [parameter]).step()
    assert parameter.is_leaf and parameter.requires_grad


def test_a_count_of_steps_wants_no_gradient():
    def scenario(world):
        parameter = world.leaf(1.0)
        moved = parameter * 1.0
        moved.grad = world.tensor(torch.ones(1, dtype=torch.float64))
        optimizer = world.make("Adam", [moved], differentiable=True)
        optimizer.state[moved].update(
            step=torch.tensor(1.0, requires_grad=True),
            exp_avg=torch.zeros(1, dtype=torch.float64),
            exp_avg_sq=torch.zeros(1, dtype=torch.float64),
        )
        error = raised_by(optimizer.step)
        assert "`requires_grad` is not supported for `step`" in str(error)
        return type(error)

    compare(scenario, [TORCHS, OUR_WORLDS[0]])


def test_snapshots_hold_what_was_differentiated():
    parameter = torch.ones(1, requires_grad=True)
    moved = parameter.clone()
    moved.grad = torch.ones(1)
    optimizer = OUR_WORLDS[0].make("SGD", [moved], lr=0.5, differentiable=True)
    optimizer.step()
    assert snapshot(optimizer)[0][0].item() == 0.5 and moved.requires_grad
