"""Schedulers of torch's and of ours, in many settings, for tests that compare them.

With this module one can: have a list of settings (`RECIPES`), build the same scheduler
in either library (`TORCHS`, `OURS`), run it and note the rates and momenta of each step
(`run`), and compare two such records (`assert_same_record`).
"""

import math
import warnings
from dataclasses import dataclass

import torch

from helpers import optim

theirs, ours = torch.optim.lr_scheduler, optim.lr_scheduler
NAMES = [*theirs.__all__]


class Library:
    """The schedulers of a library, by their names."""

    def __init__(self, name, swalr, schedulers):
        self.name = name
        self.SWALR = swalr
        vars(self).update({each: getattr(schedulers, each) for each in NAMES})


TORCHS = Library("torch", torch.optim.swa_utils.SWALR, theirs)
OURS = Library("ours", optim.swa.SWALR, ours)


@dataclass(frozen=True)
class Recipe:
    """A scheduler in one setting; `build(library, optimizer, **options)` makes it."""

    family: str
    setting: str
    build: object

    def __str__(self):
        return f"{self.family}-{self.setting}"


RECIPES = []


def simple(family, *positional, **options):
    """Note a recipe: a family and its arguments."""

    def build(library, optimizer, **more):
        return getattr(library, family)(optimizer, *positional, **options, **more)

    words = [*map(str, positional), *(f"{k}={v}" for k, v in options.items())]
    RECIPES.append(Recipe(family, ",".join(words) or "defaults", build))


class Inverse:
    """A callable object, whose attribute is saved."""

    def __init__(self, length):
        self.length = length

    def __call__(self, epoch):
        return 1 / (1 + epoch / self.length)


def wave(epoch):
    return 1.5 + math.sin(epoch)


def nearly_one(epoch):
    return 0.97 + 0.01 * (epoch % 3)


for function in (wave, Inverse(3.0)):
    RECIPES.append(Recipe("LambdaLR", type(function).__name__, lambda lib, opt,
                          f=function, **k: lib.LambdaLR(opt, f, **k)))  # fmt: skip
RECIPES.append(Recipe("MultiplicativeLR", "function", lambda lib, opt, **k:
                      lib.MultiplicativeLR(opt, nearly_one, **k)))  # fmt: skip
for size, gamma in ((1, 0.9), (3, 0.1), (7, 0.5), (30, 1.5), (1000, 0.0)):
    simple("StepLR", size, gamma=gamma)
for milestones in ([], [3], [2, 2, 5], [0, 4, 100], [30, 10, 20]):
    simple("MultiStepLR", milestones, gamma=0.3)
simple("ConstantLR")
for factor, total in ((0.1, 1), (0.7, 40), (1.0, 3), (0.25, 1000)):
    simple("ConstantLR", factor=factor, total_iters=total)
simple("LinearLR")
for start, end, total in ((0.1, 1.0, 1), (0.01, 0.7, 50), (1.0, 0.0, 9), (0.5, 0.5, 8)):
    simple("LinearLR", start_factor=start, end_factor=end, total_iters=total)
for gamma in (0.5, 0.97, 1.0, 1.01, 0.0):
    simple("ExponentialLR", gamma)
for total, power in ((5, 1.0), (1, 2.0), (150, 0.9), (300, 3.0)):
    simple("PolynomialLR", total_iters=total, power=power)
for total, low in ((1, 0.0), (2, 0.1), (50, 0.001), (12.5, 0.0), (1000, -0.1)):
    simple("CosineAnnealingLR", total, eta_min=low)
for first, times, low in ((1, 1, 0.0), (10, 1, 0.01), (1, 2, 0.0), (3, 3, 0.1)):
    simple("CosineAnnealingWarmRestarts", first, times, low)
for up, down, mode in ((3, None, "triangular"), (2000, 5, "triangular2"),
                       (4, 9, "triangular2"), (5, 2.5, "exp_range")):  # fmt: skip
    simple("CyclicLR", 0.01, 0.3, up, down, mode, gamma=0.99)
for scale_mode in ("cycle", "iterations"):
    RECIPES.append(Recipe("CyclicLR", f"scale by {scale_mode}",
        lambda lib, opt, m=scale_mode, **k: lib.CyclicLR(
            opt, 0.01, 0.3, 6, scale_fn=Inverse(2.0), scale_mode=m, **k)))  # fmt: skip
for options in ({}, {"three_phase": True}, {"anneal_strategy": "linear"},
                {"pct_start": 0.05, "div_factor": 3.0, "final_div_factor": 7.0},
                {"three_phase": True, "pct_start": 0.45, "base_momentum": 0.5},
                {"cycle_momentum": False}):  # fmt: skip
    simple("OneCycleLR", 0.4, total_steps=201, **options)
simple("OneCycleLR", 0.4, epochs=20, steps_per_epoch=11)
for epochs, strategy in ((10, "cos"), (7, "linear"), (0, "cos"), (1, "linear")):
    simple("SWALR", 0.05, anneal_epochs=epochs, anneal_strategy=strategy)


