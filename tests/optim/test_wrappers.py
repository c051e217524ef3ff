"""Wrappers of optimizers, as libraries write them: small ones, which need no library.

The libraries themselves are in `test_real_libraries.py`.
"""

import copy
import io
from functools import partial, wraps

import pytest
import torch

from tests.engines import compare, raw, warnings_of
from tests.optim.optimizers import METHODS, UNCOPIED, WORLDS
from tests.optim.test_services_of_torch import net

ON_PARAMETERS = WORLDS[:2]  # these wrappers are torch.optim.Optimizer's


class Lookahead(torch.optim.Optimizer):
    """Slow weights in the state of the optimizer inside, whose groups it shares."""

    def __init__(self, inner, alpha=0.5, k=2):
        self._optimizer_step_pre_hooks = {}
        self._optimizer_step_post_hooks = {}
        self.inner, self.state = inner, inner.state
        self.param_groups = inner.param_groups
        self.defaults = {**inner.defaults, "alpha": alpha, "k": k, "since": 0}
        for group in self.param_groups:
            group.update(alpha=alpha, k=k, since=0)

    @torch.no_grad()
    def step(self, closure=None):
        loss = self.inner.step(closure)
        for group in self.param_groups:
            group["since"] += 1
            if group["since"] % group["k"] == 0:
                self.pull(group)
        return loss

    def pull(self, group):
        for each in group["params"]:
            state = self.state[each]
            slow = state.setdefault("slow", each.detach().clone())
            slow.lerp_(each, group["alpha"])
            each.copy_(slow)

    def state_dict(self):
        return self.inner.state_dict()

    def load_state_dict(self, state_dict):
        self.inner.load_state_dict(state_dict)
        self.param_groups, self.state = self.inner.param_groups, self.inner.state


class Averaging(torch.optim.Optimizer):
    """The base moves "z", the model holds a mean of it: schedule-free, in short."""

    def __init__(self, base, beta=0.9):
        self.base, self.beta, self.count = base, beta, 0
        self._optimizer_step_pre_hooks = {}
        self._optimizer_step_post_hooks = {}

    param_groups = property(lambda self: self.base.param_groups)
    state = property(lambda self: self.base.state)

    @torch.no_grad()
    def step(self, closure=None):
        parameters = [p for group in self.param_groups for p in group["params"]]
        means = [each.clone() for each in parameters]
        for each in parameters:
            each.copy_(self.state[each].get("z", each))
        self.base.step(closure)
        self.count += 1
        for each, mean in zip(parameters, means, strict=True):
            self.state[each]["z"] = each.clone()
            each.copy_(mean.lerp(each, 1 / (self.count + 1)))

    def state_dict(self):
        return {**self.base.state_dict(), "count": self.count}

    def load_state_dict(self, state_dict):
        self.count = state_dict["count"]
        self.base.load_state_dict(state_dict)


class Delegating(torch.optim.Optimizer):
    """Everything is handed on, and a step may be skipped: as Accelerate has it."""

    def __init__(self, optimizer):
        self.optimizer, self.skipped, self.called = optimizer, False, 0
        self.optimizer.step = self.watched(self.optimizer.step)

    def watched(self, method):
        @wraps(method)
        def step(*args, **kwargs):
            self.called += 1
            return method(*args, **kwargs)

        return step

    param_groups = property(lambda self: self.optimizer.param_groups)
    state = property(lambda self: self.optimizer.state)
    defaults = property(lambda self: self.optimizer.defaults)

    def zero_grad(self, set_to_none=None):
        self.optimizer.zero_grad(True if set_to_none is None else set_to_none)

    def step(self, closure=None):
        if not self.skipped:
            self.optimizer.step(closure)

    def state_dict(self):
        return self.optimizer.state_dict()

    def load_state_dict(self, state_dict):
        self.optimizer.load_state_dict(state_dict)


def with_its_methods(optimizer):
    """A copy of an optimizer in a class of its own: as Lightning has it."""
    kind = type(optimizer)
    copied = object.__new__(type(f"Light{kind.__name__}", (Light, kind), {}))
    copied.__dict__.update(optimizer.__dict__)
    copied.inner = optimizer
    return copied


class Light:
    """Steps go to the optimizer inside, with a closure that does nothing by default."""

    def step(self, closure=None):
        return self.inner.step(closure=closure or (lambda: None))


WRAPPERS = {
    "Lookahead": Lookahead,
    "averaging": Averaging,
    "delegating": Delegating,
    "copied": with_its_methods,
    "two deep": lambda optimizer: Delegating(Lookahead(optimizer)),
}
ALL_WRAPPERS = pytest.mark.parametrize("wrap", WRAPPERS)
NAMES = pytest.mark.parametrize("method", METHODS)


def begun(world, wrap, method, model):
    """A wrapper around an optimizer of a model, with a schedule."""
    options = {"momentum": 0.9} if method == "SGD" else {}
    inner = world.make(method, model.parameters(), lr=0.05, **options)
    schedule = torch.optim.lr_scheduler.StepLR(inner, 2, 0.5)
    wrapper = WRAPPERS[wrap](inner)
    is_optimizer = isinstance(wrapper, torch.optim.Optimizer)
    assert is_optimizer and len(wrapper.param_groups) == 1
    return wrapper, schedule


def train(model, optimizer, schedule, steps=4):
    for _ in range(steps):
        model.zero_grad()
        model(torch.ones(4, 2)).square().mean().backward()
        optimizer.step()
        schedule.step()


@NAMES
@ALL_WRAPPERS
def test_a_wrapped_run_is_saved_and_resumed(wrap, method):
    def run(world):
        model, other = net(), net()
        optimizer, schedule = begun(world, wrap, method, model)
        words = warnings_of(partial(train, model, optimizer, schedule))
        file = io.BytesIO()
        torch.save([model.state_dict(), optimizer.state_dict()], file)
        file.seek(0)
        weights, saved = torch.load(file, weights_only=True)
        other.load_state_dict(weights)
        taker, schedule = begun(world, wrap, method, other)
        taker.load_state_dict(saved)
        train(other, taker, schedule)
        assert words == []
        return torch.cat([raw(each).flatten() for each in other.parameters()])

    there, ours = map(run, ON_PARAMETERS)
    torch.testing.assert_close(ours, there)


@NAMES
@pytest.mark.parametrize("wrap", ["Lookahead", "averaging"])
def test_a_wrapped_optimizer_is_copied(wrap, method):
    """deepcopy, of the model and the optimizer together."""
    if method in UNCOPIED:
        pytest.skip(f"a copy of this PyTorch's {method} can't step")

    def run(world):
        model = net()
        optimizer, schedule = begun(world, wrap, method, model)
        train(model, optimizer, schedule)
        inner = getattr(optimizer, "inner", None) or optimizer.base
        twin, other = copy.deepcopy((model, inner))
        other.step()
        return torch.cat([raw(each).flatten() for each in twin.parameters()])

    there, ours = map(run, ON_PARAMETERS)
    torch.testing.assert_close(ours, there)


@NAMES
@pytest.mark.parametrize("overflow", [False, True])
def test_a_scaled_step_of_a_wrapper(method, overflow):
    def scenario(world):
        weight = torch.nn.Parameter(torch.ones(2))
        optimizer = Delegating(world.make(method, [weight], lr=0.1, foreach=False))
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
        loss = (weight * 3).sum() * (float("inf") if overflow else 1.0)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        return weight, scaler.get_scale(), optimizer.called

    assert compare(scenario, ON_PARAMETERS)[2] == (0 if overflow else 1)
