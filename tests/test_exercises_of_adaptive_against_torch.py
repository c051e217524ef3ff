"""The worked solutions of chapter 07 are right because PyTorch says so."""

from functools import partial

import pytest
import torch

from helpers.exercises.chapter_07 import (
    adam_step,
    corrected,
    cycle,
    first_step,
    rmsprop_step,
    walking,
)

START = (1.0, -2.0, 0.5)


def theirs(kind, gradients, **options):
    """Places after each of torch's steps, and its last state."""
    p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer, places = kind([p], **options), []
    for gradient in gradients:
        p.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        places.append(p.detach().clone())
    return torch.stack(places), optimizer.state[p]


@pytest.mark.parametrize("name", first_step.FIRST)
def test_first_steps_are_torchs(name):
    p = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    p.grad = torch.full_like(p, 250.0)
    getattr(torch.optim, name)([p], lr=0.1).step()
    assert -p.item() == pytest.approx(first_step.FIRST[name], rel=1e-6)


@pytest.mark.parametrize("options", [case[1] for case in rmsprop_step.EXERCISE.cases()])
def test_rmsprop_is_torchs(options):
    found = walking.walk(rmsprop_step.rmsprop_step, walking.GRADIENTS, START, **options)
    places, state = theirs(torch.optim.RMSprop, walking.GRADIENTS, **options)
    assert torch.allclose(found["places"], places)
    assert torch.allclose(found["state"]["square"], state["square_avg"])


@pytest.mark.parametrize("decoupled", [False, True])
@pytest.mark.parametrize("weight_decay", [0.0, 0.5])
def test_adam_is_torchs(decoupled, weight_decay):
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    options = {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-3}
    options["weight_decay"] = weight_decay
    places, state = theirs(kind, walking.GRADIENTS, **options)
    found = walking.walk(
        partial(adam_step.adam_step, decoupled=decoupled),
        walking.GRADIENTS,
        START,
        **options,
    )
    assert found["gradients"] and torch.allclose(found["places"], places)
    for name in ("step", "exp_avg", "exp_avg_sq"):
        assert found["state"][name] == pytest.approx(state[name])


@pytest.mark.parametrize("mean, start, beta, step", corrected.EXERCISE.cases())
def test_the_correction_undoes_the_averaging(mean, start, beta, step):
    gradient, rebuilt = corrected.corrected(mean, start, beta, step), start
    for _ in range(step):
        rebuilt = beta * rebuilt + (1 - beta) * gradient
    assert rebuilt == pytest.approx(mean)


@pytest.mark.parametrize("amsgrad", [False, True])
def test_the_misleading_cycle_misleads_torchs_adam(amsgrad):
    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    betas = cycle.BETA1, cycle.BETA2
    optimizer = torch.optim.Adam([x], lr=cycle.LR, betas=betas, amsgrad=amsgrad)
    places = []
    for step in range(cycle.STEPS):
        x.grad = torch.full_like(x, cycle.CYCLE[step % len(cycle.CYCLE)])
        optimizer.step()
        x.data.clamp_(-1, 1)
        places.append(x.item())
    count = len(cycle.CYCLE)
    end = sum(places[-count:]) / count
    assert end == pytest.approx(cycle.last_mean(cycle.CYCLE, amsgrad), abs=1e-6)
    assert (end > 0) != amsgrad
