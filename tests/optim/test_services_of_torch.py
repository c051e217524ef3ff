"""What torch's base class does for each optimizer, ours does too.

Hooks of every optimizer, names in a profile, private names that wrappers look for,
subclasses written for torch's base class, and torch's own wrappers.
"""

import copy
from importlib import import_module

import pytest
import torch
from torch.distributed.checkpoint.state_dict import (
    get_optimizer_state_dict,
    set_optimizer_state_dict,
)
from torch.distributed.optim import _apply_optimizer_in_backward, _NamedOptimizer

from tests.engines import compare, raw
from tests.optim.optimizers import METHODS, TORCHS, WORLDS, raised_by
from tests.optim.test_optimizer_hooks import note, ready

torchs_optimizer = import_module("torch.optim.optimizer")  # no attribute of its package
ON_PARAMETERS = WORLDS[:2]


def net():
    torch.manual_seed(0)
    layers = torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1)
    return torch.nn.Sequential(*layers)


def train(model, optimizer, steps=3):
    """The parameters after some steps."""
    for _ in range(steps):
        model.zero_grad()
        model(torch.ones(4, 2)).square().mean().backward()
        optimizer.step()
    return [raw(each).clone() for each in model.parameters()]


def test_torchs_hooks_of_every_optimizer_stand_outside_of_all():
    def scenario(world):
        parameter, optimizer = ready(world)
        log = []
        handles = [
            getattr(torchs_optimizer, f"register_optimizer_step_{when}_hook")(
                note(log, f"every {when}", parameter)
            )
            for when in ("pre", "post")
        ]
        optimizer.register_step_pre_hook(note(log, "own pre", parameter))
        optimizer.register_step_post_hook(note(log, "own post", parameter))
        optimizer.step()
        for handle in handles:
            handle.remove()
        optimizer.step()
        return [log[:4], [name for name, _ in log[4:]]]

    first, second = compare(scenario, WORLDS)
    names = [name for name, _ in first]
    assert names == ["every pre", "own pre", "own post", "every post"]
    assert second == ["own pre", "own post"]


def test_torchs_hook_of_every_optimizer_can_replace_the_arguments():
    def scenario(world):
        _, optimizer = ready(world)
        handle = torchs_optimizer.register_optimizer_step_pre_hook(
            lambda given, args, kwargs: (args, {"closure": lambda: 7.0})
        )
        result = optimizer.step()
        handle.remove()
        return result

    assert compare(scenario, WORLDS) == 7.0


def names_in_profile(function):
    """What a profiler saw of optimizers: how often, by name."""
    with torch.profiler.profile() as profile:
        function()
    events = profile.key_averages()
    return {each.key: each.count for each in events if "Optimizer." in each.key}


@pytest.mark.parametrize("method", [*METHODS, "LBFGS"])
def test_a_profiler_sees_steps_and_clearings(method):
    def scenario(world):
        parameter, optimizer = ready(world, method)
        closure = (lambda: 1.0) if method == "LBFGS" else None
        return names_in_profile(
            lambda: (optimizer.step(closure), optimizer.zero_grad())
        )

    assert compare(scenario, WORLDS) == {
        f"Optimizer.step#{method}.step": 1,
        f"Optimizer.zero_grad#{method}.zero_grad": 1,
    }


def test_a_profiler_sees_a_subclass_by_its_name():
    def scenario(world):
        class Mine(world.optim.SGD):
            def step(self, closure=None):
                return super().step(closure)

        ready(world)  # torch hooks a class when its first object is made
        optimizer = Mine([world.leaf(1.0)], lr=0.1)
        return names_in_profile(optimizer.step)

    assert list(compare(scenario, WORLDS)) == ["Optimizer.step#Mine.step"]


def test_a_profiler_that_traces_python_finds_the_groups():
    """It looks at the optimizer in a call of `_optimizer_step_code`."""

    def scenario(world):
        _, optimizer = ready(world)
        calls = []
        optimizer._optimizer_step_code = lambda: calls.append(len(optimizer.state))
        optimizer.register_step_post_hook(note(calls, "after"))
        optimizer.step()
        return calls

    assert compare(scenario, WORLDS)[-1] == "after"


def test_private_names_that_wrappers_look_for():
    def scenario(world):
        optimizer = ready(world)[1]
        names = [name for name in vars(optimizer) if name.startswith("_optimizer_")]
        return (
            sorted(names),
            optimizer._zero_grad_profile_name,
            optimizer._warned_capturable_if_run_uncaptured,
            optimizer.step.hooked,
            isinstance(optimizer, torch.optim.Optimizer),
        )

    assert len(compare(scenario, WORLDS)[0]) == 6


