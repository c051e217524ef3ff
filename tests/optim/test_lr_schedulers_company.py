"""Schedulers among optimizers, hooks, copies and each other."""

import copy
import gc
import pickle
import weakref

import pytest
import torch

from helpers import optim
from tests.engines import caught_warnings, warnings_of
from tests.optim.schedules import (
    CONSTANT,
    CYCLE,
    DECAY,
    FALLS,
    LAMBDA,
    OURS,
    RECIPES,
    RESTARTS,
    TORCHS,
    WARMUP,
    optimizer_of,
    part,
    run,
    take_step,
    together,
    wave,
)

schedulers = optim.lr_scheduler
EARLY = "Detected call of `lr_scheduler.step()` before `optimizer.step()`"
LIBRARIES = [torch.optim, optim]
each_library = pytest.mark.parametrize("library", LIBRARIES, ids=["torch", "ours"])
each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=str)


def rates_of(optimizer, scheduler, steps):
    """The first group's rate before the first step and after each."""
    return [groups[0][0] for groups in run(optimizer, scheduler, steps)]


@each_library
def test_the_wrong_order_is_warned_of_once(library):
    optimizer = optimizer_of(library)
    scheduler = schedulers.ExponentialLR(optimizer, 0.9)
    (warning,) = caught_warnings(scheduler.step)
    assert warning.category is UserWarning and EARLY in str(warning.message)
    assert warning.filename == __file__ or "engines" in warning.filename
    assert "a GradScaler" in str(warning.message)
    assert warnings_of(scheduler.step) == []


@each_library
def test_the_right_order_is_not_warned_of(library):
    optimizer = optimizer_of(library)
    scheduler = schedulers.CosineAnnealingWarmRestarts(optimizer, 5)
    assert warnings_of(lambda: take_step(optimizer, scheduler, 0)) == []
    resumed = schedulers.ExponentialLR(optimizer_of(library), 0.9)
    resumed.load_state_dict(schedulers.ExponentialLR(optimizer, 0.9).state_dict())
    assert EARLY in warnings_of(resumed.step)[0]
    resumed.load_state_dict({**resumed.state_dict(), "_step_count": 7})
    assert warnings_of(resumed.step) == []


@each_library
def test_nothing_is_said_where_nothing_is_known(library):
    """A step that was replaced from outside may or may not have run."""
    optimizer = optimizer_of(library)
    scheduler = schedulers.ExponentialLR(optimizer, 0.9)
    optimizer.step = lambda: None
    optimizer.step()
    assert warnings_of(scheduler.step) == []


@each_library
def test_step_is_not_replaced_and_one_hook_serves_all(library):
    optimizer = optimizer_of(library)
    before = optimizer.step
    for _ in range(3):
        schedulers.ExponentialLR(optimizer, 0.9)
    assert optimizer.step == before and "step" not in vars(optimizer)
    assert len(optimizer._optimizer_step_post_hooks) == 1


@each_library
def test_neither_keeps_the_other_alive(library):
    optimizer = optimizer_of(library)
    scheduler = schedulers.StepLR(optimizer, 3)
    gc.disable()
    try:
        gone = weakref.ref(scheduler)
        del scheduler
        assert gone() is None
        gone = weakref.ref(optimizer)
        del optimizer
        assert gone() is None
    finally:
        gc.enable()


