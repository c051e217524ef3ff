"""The loop doctor reads each run by itself: sweeps, range tests, what is no search."""

from pathlib import Path

import pytest

from tests.loop.doctor_scripts import examine_source

PRELUDE = """
import torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(64, 4) * torch.tensor([1.0, 2.0, 3.0, 4.0])
y = x @ torch.randn(4, 1)

def train(optimizer, model, steps=40, schedule=None):
    for step in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        if schedule is not None:
            schedule.step()
    return loss.item()
"""


def keys(source):
    """The keys that a loop gets, after the prelude."""
    return [found.key for found in examine_source(PRELUDE + source, Path("runs.py"))]


SWEEP = """
for lr in {rates}:
    model = nn.Linear(4, 1)
    train(torch.optim.SGD(model.parameters(), lr=lr), model)
"""


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ((0.001, 0.01, 1.0), []),
        ((10.0, 1.0, 0.01), []),  # from above, until it goes well
        ((10.0, 3.0, 1.0), ["lr-too-high"]),
        ((1.0, 1.0, 1.0), ["lr-too-high"]),  # seeds
        ((0.01, 0.01, 0.01), []),
    ],
)
def test_sweep_over_rates_is_healthy_if_one_went_well(rates, expected):
    assert keys(SWEEP.format(rates=rates)) == expected


def test_run_of_the_same_rate_is_no_search():
    source = """
for steps in (1, 40):
    model = nn.Linear(4, 1)
    train(torch.optim.SGD(model.parameters(), lr=1.0), model, steps)
"""
    assert keys(source) == ["lr-too-high"]


def test_rate_of_a_later_run_elsewhere_is_found():
    source = """
model = nn.Linear(4, 1)
train(torch.optim.SGD(model.parameters(), lr=0.01), model)
model = nn.Linear(4, 1)
train(torch.optim.SGD(model.parameters(), lr=1.0), model)
"""
    assert keys(source) == ["lr-too-high"]


SCHEDULED = """
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr={lr})
schedule = torch.optim.lr_scheduler.{schedule}
train(optimizer, model, 60, schedule)
"""


@pytest.mark.parametrize(
    ("lr", "schedule", "expected"),
    [
        (1e-5, "ExponentialLR(optimizer, gamma=1.3)", []),
        (10.0, "LinearLR(optimizer, 1e-3, total_iters=60)", []),
        (10.0, "LinearLR(optimizer, 1e-3, total_iters=20)", ["lr-too-high"]),
        (0.03, "ExponentialLR(optimizer, gamma=1.08)", ["lr-too-high"]),  # 100 times
    ],
)
def test_range_test_rises_to_its_end_and_by_far(lr, schedule, expected):
    assert keys(SCHEDULED.format(lr=lr, schedule=schedule)) == expected


def test_run_that_goes_on_after_a_range_test_is_another_one():
    source = """
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
saved = {name: value.clone() for name, value in model.state_dict().items()}
schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=1.3)
train(optimizer, model, 60, schedule)
model.load_state_dict(saved)
optimizer.param_groups[0]["lr"] = RATE
train(optimizer, model)
"""
    assert keys(source.replace("RATE", "0.01")) == []
    assert keys(source.replace("RATE", "1.0")) == ["lr-too-high"]


LATER = """
model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.1), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
train(optimizer, model)
model.eval()
for step in range(10):
    attack = x.clone().requires_grad_()
    model.zero_grad()
    nn.functional.mse_loss(model(attack), y).backward()
    {then}
"""


def test_model_in_evaluation_is_trained_if_a_step_follows_in_later_steps_too():
    assert keys(LATER.format(then="pass")) == []
    assert keys(LATER.format(then="optimizer.step()")) == ["eval-mode-training"]


FOLDS = """
for fold in range(3):
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    for step in range(10):
        optimizer.zero_grad()
        distance = (model(x) - model(x).detach() * {keep}).square().sum(1).sqrt()
        distance.mean().backward()
        optimizer.step()
"""


def test_root_of_zero_is_found_in_each_fold():
    assert keys(FOLDS.format(keep=1.0)) == ["nan-math"]
    assert keys(FOLDS.format(keep=0.5)) == []


SCALED = """
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
scaler = torch.amp.GradScaler("cpu", init_scale=2.0**125)
for step in range({steps}):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y) {change}
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()
"""


def test_scaled_loss_may_overflow_and_may_not_be_nan():
    for steps in (3, 30):  # all of them overflow, or a few
        assert keys(SCALED.format(steps=steps, change="")) == []
    change = "+ torch.log(x[0, 0] * 0 - 1)"
    assert keys(SCALED.format(steps=30, change=change)) == ["nan-math"]


LEFT_OUT = """
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
for step in range(20):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y * (float("nan") if {bad} else 1.0))
    loss.backward()
    if torch.isfinite(loss) or {always}:
        optimizer.step()
"""


def test_batch_that_is_left_out_may_be_nan():
    assert keys(LEFT_OUT.format(bad="step == 7", always=False)) == []
    assert keys(LEFT_OUT.format(bad="step == 7", always=True)) == ["nan-math"]