def test_a_step_that_is_put_into_a_class_later_gets_hooks():
    """When the next object of the class is made, as in torch."""

    def scenario(world):
        class Later(world.optim.SGD):
            pass

        log = []
        Later([world.leaf(1.0)], lr=0.5)
        Later.step = lambda self, closure=None: log.append("step")
        optimizer = Later([world.leaf(1.0)], lr=0.5)
        optimizer.register_step_pre_hook(note(log, "pre"))
        optimizer.step()
        return log

    assert compare(scenario, WORLDS) == ["pre", "step"]


def test_a_wrapper_that_skips_the_constructor():
    """It has the lists of hooks made itself, and everything else from inside."""

    def scenario(world):
        class Wrapper(world.optim.Optimizer):
            def __init__(self, inner):
                self.inner = inner
                self.defaults, self.state = inner.defaults, inner.state
                self.param_groups = inner.param_groups
                self._optimizer_step_pre_hooks = {}
                self._optimizer_step_post_hooks = {}

            def step(self, closure=None):
                return self.inner.step(closure)

        parameter, inner = ready(world)
        wrapper = Wrapper(inner)
        wrapper.step()
        wrapper.zero_grad()
        return parameter, parameter.grad, wrapper._zero_grad_profile_name

    assert compare(scenario, WORLDS)[1] is None


def test_an_option_without_default_must_be_in_each_group():
    def scenario(world):
        class Own(world.optim.Optimizer):
            def __init__(self, params, lr=torchs_optimizer.required):
                super().__init__(params, {"lr": lr})

        made = Own([{"params": world.leaf(1.0), "lr": 0.5}])
        error = raised_by(Own, [world.leaf(1.0)])
        first = str(error)[: len("parameter group didn't specify a value of required")]
        return made.param_groups[0]["lr"], type(error), first

    assert compare(scenario, WORLDS)[1] is ValueError


def test_a_method_written_for_torchs_base_class():
    """With torch's decorator, lists of its own, and `_init_group`."""

    def scenario(world):
        class Own(world.optim.Optimizer):
            def __init__(self, params, lr):
                super().__init__(params, {"lr": lr, "differentiable": False})

            def _init_group(self, group, arrays, gradients):
                for each in group["params"]:
                    if each.grad is not None:
                        arrays.append(raw(each))
                        gradients.append(raw(each.grad))

            @torchs_optimizer._use_grad_for_differentiable
            def step(self, closure=None):
                for group in self.param_groups:
                    arrays, gradients = [], []
                    self._init_group(group, arrays, gradients)
                    torch._foreach_add_(arrays, gradients, alpha=-group["lr"])

        parameter, log = world.leaf(1.0), []
        optimizer = Own([parameter], 0.5)
        optimizer.register_step_post_hook(note(log, "post"))
        world.give([parameter], [torch.ones(1, dtype=torch.float64)])
        optimizer.step()
        return parameter, log, repr(optimizer)

    assert compare(scenario, WORLDS)[:2] == ([0.5], ["post"])


@pytest.mark.parametrize("method", METHODS)
def test_torchs_checkpoints_of_whole_models(method):
    """They fill the state by a step at rate 0, and name parameters."""

    def scenario(world):
        model, other = net(), net()
        options = {"lr": 0.1, "foreach": False}
        optimizer = world.make(method, model.parameters(), **options)
        train(model, optimizer)
        saved = copy.deepcopy(get_optimizer_state_dict(model, optimizer))
        taker = world.make(method, other.parameters(), lr=0.2, foreach=False)
        set_optimizer_state_dict(other, taker, copy.deepcopy(saved))
        loaded = copy.deepcopy(get_optimizer_state_dict(other, taker))
        return saved["state"], loaded["state"], train(other, taker)

    compare(scenario, ON_PARAMETERS)


def test_torchs_optimizer_by_names():
    def scenario(world):
        model = net()
        kind, options = world.optim.SGD, {"lr": 0.1, "momentum": 0.9, "foreach": False}
        optimizer = _NamedOptimizer(model.named_parameters(), kind, **options)
        train(model, optimizer)
        optimizer.init_state()
        optimizer.load_state_dict(optimizer.state_dict())
        return optimizer.state_dict(), train(model, optimizer)

    assert "0.weight" in compare(scenario, ON_PARAMETERS)[0]["state"]


def test_torchs_steps_inside_of_backward():
    def scenario(world):
        model = net()
        _apply_optimizer_in_backward(world.optim.SGD, model.parameters(), {"lr": 0.1})
        model(torch.ones(4, 2)).square().mean().backward()
        return [raw(each) for each in model.parameters()]

    compare(scenario, ON_PARAMETERS)


def test_sums_of_adagrad_in_shared_memory():
    for world in ON_PARAMETERS:
        parameter = TORCHS.leaf(1.0)
        optimizer = world.make("Adagrad", [parameter])
        optimizer.share_memory()
        assert optimizer.state[parameter]["sum"].is_shared()