@each_library
@pytest.mark.parametrize(
    "how", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
@each_recipe
def test_copies_go_on_by_themselves(recipe, how, library):
    optimizer = optimizer_of(library, groups=2)
    scheduler = recipe.build(OURS, optimizer)
    run(optimizer, scheduler, 7)
    twin = how(scheduler)
    assert twin.optimizer is not optimizer
    seen = warnings_of(lambda: take_step(twin.optimizer, twin, 7))
    assert not any(EARLY in each for each in seen)
    take_step(optimizer, scheduler, 7)
    rest = run(optimizer, scheduler, 20, begin=8)
    assert run(twin.optimizer, twin, 20, begin=8) == rest


def test_a_copy_made_between_the_two_steps_is_not_warned_of():
    optimizer = optimizer_of(optim)
    scheduler = schedulers.StepLR(optimizer, 3)
    optimizer.step()
    assert warnings_of(copy.deepcopy(scheduler).step) == []


@each_library
@each_recipe
def test_a_tensor_rate_is_changed_in_place_and_shared_with_nobody(recipe, library):
    rate = torch.tensor(0.25)
    weight = torch.nn.Parameter(torch.ones(1))
    optimizer = library.SGD([weight], lr=rate, momentum=0.5, foreach=False)
    scheduler = recipe.build(OURS, optimizer)
    initial = copy.deepcopy(optimizer.param_groups[0].get("initial_lr"))
    bases = [float(each) for each in getattr(scheduler, "base_lrs", [])]
    run(optimizer, scheduler, 5)
    group = optimizer.param_groups[0]
    assert group["lr"] is rate
    assert group.get("initial_lr") == initial
    assert [float(each) for each in getattr(scheduler, "base_lrs", [])] == bases
    scheduler.get_last_lr()[0] *= 0
    assert scheduler.get_last_lr()[0] == rate


def two_groups_of_one_rate(library, rate):
    """An optimizer of two groups that were given no rate of their own."""
    groups = [{"params": [torch.nn.Parameter(torch.ones(1))]} for _ in range(2)]
    return library.SGD(groups, lr=rate, momentum=0.5, foreach=False)


@each_library
@each_recipe
def test_groups_that_hold_one_tensor_follow_the_schedule_once(recipe, library):
    """The same rates as with a number: no group writes into the other's tensor."""
    histories = []
    for rate in (0.25, torch.tensor(0.25, dtype=torch.float64)):
        optimizer = two_groups_of_one_rate(library, rate)
        record = run(optimizer, recipe.build(OURS, optimizer), 12)
        histories.append([[group[0] for group in groups] for groups in record])
    for numbers, tensors in zip(*histories, strict=True):
        assert tensors == pytest.approx(numbers)


@each_library
def test_groups_that_hold_one_tensor_have_rates_of_their_own(library):
    rate = torch.tensor(1.0)
    optimizer = two_groups_of_one_rate(library, rate)
    scheduler = schedulers.LambdaLR(optimizer, [lambda t: 1.0, lambda t: 0.5**t])
    optimizer.step()
    scheduler.step()
    assert [float(each) for each in scheduler.get_last_lr()] == [1.0, 0.5]
    assert optimizer.param_groups[0]["lr"] is rate


def test_a_rate_that_requires_grad_is_scheduled():
    rate = torch.tensor(0.25, requires_grad=True)
    weight = torch.nn.Parameter(torch.ones(1))
    optimizer = optim.SGD([weight], lr=rate, foreach=False)
    schedulers.ExponentialLR(optimizer, 0.5)._update_lr()
    assert rate.item() == 0.125 and rate.requires_grad


@pytest.mark.parametrize("parts", [(LAMBDA, DECAY), (DECAY, LAMBDA), (RESTARTS, FALLS),
                                   (FALLS, RESTARTS), (CONSTANT, LAMBDA, DECAY),
                                   (DECAY, CYCLE)])  # fmt: skip
def test_a_chain_is_the_product_of_its_parts(parts):
    """torch forgets what the others have done, where one part recomputes."""
    whole = optimizer_of(optim)
    got = rates_of(whole, together(*parts)(OURS, whole), 60)
    alone = []
    for each in parts:
        optimizer = optimizer_of(optim)
        alone.append(rates_of(optimizer, each(OURS, optimizer), 60))
    for epoch, rate in enumerate(got):
        expected = 0.2
        for record, each in zip(alone, parts, strict=True):
            expected *= record[epoch] / (0.4 / 25 if each is CYCLE else 0.2)
        expected *= 0.4 / 25 / 0.2 if CYCLE in parts else 1
        assert rate == pytest.approx(expected)


def test_the_chain_of_torchs_issue_129565():
    def chain(library, optimizer):
        first = part("CosineAnnealingWarmRestarts", 50, eta_min=1e-12)
        falls = part("MultiStepLR", [1, 2, 3], gamma=0.1)
        return together(first, falls)(library, optimizer)

    theirs, ours = optimizer_of(torch.optim, lr=1.0), optimizer_of(optim, lr=1.0)
    torchs = rates_of(theirs, chain(TORCHS, theirs), 4)
    assert torchs == pytest.approx([1, 0.0999, 0.0996, 0.0991, 0.9843], abs=1e-4)
    right = [1, 0.0999, 0.00996, 0.000991, 0.000984]
    found = rates_of(ours, chain(OURS, ours), 4)
    assert found == pytest.approx(right, rel=2e-3)


def test_a_scheduler_of_no_epochs_is_skipped():
    """With milestone 0 the second one begins; torch's since 2.12."""
    optimizer, other = optimizer_of(optim), optimizer_of(optim)
    parts = [each(OURS, optimizer) for each in (DECAY, FALLS)]
    row = schedulers.SequentialLR(optimizer, parts, [0])
    assert rates_of(optimizer, row, 20) == rates_of(other, FALLS(OURS, other), 20)


def nested(library, optimizer):
    """A row in a row, in both places, and a chain."""
    first = library.SequentialLR(
        optimizer, [WARMUP(library, optimizer), DECAY(library, optimizer)], [5]
    )
    second = together(CONSTANT, DECAY)(library, optimizer)
    return library.SequentialLR(optimizer, [first, second], [9])


def test_composed_schedulers_may_be_parts():
    """torch's is an epoch ahead in the first part, and fails at the second."""
    optimizer = optimizer_of(optim)
    found = rates_of(optimizer, nested(OURS, optimizer), 30)
    flat = optimizer_of(optim)
    parts = [each(OURS, flat) for each in (WARMUP, DECAY)]
    expected = rates_of(flat, schedulers.SequentialLR(flat, parts, [5]), 8)
    other = optimizer_of(optim)
    expected += rates_of(other, together(CONSTANT, DECAY)(OURS, other), 21)
    assert found == expected


def test_a_nested_row_goes_on_after_loading():
    optimizer = optimizer_of(optim)
    scheduler = nested(OURS, optimizer)
    run(optimizer, scheduler, 13)
    states = copy.deepcopy((optimizer.state_dict(), scheduler.state_dict()))
    expected = rates_of(optimizer, scheduler, 20)
    other = optimizer_of(optim)
    other.load_state_dict(states[0])
    again = nested(OURS, other)
    again.load_state_dict(states[1])
    assert rates_of(other, again, 20) == expected


def test_torchs_row_takes_ours_as_parts():
    records = []
    for library in (TORCHS, OURS):
        optimizer = optimizer_of(torch.optim)
        parts = [each(library, optimizer) for each in (WARMUP, RESTARTS)]
        row = torch.optim.lr_scheduler.SequentialLR(optimizer, parts, [5])
        records.append(rates_of(optimizer, row, 50))
    assert records[0] == records[1]


def test_the_row_of_torchs_issue_162591():
    """With last_epoch=N torch's begins again, at 0.1 of the rate."""

    def row(optimizer, **options):
        parts = [part("ConstantLR", 0.1, total_iters=99)(OURS, optimizer)]
        parts.append(part("ExponentialLR", 0.9)(OURS, optimizer))
        return schedulers.SequentialLR(optimizer, parts, [3], **options)

    optimizer = optimizer_of(optim)
    rates = rates_of(optimizer, row(optimizer), 10)
    for epoch in range(10):
        again = optimizer_of(optim)
        scheduler = row(again, last_epoch=epoch)
        assert scheduler.last_epoch == epoch + 1
        assert again.param_groups[0]["lr"] == rates[epoch + 1]


def test_a_group_that_is_added_later():
    optimizer = optimizer_of(optim)
    multiplying = schedulers.ExponentialLR(optimizer, 0.5)
    recomputing = schedulers.LambdaLR(optimizer_of(optim), wave)
    for each in (multiplying, recomputing):
        each.optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(1))]})
        each.optimizer.step()
    multiplying.step()
    assert multiplying.get_last_lr() == [0.1, 0.0005]
    with pytest.raises(ValueError, match="1 values of lr for 2 parameter groups"):
        recomputing.step()
    assert recomputing.last_epoch == 0


