"""`fused=True` leaves each parameter its memory, and looks at it anew at each step.

Each scenario is run with torch's own optimizer beside ours.
"""

import copy
import io

import pytest
import torch

from helpers import optim
from tests.engines import compare, raw
from tests.optim.optimizers import METHODS, OUR_WORLDS, WORLDS
from tests.optim.test_step_versions import WAYS, way_of


def fused(world):
    """Three small parameters, and an optimizer that has made two fused steps."""
    parameters = [world.leaf(1.0, 2.0), world.leaf(3.0), world.leaf(4.0, 5.0, 6.0)]
    optimizer = world.make("SGD", parameters, lr=0.5, momentum=0.5, fused=True)
    walk(world, parameters, optimizer, steps=2)
    return parameters, optimizer


def walk(world, parameters, optimizer, steps=1, skip=()):
    """Make steps along gradients of ones."""
    for _ in range(steps):
        ones = [torch.ones_like(raw(each)) for each in parameters]
        given = [None if i in skip else one for i, one in enumerate(ones)]
        world.give(parameters, given)
        optimizer.step()


def places(parameters):
    """Which memory each parameter uses."""
    return [raw(each).untyped_storage().data_ptr() for each in parameters]


def storage_sizes(tensors):
    """The bytes of each tensor's memory, and the bytes that it needs."""
    arrays = list(map(raw, tensors))
    return [(each.untyped_storage().nbytes(), each.nbytes) for each in arrays]


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_each_tensor_has_a_memory_of_its_own_size(method, way):
    def scenario(world):
        wanted = way_of(world, method, way)
        parameters = [world.leaf(1.0, 2.0), world.leaf(3.0), world.leaf(4.0, 5.0)]
        optimizer = world.make(method, parameters, **wanted)
        before = places(parameters)
        walk(world, parameters, optimizer, steps=3)
        states = [optimizer.state.get(each, {}) for each in parameters]
        kept = [each for state in states for each in state.values()]
        assert all(size == own for size, own in storage_sizes([*parameters, *kept]))
        assert len(set(places(kept))) == len(kept)
        return places(parameters) == before

    assert compare(scenario, WORLDS)


def test_one_whose_memory_is_freed_leaves_the_others():
    """What offloading and FSDP do with the parameters that are not in use."""

    def scenario(world):
        parameters, _ = fused(world)
        raw(parameters[0]).untyped_storage().resize_(0)
        return parameters[1:]

    assert compare(scenario, WORLDS) == [[1.75], [2.75, 3.75, 4.75]]


def test_a_file_of_one_parameter_holds_no_other():
    def scenario(world):
        parameters, _ = fused(world)
        file = io.BytesIO()
        torch.save(raw(parameters[1]), file)
        file.seek(0)
        return torch.load(file).untyped_storage().nbytes()

    assert compare(scenario, WORLDS) == 8


def test_one_that_shares_its_memory_with_a_stranger_stays_where_it_is():
    def scenario(world):
        parameters = [world.leaf(1.0, 2.0), world.leaf(3.0)]
        strangers = [raw(each).detach() for each in parameters]
        optimizer = world.make("SGD", parameters, lr=0.5, momentum=0.5, fused=True)
        walk(world, parameters, optimizer, steps=3)
        return strangers, parameters

    strangers, parameters = compare(scenario, WORLDS)
    assert strangers == parameters


def test_a_part_of_a_bigger_array_stays_where_it_is():
    def scenario(world):
        whole = torch.arange(6.0)
        halves = [torch.nn.Parameter(half) for half in whole.view(2, 3)]
        walk(world, halves, world.make("SGD", halves, lr=0.5, fused=True), steps=3)
        return whole

    compare(scenario, [*WORLDS[:2]])


