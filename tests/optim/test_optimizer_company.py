"""What torch has around optimizers takes ours: schedulers, scaler, compiler."""

import pytest
import torch
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

from tests.engines import compare, raw
from tests.optim.optimizers import (
    METHODS,
    OUR_WORLDS,
    TORCHS,
    WORLDS,
    assert_same,
    options_of,
    snapshot,
    taken,
)
from tests.optim.trajectories import travel

ONES = torch.ones(2)


def in_turn(optimizer):
    """One scheduler after another."""
    first = StepLR(optimizer, step_size=1, gamma=0.1)
    return SequentialLR(optimizer, [first, CosineAnnealingLR(optimizer, 5)], [3])


SCHEDULERS = {
    "StepLR": lambda optimizer: StepLR(optimizer, step_size=2, gamma=0.5),
    "OneCycleLR": lambda optimizer: OneCycleLR(optimizer, max_lr=0.3, total_steps=8),
    "SequentialLR": in_turn,
}
MOVING = {"SGD": {"momentum": 0.9}, "RMSprop": {"momentum": 0.9}}


def scheduled(world, method, scheduler):
    """Rates, momenta and parameters over a run with a scheduler."""
    parameters = world.parameters(ONES, ONES * 2)  # OneCycleLR cycles a momentum too
    groups = [{"params": parameters[:1]}, {"params": parameters[1:], "lr": 0.3}]
    options = MOVING.get(method, {})
    optimizer = world.make(method, groups, lr=0.1, **options)
    scheduler, seen = SCHEDULERS[scheduler](optimizer), []
    for _ in range(7):
        world.give(parameters, [ONES, ONES])
        optimizer.step()
        scheduler.step()
        seen += [group["lr"] for group in optimizer.param_groups]
        seen += [optimizer.param_groups[0].get("momentum")]
    return seen, snapshot(optimizer), scheduler.get_last_lr()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "method, scheduler",
    [
        (method, scheduler)
        for method in METHODS
        for scheduler in SCHEDULERS
        if {"betas", "momentum"} & set(options_of(method)) or scheduler != "OneCycleLR"
    ],
)
def test_torchs_schedulers_take_ours(method, scheduler):
    rates, _, _ = compare(lambda world: scheduled(world, method, scheduler), WORLDS)
    assert len(set(rates)) > 4


def test_a_scheduler_that_looks_at_the_loss_takes_ours():
    def scenario(world):
        optimizer = world.make("SGD", [world.leaf(1.0)], lr=1.0)
        scheduler = ReduceLROnPlateau(optimizer, patience=1)
        for _ in range(6):
            scheduler.step(1.0)
        return optimizer.param_groups[0]["lr"]

    assert compare(scenario, WORLDS) < 1.0


def test_a_scheduler_sees_that_no_step_was_made():
    """It warns when it comes before the first step, with ours as with torch's."""

    def scenario(world):
        optimizer = world.make("SGD", [world.leaf(1.0)], lr=1.0)
        scheduler = StepLR(optimizer, step_size=1)
        with pytest.warns(UserWarning, match="before `optimizer.step"):
            scheduler.step()
        return optimizer.param_groups[0]["lr"]

    compare(scenario, WORLDS)


@pytest.mark.parametrize("method", METHODS)
def test_a_rate_that_is_a_tensor(method):
    """Changed in place between steps, as a compiled loop wants it."""

    def scenario(world):
        rate = torch.tensor(0.1, dtype=torch.float64)
        parameters = world.parameters(ONES.double(), ONES.double() * 2)
        optimizer = world.make(method, parameters, lr=rate, foreach=False)
        for _ in range(3):
            travel(world, optimizer, parameters, [[ONES.double()] * 2])
            rate.mul_(0.5)
        assert optimizer.param_groups[0]["lr"] is rate
        return snapshot(optimizer)

    torchs, *ours = [scenario(world) for world in WORLDS]
    for each in ours:
        assert_same(each, torchs, rtol=1e-12, atol=1e-12)


