"""A step changes parameters in place, and backward() notices."""

import pytest
import torch

from tests.engines import compare, raw
from tests.optim.optimizers import METHODS, WORLDS, raised_by, taken

WAYS = [{"foreach": False}, {"foreach": True}, {}]
MESSAGE = "one of the variables needed for gradient computation has been modified"


def two_backwards(world, method, way, square):
    """The error of a backward() through a graph that a step has changed under it."""
    parameters = [world.leaf(1.0, 2.0), world.leaf(3.0)]
    optimizer = world.make(method, parameters, **way)
    loss = sum(((each * each) if square else each * 2).sum() for each in parameters)
    loss.backward(retain_graph=True)
    optimizer.step()
    return raised_by(loss.backward)


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_a_step_between_two_backwards_is_noticed(method, way):
    def scenario(world):
        error = two_backwards(world, method, way, square=True)
        assert MESSAGE in str(error)
        return type(error)

    assert compare(scenario, WORLDS) is RuntimeError


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_where_nothing_was_saved_there_is_nothing_to_notice(method, way):
    compare(
        lambda world: two_backwards(world, method, way, square=False) is None, WORLDS
    )


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_a_step_moves_the_version_of_each_parameter_that_it_moves(method, way):
    def scenario(world):
        parameters = [world.leaf(1.0), world.leaf(2.0), world.leaf(3.0)]
        optimizer = world.make(method, parameters, **way)
        gradient = torch.ones(1, dtype=torch.float64)
        world.give(parameters, [gradient, gradient, None])
        before = [raw(each)._version for each in parameters]
        places = [raw(each).data_ptr() for each in parameters]
        optimizer.step()
        after = [raw(each)._version for each in parameters]
        stays = [raw(each).data_ptr() for each in parameters] == places
        return stays, [new > old for old, new in zip(before, after, strict=True)]

    assert compare(scenario, WORLDS) == (True, [True, True, False])


@pytest.mark.parametrize("method", METHODS)
def test_gradients_stay_as_they_are(method):
    """Also with maximize and weight decay, which compute with them."""

    def scenario(world):
        parameters = [world.leaf(1.0), world.leaf(2.0)]
        world.give(parameters, [torch.ones(1, dtype=torch.float64)] * 2)
        options = taken(method, weight_decay=0.1, maximize=True)
        world.make(method, parameters, **options).step()
        return [each.grad for each in parameters]

    assert compare(scenario, WORLDS) == [[1.0], [1.0]]
