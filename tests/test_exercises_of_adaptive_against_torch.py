"""The worked solutions of chapter 07 are right because PyTorch says so."""

from functools import partial
from itertools import cycle, islice

import pytest
import torch

from helpers.exercises.chapter_07 import (
    e1_first_step,
    e2_corrected,
    e4_cycle,
)
from helpers.exercises.chapter_07.e3_adam_step import exercise as e3_adam_step
from helpers.exercises.chapter_07.e3_adam_step import walk as steps_of
from tests.exercise_walks import parameter, walk

START = (1.0, -2.0, 0.5)


def theirs(kind, **options):
    """Places after each of torch's steps, and its last state."""
    p = parameter(*START)
    optimizer = kind([p], **options)
    places = list(walk(optimizer, p, steps_of.GRADIENTS))
    return torch.tensor(places, dtype=p.dtype), optimizer.state[p]


@pytest.mark.parametrize("name", e1_first_step.FIRST)
def test_first_steps_are_torchs(name):
    p = parameter(0.0)
    (place,) = walk(getattr(torch.optim, name)([p], lr=0.1), p, [250.0])
    assert -place[0] == pytest.approx(e1_first_step.FIRST[name], rel=1e-6)


@pytest.mark.parametrize("decoupled", [False, True])
@pytest.mark.parametrize("weight_decay", [0.0, 0.5])
def test_adam_is_torchs(decoupled, weight_decay):
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    options = {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-3}
    options["weight_decay"] = weight_decay
    places, state = theirs(kind, **options)
    found = steps_of.walk(
        partial(e3_adam_step.adam_step, decoupled=decoupled),
        steps_of.GRADIENTS,
        START,
        **options,
    )
    assert found["gradients"] and torch.allclose(found["places"], places)
    for name in ("step", "exp_avg", "exp_avg_sq"):
        assert found["state"][name] == pytest.approx(state[name])


@pytest.mark.parametrize("mean, start, beta, step", e2_corrected.EXERCISE.cases())
def test_the_correction_undoes_the_averaging(mean, start, beta, step):
    gradient, rebuilt = e2_corrected.corrected(mean, start, beta, step), start
    for _ in range(step):
        rebuilt = beta * rebuilt + (1 - beta) * gradient
    assert rebuilt == pytest.approx(mean)


@pytest.mark.parametrize("amsgrad", [False, True])
def test_the_misleading_cycle_misleads_torchs_adam(amsgrad):
    x = parameter(0.0)
    betas = e4_cycle.BETA1, e4_cycle.BETA2
    optimizer = torch.optim.Adam([x], lr=e4_cycle.LR, betas=betas, amsgrad=amsgrad)
    places, gradients = [], cycle(e4_cycle.CYCLE)
    for _ in walk(optimizer, x, islice(gradients, e4_cycle.STEPS)):
        x.data.clamp_(-1, 1)
        places.append(x.item())
    count = len(e4_cycle.CYCLE)
    end = sum(places[-count:]) / count
    assert end == pytest.approx(e4_cycle.last_mean(e4_cycle.CYCLE, amsgrad), abs=1e-6)
    assert (end > 0) != amsgrad
