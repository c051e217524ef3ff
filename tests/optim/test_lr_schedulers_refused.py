"""What makes no sense is refused at construction, by torch's class, in three parts."""

import pytest
import torch

from helpers import optim
from tests.optim.optimizers import raised_by
from tests.optim.schedules import DECAY, FALLS, OURS, RECIPES, optimizer_of

S = optim.lr_scheduler
SWALR = optim.swa.SWALR
INF, NAN = float("inf"), float("nan")


def refused(make, kind, *words):
    """Assert that a call raises an error of a class, with these words."""
    error = raised_by(make)
    assert type(error) is kind, repr(error)
    for word in words:
        assert word in str(error), f"{word!r} is not in: {error}"


# Family, arguments, class of the error, words: given, allowed, what to do.
WRONG = [
    (S.LambdaLR, ([len] * 2,), ValueError, "Expected 1 lr_lambdas, but got 2", "pass"),
    (S.LambdaLR, (0.5,), TypeError, "should be a function, but got float", "lambda"),
    (S.MultiplicativeLR, (0.5,), TypeError, "should be a function", "pass one"),
    (S.StepLR, (0,), ValueError, "step_size value: 0", "from 1 up", "step_size=30"),
    (S.StepLR, (2.5,), ValueError, "2.5", "whole number", "set"),
    (S.StepLR, ("3",), ValueError, "'3'", "whole number", "set"),
    (S.StepLR, (3, -0.1), ValueError, "gamma value: -0.1", "from 0 up", "set gamma"),
    (S.StepLR, (3, NAN), ValueError, "gamma value: nan", "a number", "choose"),
    (S.MultiStepLR, (30,), TypeError, "milestones = 30", "no list", "set milestones"),
    (S.MultiStepLR, ([1.5],), ValueError, "1.5", "whole number", "set milestones"),
    (S.ConstantLR, (1.5,), ValueError, "Constant multiplicative factor expected to be",
     "factor=1.5", "from 0 to 1", "set factor"),
    (S.ConstantLR, (0.5, 2.5), ValueError, "total_iters value: 2.5", "whole", "set"),
    (S.ConstantLR, ("a",), TypeError, "'a'", "not a number", "set factor"),
    (S.LinearLR, (0.0,), ValueError, "Starting multiplicative factor expected to be",
     "greater than 0", "start_factor=0.0", "set"),
    (S.LinearLR, (0.5, 1.1), ValueError, "Ending multiplicative factor expected to be",
     "end_factor=1.1", "set"),
    (S.LinearLR, (0.5, 1.0, -1), ValueError, "total_iters value: -1", "from 0 up"),
    (S.ExponentialLR, (INF,), ValueError, "gamma value: inf", "finite", "set gamma"),
    (S.PolynomialLR, (0,), ValueError, "total_iters value: 0", "from 1 up", "set"),
    (S.PolynomialLR, (5, -1), ValueError, "power value: -1", "from 0 up", "set"),
    (S.CosineAnnealingLR, (0,), ValueError, "T_max value: 0", "above 0", "set it"),
    (S.CosineAnnealingLR, (5, NAN), ValueError, "eta_min value: nan", "finite", "set"),
    (S.CosineAnnealingWarmRestarts, (0,), ValueError, "integer T_0 >= 1, but got 0"),
    (S.CosineAnnealingWarmRestarts, (2.0,), ValueError, "T_0 >= 1, but got 2.0", "set"),
    (S.CosineAnnealingWarmRestarts, (2, 0.5), ValueError, "T_mult >= 1", "0.5", "set"),
    (S.CosineAnnealingWarmRestarts, (2, 1, "0"), ValueError, "eta_min", "'0'", "set"),
    (S.CyclicLR, (0.1, 0.2, 0), ValueError, "step_size_up value: 0", "above 0", "set"),
    (S.CyclicLR, (0.1, 0.2, 5, -1), ValueError, "step_size_down value: -1", "set"),
    (S.CyclicLR, (0.1, 0.2, 5, 5, "square"), ValueError,
     "mode is invalid and scale_fn is None", "'square'", "triangular2", "Pass one"),
    (S.CyclicLR, ([0.1, 0.2], 0.3), ValueError, "base_lr must have the same length",
     "base_lr has 2 values, param_groups has 1", "Pass"),
    (S.OneCycleLR, (0.1,), ValueError, "You must define either total_steps OR",
     "epochs=None", "Set total_steps"),
    (S.OneCycleLR, (0.1, 0), ValueError, "Expected positive integer total_steps",
     "got 0", "set total_steps"),
    (S.OneCycleLR, (0.1, 10.0), ValueError, "positive integer total_steps", "10.0"),
    (S.OneCycleLR, (0.1, None, 3, -1), ValueError, "steps_per_epoch, but got -1"),
    (S.OneCycleLR, (0.1, None, 3.5, 1), ValueError, "integer epochs, but got 3.5"),
    (S.OneCycleLR, (0.1, 9, None, None, 1.5), ValueError, "pct_start", "1.5", "0 to 1"),
    (S.OneCycleLR, (0.1, 9, None, None, 0.3, "exp"), ValueError,
     "anneal_strategy must be one of 'cos' or 'linear'", "'exp'", "set"),
    (S.ReduceLROnPlateau, ("low",), ValueError, "mode must be one of", "'low'", "set"),
    (S.ReduceLROnPlateau, ("min", 1.0), ValueError, "Factor should be < 1.0",
     "factor=1.0", "set factor"),
    (S.ReduceLROnPlateau, ("min", 0.1, 1.5), ValueError, "patience value: 1.5", "set"),
    (S.ReduceLROnPlateau, ("min", 0.1, 5, 1e-4, "part"), ValueError, "threshold_mode"),
    (S.ReduceLROnPlateau, ("min", 0.1, 5, 1e-4, "rel", 0, [0.1, 0.2]), ValueError,
     "expected 1 min_lrs, got 2", "pass"),
    (SWALR, (0.1, 2.5), ValueError, "anneal_epochs value: 2.5", "whole", "set"),
    (SWALR, (0.1, 5, "exp"), ValueError, "anneal_strategy must be one of", "'exp'"),
    (SWALR, ([0.1, 0.2],), ValueError, "swa_lr has 2 values", "Pass one value"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=lambda c: f"{c[0].__name__}-{c[1]}")
def test_wrong_arguments(case):
    family, given, kind, *words = case
    optimizer = optimizer_of(optim)
    before = optimizer.param_groups[0]["lr"]
    refused(lambda: family(optimizer, *given), kind, *words)
    assert optimizer.param_groups[0]["lr"] == before


@pytest.mark.parametrize("case", [c for c in WRONG if c[2] is ValueError],
                         ids=lambda c: f"{c[0].__name__}-{c[1]}")  # fmt: skip
def test_where_torch_raises_on_purpose_it_is_the_same_class(case):
    family, given, kind, *_ = case
    place = torch.optim.swa_utils if family is SWALR else torch.optim.lr_scheduler
    theirs = getattr(place, family.__name__)
    error = raised_by(theirs, optimizer_of(torch.optim), *given)
    assert error is None or type(error) in (kind, TypeError, ZeroDivisionError)


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_only_optimizers_have_schedules(recipe):
    if recipe.family in ("SequentialLR", "ChainedScheduler"):
        return
    words = "Module is not an Optimizer", "pass one of"
    refused(lambda: recipe.build(OURS, torch.nn.Module()), TypeError, *words)


def test_an_optimizer_without_rates():
    class Rateless(optim.Optimizer):
        def __init__(self, params):
            super().__init__(params, {})

    optimizer = Rateless([torch.nn.Parameter(torch.ones(1))])
    refused(lambda: S.StepLR(optimizer, 3), KeyError, "Rateless has no 'lr'", "Take")


@pytest.mark.parametrize("last_epoch, kind", [(-2, ValueError), (1.5, TypeError)])
def test_last_epoch_is_a_whole_number(last_epoch, kind):
    optimizer = optimizer_of(optim)
    make = lambda: S.StepLR(optimizer, 3, last_epoch=last_epoch)  # noqa: E731
    refused(make, kind, f"last_epoch value: {last_epoch}", "from -1 up", "-1 to begin")


def test_last_epoch_needs_the_initial_rate():
    optimizer = optimizer_of(optim)
    make = lambda: S.StepLR(optimizer, 3, last_epoch=4)  # noqa: E731
    words = "param 'initial_lr' is not specified in param_groups[0]", "last_epoch=4"
    refused(make, KeyError, *words, "load_state_dict first", "leave last_epoch out")


@pytest.mark.parametrize("family", [S.CyclicLR, S.OneCycleLR])
def test_momentum_that_is_not_there_can_not_cycle(family):
    optimizer = optim.Adagrad([torch.nn.Parameter(torch.ones(1))])
    given = (0.1, 0.2) if family is S.CyclicLR else (0.1, 10)
    words = "must support momentum or beta1", "Adagrad has neither", "=False"
    refused(lambda: family(optimizer, *given), ValueError, *words)
    family(optimizer, *given, cycle_momentum=False)


def test_a_step_beyond_the_last_changes_nothing():
    optimizer = optimizer_of(optim)
    scheduler = S.OneCycleLR(optimizer, 0.4, total_steps=3)
    for _ in range(3):
        optimizer.step()
        scheduler.step()
    before = dict(optimizer.param_groups[0]), scheduler.last_epoch
    words = "Tried to step 4 times", "total steps is 3", "set total_steps"
    for _ in range(2):
        refused(scheduler.step, ValueError, *words)
        assert (dict(optimizer.param_groups[0]), scheduler.last_epoch) == before


def test_what_can_not_be_composed():
    optimizer, other = optimizer_of(optim), optimizer_of(optim)
    good, foreign = DECAY(OURS, optimizer), DECAY(OURS, other)
    plateau = S.ReduceLROnPlateau(optimizer)
    torchs = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
    for wrong, kind, *words in (
        (3, TypeError, "at index 1", "got int", "build it with"),
        (torchs, TypeError, "at index 1", "got ExponentialLR", "compose torch's"),
        (plateau, ValueError, "does not support `ReduceLROnPlateau`", "by itself"),
        (foreign, ValueError, "belong to the same optimizer", "index 1", "build each"),
    ):
        refused(lambda w=wrong: S.ChainedScheduler([good, w]), kind, *words)
        refused(lambda w=wrong: S.SequentialLR(optimizer, [good, w], [3]), kind, *words)
    for make in (
        lambda: S.ChainedScheduler([]),
        lambda: S.SequentialLR(optimizer, [], []),
    ):
        refused(make, ValueError, "expects at least one scheduler", "pass a list")


def test_milestones_stand_between_schedulers():
    optimizer = optimizer_of(optim)
    parts = [each(OURS, optimizer) for each in (DECAY, FALLS, DECAY)]
    for given, *words in (
        ([3], "one more than the number of milestone points", "3 schedulers", "name"),
        ([5, 3], "[5, 3] don't rise", "in the order"),
        ([1.5, 3], "milestones value: 1.5", "whole number", "set"),
    ):
        refused(lambda g=given: S.SequentialLR(optimizer, parts, g), ValueError, *words)


def test_two_with_rates_of_their_own_are_not_chained():
    optimizer = optimizer_of(optim)
    parts = [S.OneCycleLR(optimizer, 0.4, 9), S.CyclicLR(optimizer, 0.1, 0.2)]
    words = "OneCycleLR and CyclicLR both have rates of their own", "chain one"
    refused(lambda: S.ChainedScheduler(parts), ValueError, *words)


def test_what_can_not_be_loaded_changes_nothing():
    optimizer = optimizer_of(optim)
    step, cosine = S.StepLR(optimizer, 3), S.CosineAnnealingLR(optimizer, 5)
    functions, chain = S.LambdaLR(optimizer, float), S.ChainedScheduler([step, cosine])
    short = S.ChainedScheduler([step]).state_dict()
    two = S.StepLR(optimizer_of(optim, groups=2), 3).state_dict()
    for scheduler, given, kind, *words in (
        (step, [1], TypeError, "must be a dict, but got list", "pass what"),
        (step, cosine.state_dict(), KeyError, "another scheduler", "'gamma'", "StepLR"),
        (functions, step.state_dict(), KeyError, "no 'lr_lambdas'", "Load what"),
        (chain, step.state_dict(), KeyError, "no '_schedulers'", "Load what"),
        (chain, short, ValueError, "1 schedulers, and this ChainedScheduler has 2"),
        (step, two, ValueError, "2 rates, and this StepLR has 1", "same groups"),
    ):
        before = {**vars(scheduler)}
        refused(lambda s=scheduler, g=given: s.load_state_dict(g), kind, *words)
        assert vars(scheduler) == before
    wrong = chain.state_dict()
    wrong["_schedulers"] = wrong["_schedulers"][::-1]
    refused(lambda: chain.load_state_dict(wrong), KeyError, "which StepLR needs")
    assert step.last_epoch == 0
