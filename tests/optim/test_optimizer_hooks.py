"""Hooks around steps: when, in what order, with what arguments."""

from importlib import import_module

import pytest
import torch

from helpers import optim
from tests.engines import compare
from tests.optim.optimizers import OUR_WORLDS, TORCHS, WORLDS, raised_by

torchs_optimizer = import_module("torch.optim.optimizer")  # no attribute of its package
EVENTS = ["state_dict", "load_state_dict"]


def everywhere(world, when):
    """The function that registers a hook for every optimizer of a world."""
    place = torchs_optimizer if world is TORCHS else optim
    return getattr(place, f"register_optimizer_step_{when}_hook")


def ready(world, method="SGD", **options):
    """A parameter with a gradient, and its optimizer."""
    parameter = world.leaf(1.0)
    optimizer = world.make(method, [parameter], lr=0.5, **options)
    world.give([parameter], [torch.ones(1, dtype=torch.float64)])
    return parameter, optimizer


def note(log, name, parameter=None):
    """A hook that writes down its name, and where the parameter is."""

    def hook(*given):
        log.append((name, parameter.tolist()) if parameter is not None else name)

    return hook


def test_hooks_of_every_optimizer_stand_outside():
    def scenario(world):
        parameter, optimizer = ready(world)
        log = []
        for name in ("first", "second"):
            optimizer.register_step_pre_hook(note(log, f"own pre {name}", parameter))
            optimizer.register_step_post_hook(note(log, f"own post {name}", parameter))
        handles = [
            everywhere(world, when)(note(log, f"every {when}", parameter))
            for when in ("pre", "post")
        ]
        optimizer.step()
        for handle in handles:
            handle.remove()
        optimizer.step()
        return log

    log = compare(scenario, WORLDS)
    names = [name for name, _ in log]
    assert names[0] == "every pre" and names[5] == "every post"
    assert not any(name.startswith("every") for name in names[6:])
    assert log[0][1] == [1.0] and log[5][1] == [0.5]


@pytest.mark.parametrize("by_name", [True, False])
def test_step_hooks_are_given_optimizer_and_arguments(by_name):
    def scenario(world):
        _, optimizer = ready(world)
        seen = []

        def closure():
            return 3.0

        def hook(given, args, kwargs):
            args = ["self" if each is optimizer else each is closure for each in args]
            seen.append((given is optimizer, args, list(kwargs)))

        optimizer.register_step_pre_hook(hook)
        optimizer.register_step_post_hook(hook)
        result = optimizer.step(closure=closure) if by_name else optimizer.step(closure)
        return seen, result

    assert compare(scenario, WORLDS)[1] == 3.0


def test_a_pre_hook_can_replace_the_arguments():
    def scenario(world):
        _, optimizer = ready(world)
        optimizer.register_step_pre_hook(
            lambda given, args, kwargs: ((*args, lambda: 7.0), {})
        )
        optimizer.register_step_pre_hook(
            lambda given, args, kwargs: (args[:-1], {"closure": lambda: 1 + args[-1]()})
        )
        return optimizer.step()

    assert compare(scenario, WORLDS) == 8.0


@pytest.mark.parametrize("answer", [3, (1, 2, 3), [1, 2]])
def test_other_answers_of_a_pre_hook_are_refused(answer):
    def scenario(world):
        parameter, optimizer = ready(world)
        optimizer.register_step_pre_hook(lambda *given: answer)
        error = raised_by(optimizer.step)
        assert "must return None or a tuple of (new_args, new_kwargs)" in str(error)
        assert repr(answer) in str(error)
        return type(error), parameter

    compare(scenario, WORLDS)


def test_a_hook_can_change_the_rate_and_the_gradient():
    def scenario(world):
        parameter, optimizer = ready(world)

        def halve(given, args, kwargs):
            given.param_groups[0]["lr"] /= 2

        optimizer.register_step_pre_hook(halve)
        optimizer.step()
        return parameter, optimizer.param_groups[0]["lr"]

    assert compare(scenario, WORLDS)[1] == 0.25


def own_step(world):
    """A subclass that overrides step and doesn't call ours."""

    class Sign(world.optim.Optimizer):
        def __init__(self, params):
            super().__init__(params, {"lr": 1.0})

        def step(self, closure=None, factor=1):
            for group in self.param_groups:
                for each in group["params"]:
                    each.data -= factor * group["lr"] * each.grad.data.sign()
            return closure() if closure else None

    return Sign


def test_a_step_of_ones_own_has_hooks():
    def scenario(world):
        parameter, log = world.leaf(1.0), []
        optimizer = own_step(world)([parameter])
        world.give([parameter], [torch.ones(1, dtype=torch.float64)])
        optimizer.register_step_pre_hook(note(log, "pre", parameter))
        optimizer.register_step_post_hook(note(log, "post", parameter))
        return optimizer.step(lambda: 2.0, factor=3), log

    assert compare(scenario, WORLDS) == (2.0, [("pre", [1.0]), ("post", [-2.0])])


def test_a_step_that_calls_the_inherited_one_has_hooks():
    """As often as torch's: around the outer step, and around the inner one."""

    def scenario(world):
        class Twice(world.optim.SGD):
            def step(self, closure=None):
                super().step()
                return super().step(closure)

        ready(world)[1].step()  # torch hooks a class when its first object is made
        parameter, log = world.leaf(1.0), []
        optimizer = Twice([parameter], lr=0.25)
        world.give([parameter], [torch.ones(1, dtype=torch.float64)])
        optimizer.register_step_pre_hook(note(log, "pre", parameter))
        optimizer.register_step_post_hook(note(log, "post", parameter))
        optimizer.step()
        return parameter, log

    assert len(compare(scenario, WORLDS)[1]) == 6


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
def test_what_can_not_be_called_is_no_hook(world):
    """torch takes it, and fails at the step."""
    _, optimizer = ready(world)
    error = raised_by(optimizer.register_step_pre_hook, 3)
    assert isinstance(error, TypeError)
    for part in ("hook = 3 of type int", "can't be called", "pass a function"):
        assert part in str(error)
    optimizer.step()
