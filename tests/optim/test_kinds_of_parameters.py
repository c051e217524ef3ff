"""Parameters of several dtypes together, and those that have no gradient."""

import pytest
import torch

from tests.engines import compare, raw
from tests.optim.optimizers import (
    METHODS,
    OUR_WORLDS,
    REAL,
    ROUND_OTHERWISE,
    TORCHS,
    WORLDS,
    assert_same,
    snapshot,
    taken,
)
from tests.optim.trajectories import travel

DTYPES = torch.float64, torch.float32, torch.complex64, torch.bfloat16, torch.float32
WAYS = [{"foreach": False}, {"foreach": True}, {}]
SHAPES = (2, 3), (4,), (), (3, 1), (0, 2)


def drawn(seed):
    """An array of each dtype, of another shape each."""
    chance = torch.Generator().manual_seed(seed)
    pairs = zip(SHAPES, DTYPES, strict=True)
    return [torch.randn(shape, generator=chance, dtype=each) for shape, each in pairs]


def after_mixed_steps(world, method, way):
    """Snapshots by dtype: exact ones, then bfloat16, then complex."""
    # torch's Adafactor divides by the size, and so by zero.
    kept = [place for place in range(5) if place not in (2, 4) or method not in REAL]
    gradients = [[drawn(seed)[place] for place in kept] for seed in range(8)]
    parameters = world.parameters(*gradients[0])
    options = taken(method, lr=0.1, weight_decay=0.1)
    optimizer = world.make(method, parameters, **options, **way)
    travel(world, optimizer, parameters, gradients[1:])
    pairs = list(zip(kept, snapshot(optimizer), strict=True))
    places = (0, 1, 4), (3,), (2,)
    return [[made for kept, made in pairs if kept in each] for each in places]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_one_group_holds_several_dtypes(method, way):
    """Without a wish ours goes by lists, which in bfloat16 round otherwise."""
    by_loop = not way and method in ROUND_OTHERWISE
    there = after_mixed_steps(TORCHS, method, way or {"foreach": not by_loop})
    for world in OUR_WORLDS:
        exact, half, complex_ones = after_mixed_steps(world, method, way)
        assert_same(exact, there[0])
        assert_same(half, there[1], **({"rtol": 0.1, "atol": 0.1} if by_loop else {}))
        assert_same(complex_ones, there[2], rtol=1.3e-6, atol=1e-5)


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_no_gradient_means_no_step_and_no_state(method, way):
    def scenario(world):
        parameters = world.parameters(torch.ones(2), torch.ones(2))
        options = taken(method, lr=0.1, weight_decay=0.1)
        optimizer = world.make(method, parameters, **options, **way)
        gradient = torch.ones(2)
        travel(world, optimizer, parameters, [[gradient, None]] * 2)
        return parameters, [each in optimizer.state for each in parameters]

    (moved, stayed), (_, has_state) = compare(scenario, WORLDS)
    assert moved != [1.0, 1.0]
    assert stayed == [1.0, 1.0]
    assert has_state == (method == "Adagrad")  # which starts its sums at construction


@pytest.mark.parametrize("method, moves", [("SGD", True), ("Adam", True)])
def test_a_gradient_of_zero_is_a_gradient(method, moves):
    """Momentum and running means still move the parameter; None would not."""

    def scenario(world):
        parameters = world.parameters(torch.ones(2), torch.ones(2))
        options = {"momentum": 0.9} if method == "SGD" else {}
        optimizer = world.make(method, parameters, lr=0.1, **options)
        world.give(parameters, [torch.ones(2), torch.ones(2)])
        optimizer.step()
        before = [raw(each).clone() for each in parameters]
        world.give(parameters, [torch.zeros(2), None])
        optimizer.step()
        return [
            torch.equal(raw(each), old)
            for each, old in zip(parameters, before, strict=True)
        ]

    assert compare(scenario, WORLDS) == [not moves, True]


@pytest.mark.parametrize("method", METHODS)
def test_a_first_gradient_can_come_late(method):
    def scenario(world):
        parameters = world.parameters(torch.ones(3), torch.ones(1))
        optimizer = world.make(method, parameters, lr=0.1)
        steps = [[torch.ones(3), None], [torch.ones(3), torch.ones(1)]] * 2
        travel(world, optimizer, parameters, steps)
        return snapshot(optimizer)

    compare(scenario, WORLDS)


def test_a_step_without_any_gradient_does_nothing():
    def scenario(world):
        parameter = world.leaf(1.0)
        optimizer = world.make("Adam", [parameter])
        return optimizer.step(), parameter, len(optimizer.state)

    assert compare(scenario, WORLDS)[2] == 0


@pytest.mark.parametrize("method", METHODS)
def test_state_lies_in_memory_as_its_parameter(method):
    """Also after the steps of `foreach`, and where the gradient lies otherwise."""

    def scenario(world):
        (parameter,) = world.parameters(torch.arange(6.0).reshape(2, 3).t())
        options = {"momentum": 0.9} if method in ("SGD", "RMSprop") else {}
        optimizer = world.make(method, [parameter], foreach=True, **options)
        world.give([parameter], [torch.ones(3, 2)])
        optimizer.step()
        return snapshot(optimizer)

    compare(scenario, WORLDS)


@pytest.mark.parametrize("shape", [(0,), (0, 2), (2, 0)])
@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
def test_adafactor_steps_beside_a_parameter_without_elements(world, shape):
    """torch's divides by its number of elements."""
    alone, beside, nothing = torch.ones(2, 2), torch.ones(2, 2), torch.ones(shape)
    only, *both = world.parameters(alone, beside, nothing)
    for group in ([only], both):
        optimizer = world.make("Adafactor", group)
        world.give(group, [torch.ones(each.shape) for each in group])
        optimizer.step()
    assert torch.equal(raw(both[0]), raw(only)) and not torch.equal(raw(only), beside)
    assert raw(both[1]).shape == shape