def test_betas_that_are_tensors():
    """Of any shape with one element."""

    def scenario(world):
        wide = {"dtype": torch.float64}
        betas = torch.tensor([[[0.8]]], **wide), torch.tensor([0.9], **wide)
        parameter = world.parameter(ONES.double())
        rate = torch.tensor(0.1, dtype=torch.float64)
        options = {"lr": rate, "betas": betas, "amsgrad": True, "foreach": False}
        optimizer = world.make("Adam", [parameter], **options)
        travel(world, optimizer, [parameter], [[ONES.double()], [-ONES.double()]])
        return snapshot(optimizer)

    plain_betas = (0.8, 0.9)
    for world in OUR_WORLDS:
        parameter = TORCHS.parameter(ONES.double())
        optimizer = TORCHS.make("Adam", [parameter], lr=0.1, betas=plain_betas)
        optimizer.param_groups[0]["amsgrad"] = True
        travel(TORCHS, optimizer, [parameter], [[ONES.double()], [-ONES.double()]])
        assert_same(scenario(world), snapshot(optimizer), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("overflow", [False, True])
def test_a_scaler_steps_ours(overflow):
    def scenario(world):
        parameter = torch.nn.Parameter(torch.ones(2))
        optimizer = world.make("Adam", [parameter], lr=0.1)
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
        loss = (parameter * 3).sum() * (float("inf") if overflow else 1.0)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        return parameter, scaler.get_scale(), len(optimizer.state)

    _, scale, states = compare(scenario, WORLDS[:2])
    assert (scale, states) == ((512.0, 0) if overflow else (1024.0, 1))


def test_a_scaler_takes_its_scale_back():
    def scenario(world):
        parameter = torch.nn.Parameter(torch.ones(2))
        optimizer = world.make("SGD", [parameter], lr=0.1)
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
        scaler.scale((parameter * 3).sum()).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_([parameter], 1.0)
        scaler.step(optimizer)
        return parameter.grad, parameter

    compare(scenario, WORLDS[:2])


@pytest.mark.filterwarnings("ignore")  # the compiler's own
@pytest.mark.parametrize("method", METHODS)
def test_a_compiled_step_is_the_same_step(method):
    """Traced, without code generation; the rate changes. Adam's count of steps is then
    a float32 tensor, and what is computed of it rounds so.
    """

    def run(world, compiled):
        torch._dynamo.reset()
        parameters = [torch.nn.Parameter(ONES * n) for n in (1, 2)]
        options = taken(method, lr=0.1, weight_decay=0.1)
        optimizer = world.make(method, parameters, **options)
        step = optimizer.step
        if compiled:
            step = torch.compile(step, backend="eager")
        for rate in (0.1, 0.2):
            optimizer.param_groups[0]["lr"] = rate
            world.give(parameters, [ONES * rate, -ONES])
            step()
        return snapshot(optimizer)

    plain = run(TORCHS, compiled=False)
    assert_same(run(OUR_WORLDS[0], compiled=True), plain, rtol=1e-5, atol=1e-6)


class OfOnesOwn:
    """A method for any world's base class: sign descent with a running sum."""

    def __init__(self, params, lr, **options):
        super().__init__(params, {"lr": lr, **options})

    def init_state(self, parameter, group):
        return {"sum": torch.zeros_like(raw(parameter))}

    def update(self, p, grad, state, options):
        state["sum"].mul_(0.5).add_(grad)
        p.add_(state["sum"], alpha=-options["lr"])


@pytest.mark.parametrize("way", [{}, {"foreach": False}, {"foreach": True}], ids=str)
@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
def test_a_method_of_ones_own(world, way):
    """It needs an update; its state is saved and loaded without a list of names."""
    method = type("Own", (OfOnesOwn, world.optim.Optimizer), {})
    parameters = world.parameters(ONES, ONES * 3)
    optimizer = method(parameters, lr=0.5, **way)
    travel(world, optimizer, parameters, [[ONES, None], [ONES, ONES]])
    assert [raw(each).tolist() for each in parameters] == [[-0.25] * 2, [2.5] * 2]
    twin = method(world.parameters(ONES, ONES), lr=7.0, **way)
    twin.load_state_dict(optimizer.state_dict())
    assert twin.param_groups[0]["lr"] == 0.5
    assert [each["sum"].tolist() for each in twin.state.values()] == [
        [1.5] * 2,
        [1] * 2,
    ]
