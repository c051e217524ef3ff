"""Every family beside torch's, over 200 steps: the same rates, momenta and state."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import optim
from tests.counted import SCHEDULES
from tests.optim.schedules import (
    METHODS,
    NAMES,
    OURS,
    RECIPES,
    TORCHS,
    optimizer_of,
    run,
    state_of,
)

STEPS = 200
RATES = {
    "float": 0.2,
    "tensor": torch.tensor(0.2),
    "double": torch.tensor([0.2]).double(),
}
SETUPS = [("SGD", 1, "float")]
SETUPS += [(method, 3, "float") for method in METHODS]
SETUPS += [("SGD", 3, "tensor"), ("SGD", 1, "double")]


def test_all_of_torchs_names_are_here():
    assert set(NAMES) <= set(optim.lr_scheduler.__all__)
    assert set(torch.optim.swa_utils.__all__) <= set(optim.swa.__all__)
    assert {each.family for each in RECIPES} == {*NAMES, "SWALR"} - {"LRScheduler"}


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_rates_and_state_are_torchs(recipe, record_property):
    count = 0
    for method, groups, rate in SETUPS:
        options = dict(method=method, groups=groups, lr=RATES[rate])
        if method == "SGD" and rate != "float":
            options["foreach"] = False
        there = optimizer_of(torch.optim, **options)
        wanted = recipe.build(TORCHS, there)
        expected = run(there, wanted, STEPS)
        for library in (torch.optim, optim):
            here = optimizer_of(library, **options)
            scheduler = recipe.build(OURS, here)
            assert run(here, scheduler, STEPS) == expected
            assert state_of(scheduler) == state_of(wanted)
            assert [type(g["lr"]) for g in here.param_groups] == [
                type(g["lr"]) for g in there.param_groups
            ]
            count += 1
    record_property(SCHEDULES, count)


def same_rates(family, steps=STEPS, lr=0.2, **options):
    """Assert that a family gives torch's rates and momenta, to the last bit."""
    records = []
    for library in (TORCHS, OURS):
        optimizer = optimizer_of(torch.optim, lr=lr)
        scheduler = getattr(library, family)(optimizer, **options)
        records.append(run(optimizer, scheduler, steps))
    assert records[0] == records[1]


some = settings(max_examples=25)
rates = st.floats(1e-6, 10)
parts = st.floats(0, 1)
counts = st.integers(1, 250)


@some
@given(rates, counts, st.floats(0, 2))
def test_any_step(lr, step_size, gamma):
    same_rates("StepLR", lr=lr, step_size=step_size, gamma=gamma)
    same_rates("ExponentialLR", 50, lr=lr, gamma=gamma)


@some
@given(rates, st.lists(st.integers(0, 200), max_size=6), st.floats(0, 2))
def test_any_milestones(lr, milestones, gamma):
    same_rates("MultiStepLR", lr=lr, milestones=milestones, gamma=gamma)


@some
@given(rates, st.floats(0.01, 1), parts, counts)
def test_any_ramp(lr, start, end, total):
    same_rates("ConstantLR", lr=lr, factor=start, total_iters=total)
    linear = dict(start_factor=start, end_factor=end, total_iters=total)
    same_rates("LinearLR", lr=lr, **linear)


@some
@given(rates, counts, st.floats(0, 4), st.floats(-1, 1))
def test_any_polynomial_and_cosine(lr, total, power, eta_min):
    same_rates("PolynomialLR", lr=lr, total_iters=total, power=power)
    same_rates("CosineAnnealingLR", lr=lr, T_max=total, eta_min=eta_min)


@some
@given(rates, counts, st.integers(1, 4), st.floats(-1, 1))
def test_any_restarts(lr, first, times, eta_min):
    options = dict(T_0=first, T_mult=times, eta_min=eta_min)
    same_rates("CosineAnnealingWarmRestarts", lr=lr, **options)


@some
@given(rates, rates, counts, counts, st.sampled_from(["triangular", "exp_range"]))
def test_any_cycles(low, high, up, down, mode):
    options = dict(base_lr=low, max_lr=high, step_size_up=up, step_size_down=down)
    same_rates("CyclicLR", mode=mode, gamma=0.99, **options)


@some
@given(rates, st.integers(STEPS, 500), parts, st.sampled_from(["cos", "linear"]),
       st.booleans())  # fmt: skip
def test_any_one_cycle(high, total, start, strategy, three):
    if 0 < 2 * start * total < 2 or start * total == 1:
        return  # a way of no length: torch divides by zero
    options = dict(total_steps=total, pct_start=start, anneal_strategy=strategy)
    same_rates("OneCycleLR", max_lr=high, three_phase=three, **options)


