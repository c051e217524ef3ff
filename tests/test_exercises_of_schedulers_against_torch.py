"""The worked solutions of chapter 09 are right because PyTorch says so."""

import pytest
import torch

from helpers.exercises.chapter_09 import (
    e1_read_off,
    e2_warmup_cosine,
    e3_factor,
    e4_plateau,
    e5_only_the_count,
)
from tests.optim.schedules import optimizer_of

schedulers = torch.optim.lr_scheduler
PER_EPOCH, PER_BATCH = 1, 10  # calls for each epoch of ten batches


def rate_after(calls, *parts, lr=0.1):
    """The rate of an optimizer after some steps of each of its schedulers."""
    optimizer = optimizer_of(torch.optim, lr=lr)
    built = [part(optimizer) for part in parts]
    for _ in range(calls):
        optimizer.step()
        for scheduler in built:
            scheduler.step()
    return optimizer.param_groups[0]["lr"]


def falls(optimizer):
    return schedulers.StepLR(optimizer, 5, gamma=0.1)


def edited_in_epoch_2():
    optimizer = optimizer_of(torch.optim, lr=0.1)
    scheduler = schedulers.LambdaLR(optimizer, lambda epoch: 0.5**epoch)
    for epoch in range(3):
        if epoch == 2:
            optimizer.param_groups[0]["lr"] = 0.01
        optimizer.step()
        scheduler.step()
    return optimizer.param_groups[0]["lr"]


def test_the_rates_are_read_off_as_torch_has_them():
    def cosine(optimizer):
        return schedulers.CosineAnnealingLR(optimizer, T_max=20)

    found = {
        "a": rate_after(15 * PER_EPOCH, falls),
        "b": rate_after(1 * PER_BATCH - 1, falls),
        "c": rate_after(4 * PER_EPOCH + 1, falls),
        "d": rate_after(4 * PER_BATCH, cosine),
        "e": rate_after(5 * PER_EPOCH, falls, falls),
        "f": edited_in_epoch_2(),
    }
    assert found == pytest.approx(e1_read_off.RATES)


@pytest.mark.parametrize("warmup, total", [(4, 12), (10, 100), (2, 50)])
def test_warmup_and_cosine_are_two_of_torchs_in_a_row(warmup, total):
    def row(optimizer):
        rise = schedulers.LinearLR(optimizer, 1 / warmup, total_iters=warmup - 1)
        fall = schedulers.CosineAnnealingLR(optimizer, total - warmup, eta_min=0.05)
        return schedulers.SequentialLR(optimizer, [rise, fall], [warmup])

    for step in range(total + 1):
        found = e2_warmup_cosine.rate(step, warmup, total, 0.6, 0.05)
        assert found == pytest.approx(rate_after(step, row, lr=0.6))


@pytest.mark.parametrize("total, power", e3_factor.EXERCISE.cases())
def test_factors_make_a_polynomial(total, power):
    def multiplied(optimizer):
        return schedulers.MultiplicativeLR(
            optimizer, lambda epoch: e3_factor.factor(epoch, total, power)
        )

    def polynomial(optimizer):
        return schedulers.PolynomialLR(optimizer, total, power=power)

    for epoch in range(total + 3):
        found, expected = (rate_after(epoch, kind) for kind in (multiplied, polynomial))
        assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("case", e4_plateau.EXERCISE.cases())
def test_the_plateau_is_torchs(case):
    losses, lr, factor, patience, cooldown = case
    optimizer = optimizer_of(torch.optim, lr=lr)
    scheduler = schedulers.ReduceLROnPlateau(
        optimizer, factor=factor, patience=patience, cooldown=cooldown, threshold=0
    )
    rates = []
    for loss in losses:
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    assert e4_plateau.plateau(*case) == pytest.approx(rates)


@pytest.mark.parametrize("shape, done", e5_only_the_count.EXERCISE.cases())
def test_a_resumed_run_goes_on_as_one_that_never_stopped(shape, done):
    optimizer = e5_only_the_count._new(lr=0.4)
    function = e5_only_the_count.SHAPES[shape]
    scheduler = schedulers.LambdaLR(optimizer, function)
    whole = e5_only_the_count._go(optimizer, scheduler, done + 5)
    found = e5_only_the_count._after(e5_only_the_count.resume, shape, done)
    assert found == whole[done:]
