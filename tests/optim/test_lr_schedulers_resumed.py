"""A run that is resumed goes on with the same rates, in whatever order it is loaded."""

import copy
import pickle
from functools import cache

import pytest
import torch

from helpers import optim
from tests.counted import RESUMED
from tests.engines import warnings_of
from tests.optim.schedules import (
    CYCLE,
    DECAY,
    FALLS,
    LAMBDA,
    OURS,
    RECIPES,
    RESTARTS,
    TORCHS,
    WARMUP,
    Inverse,
    Recipe,
    nearly_one,
    optimizer_of,
    plain,
    present,
    run,
    together,
)

ORDERS = {
    "build, load optimizer, load scheduler": ["build", "optimizer", "scheduler"],
    "load optimizer, build, load scheduler": ["optimizer", "build", "scheduler"],
    "build, load scheduler, load optimizer": ["build", "scheduler", "optimizer"],
    "load scheduler alone": ["build", "scheduler"],
    "load optimizer, build with last_epoch": ["optimizer", "build at"],
}
AT = [1, 5, 17, 60]  # epochs after which a run is saved
AFTER = 40
# One object, by which `saved` finds what it has made.
TENSOR_RATE = dict(lr=torch.tensor(0.2), foreach=False)
FAMILIES = list(dict.fromkeys(each.family for each in RECIPES))
NO_LAST_EPOCH = ["ReduceLROnPlateau", "ChainedScheduler"]  # torch's have no such name


def new(recipe, library, optimizers, **options):
    """A new optimizer, and what builds the scheduler over it."""
    optimizer = optimizer_of(optimizers, **options)
    return optimizer, lambda **more: recipe.build(library, optimizer, **more)


@cache
def saved(recipe, library, optimizers, epochs, **options):
    """What a run saves after some epochs, and the rates and momenta that follow."""
    optimizer, build = new(recipe, library, optimizers, **options)
    scheduler = build()
    run(optimizer, scheduler, epochs)
    states = optimizer.state_dict(), scheduler.state_dict()
    states = pickle.loads(pickle.dumps(states))
    return *states, rates(run(optimizer, scheduler, AFTER, begin=epochs))


def rates(record):
    """Of a record, the rates and the momenta: parameters begin anew here."""
    return [[group[:3] for group in groups] for groups in record]


def resumed(recipe, library, optimizers, order, states, epochs, **options):
    """The rates and momenta of a run that goes on from what was saved."""
    states = copy.deepcopy(states)
    optimizer, build = new(recipe, library, optimizers, **options)
    for what in ORDERS[order]:
        if what == "build":
            scheduler = build()
        elif what == "build at":
            scheduler = build(last_epoch=epochs - 1)
        elif what == "optimizer":
            optimizer.load_state_dict(states[0])
        else:
            scheduler.load_state_dict(states[1])
    return rates(run(optimizer, scheduler, AFTER, begin=epochs))


def goes_on(recipe, library, optimizers, order, **options):
    """Whether a recipe resumes right after each number of epochs: True, False, or
    "refused" if it is said that it can't."""
    for epochs in AT:
        *states, expected = saved(recipe, library, optimizers, epochs, **options)
        given = recipe, library, optimizers, order, states, epochs
        try:
            if resumed(*given, **options) != expected:
                return False
        except ValueError as error:
            assert "Leave last_epoch out, and call load_state_dict" in str(error)
            return "refused"
    return True