@some
@given(rates, st.floats(0, 0.99), st.integers(0, 9), st.integers(0, 9),
       st.sampled_from(["min", "max"]), st.sampled_from(["rel", "abs"]))  # fmt: skip
def test_any_plateau(lr, factor, patience, cooldown, mode, threshold_mode):
    options = dict(factor=factor, patience=patience, cooldown=cooldown, mode=mode)
    same_rates("ReduceLROnPlateau", lr=lr, threshold_mode=threshold_mode, **options)


CLOSED = ["StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "ExponentialLR"]
CLOSED += ["PolynomialLR", "CosineAnnealingLR", "LambdaLR", "CyclicLR", "OneCycleLR"]
CLOSED += ["CosineAnnealingWarmRestarts"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "recipe", [each for each in RECIPES if each.family in CLOSED], ids=str
)
def test_a_given_epoch_is_torchs(recipe):
    schedulers = [
        recipe.build(library, optimizer_of(torch.optim)) for library in (TORCHS, OURS)
    ]
    for epoch in (5, 3, None, None, 0, 40, None):
        for each in schedulers:
            each.step() if epoch is None else each.step(epoch)
        theirs, ours = (each.get_last_lr() for each in schedulers)
        assert ours == theirs
        assert schedulers[0].last_epoch == schedulers[1].last_epoch


@pytest.mark.parametrize("times", [1, 2, 3])
def test_restarts_by_fractions_of_an_epoch_are_torchs(times):
    schedulers = [
        library.CosineAnnealingWarmRestarts(optimizer_of(torch.optim), 4, times)
        for library in (TORCHS, OURS)
    ]
    for batch in range(200):
        for each in schedulers:
            each.optimizer.step()
            each.step(batch / 7)
        theirs, ours = (each.get_last_lr()[0] for each in schedulers)
        assert math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("times", [2, 3, 5])
def test_restarts_by_epoch_are_those_step_by_step(times):
    """torch's logarithm misses the fifth restart of T_0=1, T_mult=3."""
    optimizers = [optimizer_of(torch.optim) for _ in range(2)]
    one, other = (
        optim.lr_scheduler.CosineAnnealingWarmRestarts(each, 1, times)
        for each in optimizers
    )
    for epoch in range(1, 400):
        for each in optimizers:
            each.step()
        one.step()
        other.step(epoch)
        assert one.get_last_lr() == other.get_last_lr()
        assert (one.T_cur, one.T_i) == (other.T_cur, other.T_i)
    assert one.get_last_lr()[0] > 0


@pytest.mark.parametrize("total", [1, 2, 5])
def test_a_ramp_of_no_epochs_is_over(total):
    """torch keeps the first factor for good."""
    for scheduler in (
        optim.lr_scheduler.ConstantLR(optimizer_of(optim), 0.1, total_iters=0),
        optim.lr_scheduler.LinearLR(optimizer_of(optim), 0.1, total_iters=0),
    ):
        for _ in range(total):
            assert scheduler.get_last_lr() == [0.2]
            scheduler.optimizer.step()
            scheduler.step()


def test_from_factor_zero_the_base_rate_follows():
    optimizer = optimizer_of(optim)
    scheduler = optim.lr_scheduler.ConstantLR(optimizer, 0, total_iters=2)
    record = run(optimizer, scheduler, 4)
    assert [groups[0][0] for groups in record] == [0, 0, 0.2, 0.2, 0.2]


def test_a_way_up_of_one_step_is_at_its_end():
    optimizer = optimizer_of(optim)
    options = dict(total_steps=10, pct_start=0.1)
    scheduler = optim.lr_scheduler.OneCycleLR(optimizer, 0.5, **options)
    assert scheduler.get_last_lr() == [0.5]


def test_a_family_of_ones_own():
    """Both ways to write one, alone and as a part of another."""

    class Halve(optim.lr_scheduler.ChainableScheduler):
        def step_factor(self):
            return 1 if self.last_epoch == 0 else 0.5

    class Third(optim.lr_scheduler.LRScheduler):
        def get_lr(self):
            return [base / 3**self.last_epoch for base in self.base_lrs]

    optimizer = optimizer_of(optim, lr=1.0)
    row = [Third(optimizer), Halve(optimizer)]
    scheduler = optim.lr_scheduler.SequentialLR(optimizer, row, [2])
    record = run(optimizer, scheduler, 4)
    rates = [groups[0][0] for groups in record]
    assert rates == pytest.approx([1, 1 / 3, 1, 0.5, 0.25])
