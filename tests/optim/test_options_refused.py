"""Options that the rarer methods refuse: torch's class and words, and our advice."""

import math

import pytest
import torch

from tests.optim.mistakes import one
from tests.optim.optimizers import OUR_WORLDS, TORCHS, raised_by

COMMON = {"lr": -0.5, "eps": -0.5, "weight_decay": -0.5}
BETAS = [{"betas": (1.0, 0.9)}, {"betas": (0.9, -0.5)}]
REFUSED = {
    "Adadelta": [{"rho": 1.5}, {"rho": -0.5}],
    "Adamax": BETAS,
    "NAdam": [*BETAS, {"momentum_decay": -0.5}],
    "RAdam": BETAS,
    "ASGD": [],
    "Rprop": [{"etas": (1.5, 2.0)}, {"etas": (0.5, 0.9)}, {"etas": (0.0, 1.2)}],
    "SparseAdam": [*BETAS, {"lr": 0.0}, {"eps": 0.0}],
    "Adafactor": [{"beta2_decay": 0.5}, {"d": 0.5}, {"eps": (-0.5, 1.0)}],
    "Muon": [{"momentum": -0.5}, {"adjust_lr_fn": "steep"}],
}
REFUSED["Adafactor"].append({"eps": (None, -0.5)})
WITHOUT_EPS = ["ASGD", "Rprop", "Adafactor", "Muon"]  # or with another kind of it
CASES = [
    (method, options)
    for method, cases in REFUSED.items()
    for options in [*cases, *({name: value} for name, value in COMMON.items())]
    if "eps" not in options or method not in WITHOUT_EPS or options in cases
    if "weight_decay" not in options or method not in ("Rprop", "SparseAdam")
]
OURS_ALONE = [  # torch takes them at construction, or in its older versions
    ("ASGD", {"lambd": -0.5}, ValueError),
    ("ASGD", {"alpha": math.nan}, ValueError),
    ("ASGD", {"t0": math.nan}, ValueError),
    ("Rprop", {"step_sizes": 3.0}, TypeError),
    ("Rprop", {"etas": (0.5,)}, TypeError),
    ("Adafactor", {"eps": 1e-3}, TypeError),
    ("Adafactor", {"eps": (1e-3,)}, TypeError),
    ("Muon", {"ns_steps": 100}, ValueError),
    ("Muon", {"ns_coefficients": (1.0, 2.0)}, ValueError),
    ("Adafactor", {"d": math.nan}, ValueError),
    ("Adadelta", {"rho": math.nan}, ValueError),
]


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("method, options", CASES, ids=str)
def test_torchs_class_and_words_and_advice(world, method, options):
    def make(world):
        world.make(method, [world.parameter(torch.ones(2, 2))], **options)

    error, there = raised_by(make, world), raised_by(make, TORCHS)
    assert type(error) is type(there) is ValueError
    assert str(error).startswith(str(there).removesuffix(" is not supported"))
    assert any(each in str(error) for each in ("set ", "choose", "pass ", "leave "))


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("method, options, kind", OURS_ALONE, ids=str)
def test_what_torch_would_stumble_over_later(world, method, options, kind):
    parameter = world.parameter(torch.ones(2, 2))
    error = raised_by(lambda: world.make(method, [parameter], **options))
    assert type(error) is kind
    assert any(each in str(error) for each in ("set ", "choose", "pass ", "leave "))


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("method", REFUSED)
def test_a_rate_of_two_elements_or_no_number(world, method):
    for rate, kind in ((torch.ones(2), ValueError), ("0.1", TypeError)):
        for each in (world, TORCHS):
            parameter = each.parameter(torch.ones(2, 2))
            error = raised_by(lambda: each.make(method, [parameter], lr=rate))  # noqa: B023
            assert type(error) is kind
    assert raised_by(lambda: world.make("NAdam", [one(world)], lr=0.0)) is None