def test_trainers_take_them_for_torchs():
    optimizer = optimizer_of(optim)
    plateau = schedulers.ReduceLROnPlateau(optimizer)
    assert isinstance(plateau, torch.optim.lr_scheduler.ReduceLROnPlateau)
    one = schedulers.StepLR(optimizer, 3)
    assert isinstance(one, torch.optim.lr_scheduler.LRScheduler)


def test_get_lr_belongs_to_step():
    for recipe in RECIPES:
        if recipe.family in ("ReduceLROnPlateau", "SequentialLR", "ChainedScheduler"):
            continue
        scheduler = recipe.build(OURS, optimizer_of(optim))
        (text,) = warnings_of(scheduler.get_lr)
        assert "please use `get_last_lr()`" in text, str(recipe)


def test_a_given_epoch_is_deprecated():
    optimizer = optimizer_of(optim)
    scheduler, plateau = (
        schedulers.StepLR(optimizer, 3),
        schedulers.ReduceLROnPlateau(optimizer),
    )
    optimizer.step()
    for call in (lambda: scheduler.step(4), lambda: plateau.step(1.0, 4)):
        (warning,) = caught_warnings(call)
        assert warning.category is UserWarning
        assert "The epoch parameter in `scheduler.step()`" in str(warning.message)


def test_a_plateau_follows_groups_that_were_added():
    rates = []
    for schedulers in (torch.optim.lr_scheduler, optim.lr_scheduler):
        optimizer = optimizer_of(torch.optim)
        plateau = schedulers.ReduceLROnPlateau(optimizer, patience=0, min_lr=0.03)
        optimizer.add_param_group({"params": [torch.ones(1)], "lr": 1.0})
        for _ in range(3):
            plateau.step(1.0)
        rates.append([group["lr"] for group in optimizer.param_groups])
    assert rates[0] == rates[1] == [0.03, 0.03]