def in_a_row(*parts, milestones):
    """Note a recipe of SequentialLR; a part is a function of library and optimizer."""

    def build(library, optimizer, **more):
        made = [part(library, optimizer) for part in parts]
        return library.SequentialLR(optimizer, made, list(milestones), **more)

    return build


def together(*parts):
    """A recipe of ChainedScheduler."""

    def build(library, optimizer):
        return library.ChainedScheduler([part(library, optimizer) for part in parts])

    return build


def part(family, *positional, **options):
    """A part of a composed scheduler."""
    return lambda library, optimizer: getattr(library, family)(
        optimizer, *positional, **options
    )


WARMUP, CONSTANT = part("LinearLR", 0.1), part("ConstantLR", 0.3, total_iters=4)
DECAY, FALLS = part("ExponentialLR", 0.9), part("StepLR", 6, gamma=0.5)
COSINE, LAMBDA = part("CosineAnnealingLR", 20), part("LambdaLR", wave)
RESTARTS = part("CosineAnnealingWarmRestarts", 10, 2)
CYCLE = part("OneCycleLR", 0.4, total_steps=300)
for title, parts, milestones in (
    ("warmup, cosine", (WARMUP, COSINE), [5]),
    ("constant, decay, steps", (CONSTANT, DECAY, FALLS), [4, 30]),
    ("lambda, restarts", (LAMBDA, RESTARTS), [7]),
    ("restarts, polynomial", (RESTARTS, part("PolynomialLR", 50)), [17]),
    ("one alone", (DECAY,), []),
    ("decay, cycle", (part("LambdaLR", wave), CYCLE), [9]),
):
    build = in_a_row(*parts, milestones=milestones)
    RECIPES.append(Recipe("SequentialLR", title, build))
for title, parts in (
    ("constant, decay", (CONSTANT, DECAY)),
    ("warmup, steps, cosine", (WARMUP, FALLS, COSINE)),
    ("multiplied", (part("MultiplicativeLR", nearly_one), part("PolynomialLR", 90))),
    ("restarts alone", (RESTARTS,)),
):
    RECIPES.append(Recipe("ChainedScheduler", title, together(*parts)))

LOSSES = [2 / (1 + i // 9) + 0.1 * math.sin(i) for i in range(200)]
for options in (
    {}, {"patience": 0, "factor": 0.5}, {"patience": 3, "cooldown": 5, "factor": 0.8},
    {"mode": "max", "patience": 2}, {"threshold_mode": "abs", "patience": 1},
    {"mode": "max", "threshold_mode": "abs", "threshold": 0.3, "patience": 4},
    {"patience": 1, "min_lr": 0.01, "eps": 1e-3}, {"patience": 0, "factor": 0.0},
):  # fmt: skip
    simple("ReduceLROnPlateau", **options)

METHODS = {
    "SGD": {"momentum": 0.5},
    "Adam": {"betas": (0.8, 0.99)},
    "RMSprop": {"momentum": 0.3},
}


def optimizer_of(library, method="SGD", groups=1, lr=0.2, **options):
    """An optimizer over one parameter a group; each group has a rate of its own."""
    members = []
    for place in range(groups):
        rate = lr.clone() if isinstance(lr, torch.Tensor) else lr
        parameter = torch.nn.Parameter(torch.tensor([1.0], dtype=torch.float64))
        members.append({"params": [parameter], "lr": rate / (1 + place)})
    return getattr(library, method)(members, **{**METHODS[method], **options})


def take_step(optimizer, scheduler, epoch):
    """One step of the optimizer on the gradient 1, and one of the scheduler."""
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            if parameter.grad is None:
                parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    if isinstance(scheduler, theirs.ReduceLROnPlateau):
        scheduler.step(LOSSES[epoch % len(LOSSES)])
    else:
        scheduler.step()


def present(optimizer):
    """Rates, momenta and parameters as numbers, one of each a group."""
    return [
        (float(group["lr"]), group.get("momentum"), group.get("betas"),
         [p.item() for p in group["params"]])
        for group in optimizer.param_groups
    ]  # fmt: skip


def run(optimizer, scheduler, steps, begin=0):
    """What the optimizer has before the first step and after each."""
    record = [present(optimizer)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for epoch in range(begin, begin + steps):
            take_step(optimizer, scheduler, epoch)
            record.append(present(optimizer))
    return record


def state_of(scheduler):
    """A scheduler's dict without what CosineAnnealingWarmRestarts of torch's misses."""
    state = scheduler.state_dict()
    return plain({k: v for k, v in state.items() if k != "_step_count"})


def plain(value):
    """Tensors and lists in nests as numbers and lists, so that == compares them."""
    if isinstance(value, torch.Tensor):
        return "tensor", value.tolist()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "_step_count"}
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value
