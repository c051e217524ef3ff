"""Closures of healthy programs: no warning where torch gives none, the same steps."""

import pytest
import torch

from helpers.autograd import Tensor
from tests.engines import compare, raw, warnings_of
from tests.optim.closure_cases import START, loss_of
from tests.optim.optimizers import WORLDS


def computed(weight, optimizer):
    """The loss, after zero_grad() and backward()."""
    optimizer.zero_grad()
    loss = loss_of(weight)
    loss.backward()
    return loss


def twice(weight, optimizer):
    """Two losses, each with a backward() of its own."""
    loss = computed(weight, optimizer)
    other = loss_of(weight) / 2
    other.backward()
    return loss + other


def accumulated(weight, optimizer):
    """Micro-batches, added to what was there before."""
    for _ in range(3):
        (loss_of(weight) / 1000).backward()


def of_other_parameters(weight, optimizer):
    """The loss of another network: this one waits for its turn."""
    optimizer.zero_grad()
    other = type(weight)(START.clone())
    other.requires_grad_(True)
    loss = loss_of(other)
    loss.backward()
    return loss


def not_finite(weight, optimizer):
    """Stops before backward(), as some do at a loss that is NaN."""
    optimizer.zero_grad()
    return loss_of(weight) * float("nan")


CONSTANT = torch.zeros(())
HEALTHY = {
    "None": lambda w, o: computed(w, o) and None,
    "float": lambda w, o: computed(w, o).item(),
    "int": lambda w, o: computed(w, o) and 1,
    "bool": lambda w, o: bool(computed(w, o)),
    "word": lambda w, o: computed(w, o) and "done",
    "tuple": lambda w, o: (computed(w, o), 3),
    "dict": lambda w, o: {"loss": computed(w, o)},
    "array": lambda w, o: raw(computed(w, o)).numpy(),
    "NumPy number": lambda w, o: raw(computed(w, o)).numpy()[()],
    "several numbers": lambda w, o: (computed(w, o), w * 2)[1],
    "complex": lambda w, o: computed(w, o) + 0j,
    "detached": lambda w, o: computed(w, o).detach(),
    "the same constant each time": lambda w, o: computed(w, o) and CONSTANT,
    "two losses": twice,
    "accumulated": accumulated,
    "skipped: None": lambda w, o: o.zero_grad(),
    "skipped: 0": lambda w, o: o.zero_grad() or 0.0,
    "skipped: zero": lambda w, o: o.zero_grad() or torch.zeros(()),
    "skipped: NaN": not_finite,
    "no gradient of its own": of_other_parameters,
}


@pytest.mark.parametrize("method", ["SGD", "Adam"])
@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_closure_is_quiet(name, method):
    def scenario(world):
        if name == "several numbers" and not world.is_torchs:
            return scenario(WORLDS[1])
        weight = world.parameter(START)
        optimizer = world.make(method, [weight], lr=0.01, foreach=False)

        def step():
            return optimizer.step(lambda: HEALTHY[name](weight, optimizer))

        assert warnings_of(lambda: [step() for _ in range(3)]) == []
        return raw(weight)

    compare(scenario, WORLDS)


@pytest.mark.parametrize("name", ["array", "NumPy number", "float", "two losses"])
def test_methods_that_need_a_number_take_one_of_numpy(name):
    def scenario(world):
        weight = world.parameter(START)
        optimizer = world.make("LBFGS", [weight], lr=0.01, max_iter=2)
        step = optimizer.step
        words = warnings_of(lambda: step(lambda: HEALTHY[name](weight, optimizer)))
        return words, raw(weight)

    there, *ours = [scenario(world) for world in WORLDS]
    for words, end in ours:
        assert words == there[0] == []
        torch.testing.assert_close(end, there[1])


def test_a_frozen_network_may_have_a_closure():
    """Its loss depends on other parameters, and its own get no gradient."""

    def scenario(world):
        frozen, free = world.parameter(START), world.parameter(START)
        frozen.requires_grad_(False)
        optimizer = world.make("SGD", [frozen], lr=0.1)

        def closure():
            loss = loss_of(frozen * free)
            loss.backward()
            return loss

        return warnings_of(lambda: optimizer.step(closure))

    assert compare(scenario, WORLDS) == []


def test_gradients_scaled_for_half_precision_with_a_closure_that_does_nothing():
    """What Lightning's manual optimization passes."""
    for world in WORLDS[:2]:
        weight = torch.nn.Parameter(START.clone())
        optimizer = world.make("SGD", [weight], lr=0.1)
        scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
        scaler.scale(loss_of(weight)).backward()
        scaler.unscale_(optimizer)
        assert warnings_of(lambda o=optimizer: o.step(lambda: None)) == []
        assert not isinstance(weight, Tensor) and not torch.equal(weight, START)