def test_a_loaded_plateau_knows_what_is_worse_and_refuses_another_mode():
    for schedulers in (torch.optim.lr_scheduler, optim.lr_scheduler):
        plateau, other = (
            schedulers.ReduceLROnPlateau(optimizer_of(torch.optim), mode=mode)
            for mode in ("min", "max")
        )
        state = other.state_dict()
        del state["mode_worse"]
        plateau.load_state_dict(state)
        assert (plateau.mode, plateau.mode_worse) == ("max", float("-inf"))
        with pytest.raises(ValueError, match="mode"):
            plateau.load_state_dict({**state, "mode": "up"})
    assert plateau.mode == "max"  # ours is as before


def test_a_cycle_begins_late_on_an_optimizer_that_knew_none():
    optimizer, other = optimizer_of(optim), optimizer_of(optim)
    run(other, CYCLE(OURS, other), 9)
    optimizer.param_groups[0]["initial_lr"] = 0.2
    late = OURS.OneCycleLR(optimizer, 0.4, total_steps=300, last_epoch=8)
    assert late.get_last_lr() == [other.param_groups[0]["lr"]]


def test_beside_a_decay_from_zero_a_cycle_has_its_own_rates():
    """Of 0 a decay makes 0, which says nothing of its factor."""
    rates = []
    for parts in ((CYCLE,), (DECAY, CYCLE)):
        optimizer = optimizer_of(optim, lr=0.0)
        together = OURS.ChainedScheduler([each(OURS, optimizer) for each in parts])
        record = run(optimizer, together, 5)
        rates.append([groups[0][0] for groups in record])
    assert rates[0] == rates[1] and rates[0][0] > 0
