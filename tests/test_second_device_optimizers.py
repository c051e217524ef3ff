"""Our optimizers beside the CPU: the same steps, and state where parameters are."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
import torch

from helpers import optim
from helpers.devices import same_on_every_device
from tests.device_reads import Reads
from tests.engines import error_of
from tests.optim.optimizers import (
    CAPTURABLE,
    METHODS,
    NUMBERS,
    OUR_WORLDS,
    OURS,
    ROUND_OTHERWISE,
    TORCHS,
    WAITING,
    WORLDS,
    raw,
)

ALL_OPTIONS = {
    "SGD": dict(momentum=0.9, weight_decay=0.1, nesterov=True),
    "Adagrad": dict(lr_decay=0.1, initial_accumulator_value=0.1),
    "RMSprop": dict(momentum=0.9, centered=True),
    "Adam": dict(amsgrad=True, weight_decay=0.1),
    "AdamW": dict(amsgrad=True, maximize=True),
    "NAdam": dict(decoupled_weight_decay=True, weight_decay=0.1),
    "RAdam": dict(weight_decay=0.1),
    "Adadelta": dict(weight_decay=0.1, maximize=True),
}
WAYS = {
    "loop": dict(foreach=False),
    "lists": dict(foreach=True),
    "capturable": dict(capturable=True),
}
COUNTS = {"NAdam": ["step", "mu_product"], "ASGD": []}  # state that stays on the CPU
# The rate, and each number that is made of it.
READS_OF_A_RATE = {"SGD": 1, "Adagrad": 2, "RMSprop": 1, "Adam": 3, "AdamW": 3}
READS_OF_A_RATE |= {"Adadelta": 1, "Adamax": 2, "NAdam": 2, "RAdam": 2, "Rprop": 1}
SETTINGS = [
    pytest.param(method, options, id=f"{method}-{way}")
    for method in METHODS
    for way, options in WAYS.items()
    if way != "capturable" or method in CAPTURABLE
]


def run(world, method, device, lr=0.1, steps=3, **options):
    """Steps with known gradients: the parameters, the optimizer, and waits in a step.

    The first step may wait: it makes the state.
    """
    torch.manual_seed(0)
    draw = lambda *shape: torch.randn(shape, dtype=torch.float64).to(device)  # noqa: E731
    parameters = world.parameters(draw(3, 2), draw(4), draw())
    optimizer = world.make(method, parameters, lr=lr, **options)
    reads = 0
    for _ in range(steps):
        world.give(parameters, [draw(3, 2), draw(4), draw()])
        with nullcontext() if options.get("fused") else Reads(device) as counted:
            optimizer.step()  # no step is compiled while something is counted
        reads = counted and counted.count
    return SimpleNamespace(parameters=parameters, optimizer=optimizer, reads=reads)


def arrays_of(made):
    """The parameters and all of the state but the counts of steps."""
    states = [made.optimizer.state.get(each, {}) for each in made.parameters]
    kept = [{k: raw(v) for k, v in each.items() if k != "step"} for each in states]
    return [raw(each) for each in made.parameters], kept


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("method, way", SETTINGS)
def test_steps_are_those_of_the_cpu_and_wait_for_nothing(
    method, way, world, accelerator
):
    there = run(world, method, accelerator, **ALL_OPTIONS.get(method, {}), **way)
    here = run(world, method, torch.device("cpu"), **ALL_OPTIONS.get(method, {}))
    is_rough = "capturable" in way or method in ROUND_OTHERWISE
    rough = {"rtol": 1e-5, "atol": 1e-6} if is_rough else {}
    torch.testing.assert_close(
        arrays_of(there), arrays_of(here), check_device=False, **rough
    )
    for state in there.optimizer.state.values():
        for name, value in state.items():
            stays = name in COUNTS.get(method, ["step"]) and "capturable" not in way
            assert raw(value).device == (torch.device("cpu") if stays else accelerator)
    assert there.reads == 0 or method in WAITING and "capturable" not in way


@pytest.mark.parametrize("method", READS_OF_A_RATE)
def test_a_rate_on_the_device_is_read_once_a_step(method, accelerator):
    rate = torch.tensor(0.1, device=accelerator, dtype=torch.float64)
    assert run(OURS, method, accelerator, rate).reads == READS_OF_A_RATE[method]


@pytest.mark.parametrize("method", CAPTURABLE)
def test_a_rate_on_the_device_is_not_read_by_a_step_for_capture(method, accelerator):
    rate = torch.tensor(0.1, device=accelerator, dtype=torch.float64)
    assert run(OURS, method, accelerator, rate, capturable=True).reads == 0


@pytest.mark.filterwarnings("ignore:fused=True runs without the compiler")
@pytest.mark.parametrize("method", ["SGD", "AdamW"])
def test_fused_steps_are_those_of_the_cpu(method, accelerator):
    there = run(OURS, method, accelerator, **ALL_OPTIONS.get(method, {}), fused=True)
    here = run(OURS, method, torch.device("cpu"), **ALL_OPTIONS.get(method, {}))
    torch.testing.assert_close(
        arrays_of(there), arrays_of(here), check_device=False, rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("way", ["loop", "lists"])
def test_one_group_may_hold_parameters_of_two_devices(method, way, accelerator):
    for world in OUR_WORLDS:
        start = torch.tensor([1.0, 2.0], dtype=torch.float64)
        pair = world.parameters(start, start.to(accelerator))
        optimizer = world.make(method, pair, lr=0.1, **WAYS[way])
        for _ in range(2):
            world.give(pair, [start, start.to(accelerator)])
            optimizer.step()
        assert raw(pair[1]).device == accelerator
        assert raw(pair[0]).tolist() == raw(pair[1]).tolist() != start.tolist()


@pytest.mark.parametrize("method", METHODS)
def test_a_file_from_the_cpu_goes_on_on_the_device(method, accelerator):
    options = ALL_OPTIONS.get(method, {})
    first = run(OURS, method, torch.device("cpu"), **options)
    second = run(OURS, method, accelerator, **options, steps=0)
    second.optimizer.load_state_dict(first.optimizer.state_dict())
    for old, new in zip(first.parameters, second.parameters, strict=True):
        new.data.copy_(old.data)
    for made in (first, second):
        for each in made.parameters:
            each.grad = torch.ones_like(each)
        made.optimizer.step()
    alike = {"check_device": False, "check_dtype": method not in NUMBERS}
    torch.testing.assert_close(arrays_of(second), arrays_of(first), **alike)
    for state in second.optimizer.state.values():
        assert {n: v.device.type for n, v in state.items() if n != "step"} == {
            name: accelerator.type for name in state if name != "step"
        }


def rosenbrock(world, device):
    """Parameters where Rosenbrock's valley begins, and the closure of its loss."""
    x = world.parameter(torch.tensor([-1.2, 1.0], dtype=torch.float64, device=device))

    def closure():
        x.grad = None
        loss = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
        loss.backward()
        return loss

    return x, closure


