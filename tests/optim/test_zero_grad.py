"""What `zero_grad` does to gradients, and what happens without it."""

import pytest

from tests.engines import compare, raw
from tests.optim.optimizers import WORLDS
from tests.optim.test_parameter_groups import two


def test_zero_grad_lets_go():
    def scenario(world):
        parameters = two(world)
        optimizer = world.make("SGD", [{"params": each} for each in parameters])
        result = optimizer.zero_grad()
        optimizer.zero_grad()
        return result, [each.grad for each in parameters]

    assert compare(scenario, WORLDS) == (None, [None, None])


def test_zero_grad_can_fill_with_zeros_where_they_are():
    def scenario(world):
        parameters = [*two(world), world.leaf(3.0)]
        optimizer = world.make("SGD", parameters)
        before = [each.grad for each in parameters]
        views = [raw(each) for each in before[:2]]
        optimizer.zero_grad(set_to_none=False)
        same = [each.grad is old for each, old in zip(parameters, before, strict=True)]
        return same[2], views, [each.grad for each in parameters]

    same, views, _ = compare(scenario, WORLDS)
    assert same and views == [[0.0], [0.0]]


@pytest.mark.filterwarnings("ignore:Using backward")  # torch's, on create_graph
@pytest.mark.parametrize("set_to_none", [True, False])
def test_zero_grad_cuts_a_gradient_from_its_graph(set_to_none):
    def scenario(world):
        parameter = world.leaf(1.0, 2.0)
        (parameter * parameter * parameter).sum().backward(create_graph=True)
        kept = parameter.grad
        had = kept.grad_fn is not None
        world.make("SGD", [parameter]).zero_grad(set_to_none=set_to_none)
        after = parameter.grad
        return had, kept.grad_fn is None, None if after is None else after.requires_grad

    had, cut, requires = compare(scenario, WORLDS)
    assert had
    assert (cut, requires) == ((False, None) if set_to_none else (True, False))


def test_gradients_add_up_until_zero_grad():
    def scenario(world):
        parameter = world.leaf(1.0, 2.0)
        optimizer = world.make("SGD", [parameter], lr=0.1)
        seen = []
        for _ in range(2):
            for _ in range(2):
                (parameter * parameter).sum().backward()
            seen.append(raw(parameter.grad).tolist())
            optimizer.step()
            optimizer.zero_grad()
        return seen, parameter

    assert compare(scenario, WORLDS)[0][0] == [4.0, 8.0]