def test_an_array_put_in_between_two_steps_is_the_one_that_moves():
    def scenario(world):
        parameters, optimizer = fused(world)
        parameters[1].data = torch.tensor([100.0], dtype=torch.float64)
        mine = raw(parameters[1])
        walk(world, parameters, optimizer, steps=2)
        return mine.tolist() == raw(parameters[1]).tolist(), parameters

    compare(scenario, WORLDS)


def test_values_written_in_between_two_steps_count():
    def scenario(world):
        parameters, optimizer = fused(world)
        raw(parameters[2]).copy_(torch.tensor([7.0, 8.0, 9.0]))
        walk(world, parameters, optimizer)
        return parameters

    compare(scenario, WORLDS)


def test_gradients_that_come_and_go():
    def scenario(world):
        parameters, optimizer = fused(world)
        walk(world, parameters, optimizer, skip=(1,))
        walk(world, parameters, optimizer, steps=2)
        walk(world, parameters, optimizer, skip=(0, 2))
        walk(world, parameters, optimizer, steps=2)
        return parameters

    compare(scenario, WORLDS)


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
def test_a_deep_copy_goes_its_own_way(world):
    parameters, optimizer = fused(world)
    both = copy.deepcopy((parameters, optimizer))
    walk(world, *both, steps=2)
    apart = [raw(each).clone() for each in both[0]]
    walk(world, parameters, optimizer, steps=2)
    for mine, other in zip(parameters, apart, strict=True):
        assert torch.equal(raw(mine), other)
    assert not set(places(parameters)) & set(places(both[0]))


def network():
    """A small network, and an optimizer that has made two fused steps with it."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1))
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9, fused=True)
    train(model, optimizer, steps=2)
    return model, optimizer


def train(model, optimizer, steps):
    """A few steps on the sum of the model's answers, squared."""
    for _ in range(steps):
        optimizer.zero_grad()
        model(
            torch.ones(4, 2, dtype=next(model.parameters()).dtype)
        ).square().sum().backward()
        optimizer.step()


def test_a_saved_model_is_loaded_as_it_was():
    model, _ = network()
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    file.seek(0)
    loaded = torch.load(file)
    for name, value in model.state_dict().items():
        assert torch.equal(loaded[name], value)


def test_a_model_that_is_loaded_converted_or_shared_goes_on():
    """Each of these writes into a parameter, or gives it another array."""
    saved = copy.deepcopy(network()[0].state_dict())
    changes = [
        lambda model: model.load_state_dict(saved),
        lambda model: model.double(),
        lambda model: model.share_memory(),
        lambda model: model.load_state_dict(saved, assign=True),
    ]
    for change in changes:
        model, optimizer = network()
        change(model)
        before = [each.detach().clone() for each in model.parameters()]
        held = list(optimizer.param_groups[0]["params"])
        train(model, optimizer, steps=1)
        moved = [
            not torch.equal(old, new)
            for old, new in zip(before, model.parameters(), strict=True)
        ]
        same = [a is b for a, b in zip(held, model.parameters(), strict=True)]
        assert moved == same  # assign=True makes other parameters: none of ours moves


@pytest.mark.parametrize("when", ["before the first step", "between two steps"])
def test_a_shared_model_stays_shared(when):
    model = torch.nn.Linear(2, 3)
    optimizer = optim.SGD(model.parameters(), lr=0.1, fused=True)
    if when == "between two steps":
        train(model, optimizer, steps=2)
    model.share_memory()
    train(model, optimizer, steps=2)
    assert all(each.is_shared() for each in model.parameters())


def test_a_transposed_parameter_stays_transposed():
    def scenario(world):
        transposed = world.parameter(torch.arange(6.0).view(2, 3).t())
        parameters = [transposed, world.parameter(torch.ones(2))]
        optimizer = world.make("SGD", parameters, lr=0.5, foreach=False)
        if world in OUR_WORLDS:
            optimizer = world.make("SGD", parameters, lr=0.5, fused=True)
        walk(world, parameters, optimizer, steps=3)
        return parameters  # with their strides

    compare(scenario, WORLDS)