# Only the optimizer is saved, and there the rate that the first part began with is
# overwritten: ours says so.
REFUSED = ["SequentialLR-decay, cycle"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("family", FAMILIES)
def test_each_order_goes_on_with_the_same_rates(family, order, record_property):
    """How many settings torch's get right is noted beside ours, for the table."""
    if "last_epoch" in order and family in NO_LAST_EPOCH:
        record_property(RESUMED, (family, order, "no such"))
        return
    recipes = [each for each in RECIPES if each.family == family]
    ours = {str(r): goes_on(r, OURS, torch.optim, order) for r in recipes}
    for name, outcome in ours.items():
        refused = "last_epoch" in order and name in REFUSED
        assert outcome == ("refused" if refused else True), name
    right = sum(outcome is True for outcome in ours.values())
    torchs = sum(goes_on(r, TORCHS, torch.optim, order) for r in recipes)
    text = f"{right}/{len(recipes)} | {torchs}/{len(recipes)}"
    record_property(RESUMED, (family, order, text))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("order", [each for each in ORDERS if "last_" not in each])
@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_our_optimizers_groups_and_tensor_rates_go_on(recipe, order):
    """Momentum and betas too, and rates that are tensors, not the same one."""
    for options in (
        dict(method="Adam", groups=2),
        dict(groups=2, **TENSOR_RATE),
    ):
        assert goes_on(recipe, OURS, optim, order, **options) is True


def other_library(recipe, source, target, order, epochs):
    """What a run saved in one library gives in the other, and what was to follow."""
    *states, expected = saved(recipe, source, torch.optim, epochs)
    return resumed(recipe, target, torch.optim, order, states, epochs), expected


@pytest.mark.parametrize("epochs", AT)
@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_files_of_torchs_load_here_and_ours_there(recipe, epochs):
    for order in ORDERS:
        if "last_epoch" not in order:
            found, expected = other_library(recipe, TORCHS, OURS, order, epochs)
            assert found == expected
    order = "build, load optimizer, load scheduler"
    found, expected = other_library(recipe, OURS, TORCHS, order, epochs)
    assert found == expected


MIXED = {
    "decay, lambda": (DECAY, LAMBDA),
    "restarts, steps": (RESTARTS, FALLS),
    "cycle, decay": (DECAY, CYCLE),
    "row, decay": (lambda lib, opt: lib.SequentialLR(
        opt, [WARMUP(lib, opt), DECAY(lib, opt)], [6]), FALLS),
}  # fmt: skip


@pytest.mark.parametrize("order", [each for each in ORDERS if "last_" not in each])
@pytest.mark.parametrize("parts", MIXED.values(), ids=MIXED)
def test_a_chain_with_a_recomputing_part_goes_on(parts, order):
    recipe = Recipe("ChainedScheduler", "mixed", together(*parts))
    assert goes_on(recipe, OURS, optim, order, groups=2) is True


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_what_is_loaded_is_not_changed_and_not_shared(recipe):
    """torch's CyclicLR takes a key out, and its second load fails."""
    _, state, _ = saved(recipe, OURS, optim, 7, **TENSOR_RATE)
    before = plain(copy.deepcopy(state))
    for _ in range(2):
        optimizer, build = new(recipe, OURS, optim, **TENSOR_RATE)
        scheduler = build()
        scheduler.load_state_dict(state)
        run(optimizer, scheduler, 10)
        assert plain(state) == before


def test_a_dict_that_is_changed_later_changes_nothing():
    optimizer = optimizer_of(optim, lr=torch.tensor(0.2), foreach=False)
    scheduler = optim.lr_scheduler.StepLR(optimizer, 3)
    state = copy.deepcopy(scheduler.state_dict())
    scheduler.load_state_dict(state)
    state["base_lrs"][0].fill_(9)
    assert float(scheduler.base_lrs[0]) == pytest.approx(0.2)


def test_two_schedulers_on_one_optimizer_go_on():
    """Each is saved with the rate that both made: the order of loading is free."""

    def build(optimizer):
        return [each(OURS, optimizer) for each in (DECAY, WARMUP)]

    def go(optimizer, schedulers):
        optimizer.step()
        for each in schedulers:
            each.step()
        return present(optimizer)[0][0]

    optimizer = optimizer_of(optim)
    schedulers = build(optimizer)
    for _ in range(3):
        go(optimizer, schedulers)
    states = [each.state_dict() for each in (optimizer, *schedulers)]
    states = copy.deepcopy(states)
    expected = [go(optimizer, schedulers) for _ in range(5)]
    for places in ((0, 1), (1, 0)):
        other = optimizer_of(optim)
        other.load_state_dict(states[0])
        again = build(other)
        for place in places:
            again[place].load_state_dict(states[1 + place])
        assert [go(other, again) for _ in range(5)] == expected


def test_a_mixed_chain_of_torchs_goes_on_as_the_product():
    """Torch saved the rate of one part as that of another."""
    recipe = Recipe("ChainedScheduler", "mixed", together(LAMBDA, DECAY))
    _, state, _ = saved(recipe, TORCHS, torch.optim, 7)
    optimizer, build = new(recipe, OURS, optim)
    whole = rates(run(optimizer, build(), 20))
    optimizer, build = new(recipe, OURS, optim)
    scheduler = build()
    scheduler.load_state_dict(copy.deepcopy(state))
    found = rates(run(optimizer, scheduler, 13))
    assert found[0][0][0] == state["_last_lr"][0] != whole[7][0][0]
    assert found[1:] == whole[8:]


@pytest.mark.parametrize("family", ["LambdaLR", "MultiplicativeLR", "CyclicLR"])
def test_callable_objects_are_saved_and_functions_are_not(family):
    def build(function):
        optimizer = optimizer_of(optim)
        if family == "CyclicLR":
            return optim.lr_scheduler.CyclicLR(optimizer, 0.1, 0.2, scale_fn=function)
        return getattr(optim.lr_scheduler, family)(optimizer, function)

    here, there = Inverse(2.0), Inverse(7.0)
    state = build(there).state_dict()
    there.length = 9.0
    build(here).load_state_dict(state)
    assert here.length == 7.0
    build(nearly_one).load_state_dict(build(nearly_one).state_dict())
    saved = build(nearly_one).state_dict()
    assert saved.get("_scale_fn_custom", saved.get("lr_lambdas")) in (None, [None])


def test_building_with_last_epoch_warns_of_nothing():
    optimizer = optimizer_of(optim)
    optimizer.param_groups[0]["initial_lr"] = 0.2
    build = optim.lr_scheduler.StepLR
    assert warnings_of(lambda: build(optimizer, 3, last_epoch=5)) == []
    (early,) = warnings_of(build(optimizer, 3, last_epoch=5).step)
    assert "before `optimizer.step()`" in early
    other = optimizer_of(optim)
    parts = [each(OURS, other) for each in (DECAY, LAMBDA)]
    row = optim.lr_scheduler.SequentialLR
    assert warnings_of(lambda: row(other, parts, [2], last_epoch=5)) == []


def test_last_epoch_is_taken_before_and_after_the_last_step():
    """The optimizer may have been saved before scheduler.step(), after, or never."""
    for rate in (0.2, 0.2 * 0.1, 0.2 * 0.1**2):  # of the beginning, epoch 5, epoch 6
        optimizer = optimizer_of(optim, lr=rate)
        optimizer.param_groups[0]["initial_lr"] = 0.2
        scheduler = optim.lr_scheduler.StepLR(optimizer, 3, last_epoch=5)
        assert scheduler.last_epoch == 6
        assert scheduler.get_last_lr() == pytest.approx([0.2 * 0.1**2])


def test_last_epoch_beside_another_scheduler_is_refused():
    """The rate is the work of two: it can't be computed from one. Nothing changes."""
    optimizer = optimizer_of(optim)
    run(optimizer, together(DECAY, FALLS)(OURS, optimizer), 9)
    rate = optimizer.param_groups[0]["lr"]
    words = "not from this ExponentialLR", "at epoch 8", "at epoch 9", "load_state_dict"
    with pytest.raises(ValueError) as caught:
        optim.lr_scheduler.ExponentialLR(optimizer, 0.9, last_epoch=8)
    for word in words:
        assert word in str(caught.value)
    assert optimizer.param_groups[0]["lr"] == rate