CLOSURE_METHODS = {
    "LBFGS": dict(lr=0.01),
    "LBFGS with a line search": dict(line_search_fn="strong_wolfe", max_iter=40),
    "ConjugateGradient": dict(max_iter=40),
    "ConjugateGradient with Fletcher and Reeves": dict(method="fletcher-reeves"),
}


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("name", CLOSURE_METHODS)
def test_methods_with_a_closure_end_where_they_do_on_the_cpu(name, world, accelerator):
    ends = []
    for device in (torch.device("cpu"), accelerator):
        x, closure = rosenbrock(world, device)
        method = getattr(optim, name.split()[0])
        optimizer = method([x], **CLOSURE_METHODS[name])
        losses = [optimizer.step(closure) for _ in range(2)]
        state = optimizer.state[x]
        held = [v for v in state.values() if isinstance(v, torch.Tensor)]
        assert {each.device for each in [raw(losses[0]), raw(x), *held]} == {device}
        ends.append(([raw(each) for each in losses], raw(x)))
    torch.testing.assert_close(*ends, check_device=False, rtol=1e-6, atol=1e-9)


def test_linear_conjugate_gradients_agree_with_the_cpu(accelerator):
    torch.manual_seed(0)
    half = torch.randn(6, 6, dtype=torch.float64)

    def solve(matrix, right):
        found = optim.linear_conjugate_gradient(lambda v: matrix @ v, right)
        assert found.x.device == right.device
        return found.x

    matrix = half @ half.T + torch.eye(6, dtype=torch.float64)
    assert same_on_every_device(solve, matrix, torch.ones(6, dtype=torch.float64))


def reads_in(optimizer, x, closure):
    """How often a step waits for the device, and how often it calls the closure."""
    with Reads(x.device) as counted:
        optimizer.step(closure)
    return counted.count, optimizer.state[x]["func_evals"]


@pytest.mark.parametrize("search", [None, "strong_wolfe"])
def test_lbfgs_waits_at_most_twice_more_than_torch_at_an_evaluation(
    search, accelerator
):
    """For the loss, the slope and the sizes of vectors, twice for each pair."""
    reads = {}
    for world in (OURS, TORCHS):
        x, closure = rosenbrock(world, accelerator)
        optimizer = world.make("LBFGS", [x], max_iter=8, lr=0.1, line_search_fn=search)
        reads[world.name], evaluations = reads_in(optimizer, x, closure)
    assert reads[OURS.name] <= reads[TORCHS.name] + 2 * evaluations


def test_conjugate_gradients_wait_at_most_seven_times_at_an_evaluation(accelerator):
    """For the loss, the slope, the sizes of vectors, beta and the restart."""
    x, closure = rosenbrock(OURS, accelerator)
    reads, evaluations = reads_in(optim.ConjugateGradient([x]), x, closure)
    assert reads <= 7 * evaluations


def test_closures_over_two_devices_are_refused_as_torch_does(accelerator):
    for world in WORLDS[:2]:
        pair = world.parameters(torch.ones(2), torch.ones(2, device=accelerator))

        def closure(pair=pair):
            here, there = pair
            loss = here.sum() + there.sum().cpu()
            loss.backward()
            return loss

        step = lambda: world.make("LBFGS", pair).step(closure)  # noqa: B023, E731
        assert error_of(step, "on the same device") is RuntimeError
