"""Random settings, shapes, groups and missing gradients: to the last bit as torch."""

from operator import neg

import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.optim.optimizers import (
    METHODS,
    OUR_WORLDS,
    TORCHS,
    assert_same,
    snapshot,
    taken,
)
from tests.optim.trajectories import travel

RATES = st.sampled_from([0.0, 1e-3, 0.1, 0.7, 2])
PARTS = st.sampled_from([0.0, 0.1, 0.5, 0.9, 0.999])
DECAY = st.sampled_from([0, 0.01, 0.5])
EPS = st.sampled_from([1e-10, 1e-8, 1e-3])
YES = st.booleans()
OPTIONS = {
    "SGD": {"momentum": PARTS, "dampening": PARTS, "nesterov": YES},
    "Adagrad": {"lr_decay": PARTS, "initial_accumulator_value": DECAY, "eps": EPS},
    "RMSprop": {"alpha": PARTS, "momentum": PARTS, "centered": YES, "eps": EPS},
    "Adam": {
        "betas": st.tuples(PARTS, PARTS),
        "amsgrad": YES,
        "eps": EPS,
        "decoupled_weight_decay": YES,
    },
    "AdamW": {"betas": st.tuples(PARTS, PARTS), "amsgrad": YES, "eps": EPS},
    "Adadelta": {"rho": PARTS, "eps": EPS},
    "Adamax": {"betas": st.tuples(PARTS, PARTS), "eps": EPS},
    "NAdam": {
        "betas": st.tuples(PARTS, PARTS),
        "momentum_decay": PARTS,
        "eps": EPS,
        "decoupled_weight_decay": YES,
    },
    "RAdam": {
        "betas": st.tuples(PARTS, PARTS),
        "eps": EPS,
        "decoupled_weight_decay": YES,
    },
    "ASGD": {"lambd": DECAY, "alpha": PARTS, "t0": st.sampled_from([0, 2, 1e6])},
    "Rprop": {"etas": st.sampled_from([(0.5, 1.2), (0.1, 3.0)])},
    "Adafactor": {"d": st.sampled_from([1.0, 2.0]), "beta2_decay": DECAY.map(neg)},
}
SHARED = {"lr": RATES, "weight_decay": DECAY, "maximize": YES}
SHAPES = st.sampled_from([(), (1,), (3,), (2, 3), (3, 1, 2), (0,), (17,)])


def sensible(options):
    """Options of SGD that it takes: nesterov with momentum and no dampening."""
    if options.get("nesterov"):
        return {**options, "momentum": options["momentum"] or 0.9, "dampening": 0}
    return options


@st.composite
def runs(draw):
    """A method, its options, groups of shapes, and where gradients are missing."""
    method = draw(st.sampled_from(METHODS))
    shared = taken(method, **SHARED)
    options = st.fixed_dictionaries({**shared, **OPTIONS[method]}).map(sensible)
    shapes = SHAPES if method != "Adafactor" else SHAPES.filter(lambda s: 0 not in s)
    shapes = draw(st.lists(shapes, min_size=1, max_size=5))
    cut = draw(st.integers(0, len(shapes)))
    own = draw(st.fixed_dictionaries({}, optional=shared))
    present = st.lists(YES, min_size=len(shapes), max_size=len(shapes))
    steps = draw(st.lists(present, min_size=1, max_size=6))
    return method, draw(options), shapes, cut, own, steps, draw(st.integers(0, 99))


def end_of(world, way, run):
    """The snapshot after a run."""
    method, options, shapes, cut, own, steps, seed = run
    chance = torch.Generator().manual_seed(seed)

    def drawn(shape):
        return torch.randn(shape, generator=chance, dtype=torch.float64)

    parameters = world.parameters(*map(drawn, shapes))
    groups = [{"params": parameters[:cut]}, {"params": parameters[cut:], **own}]
    optimizer = world.make(method, groups, **options, **way)
    gradients = [
        [drawn(s) if here else None for s, here in zip(shapes, step, strict=True)]
        for step in steps
    ]
    travel(world, optimizer, parameters, gradients)
    return snapshot(optimizer)


@given(runs())
@settings(
    max_examples=150,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_run_ends_where_torchs_does(run):
    for way in ({"foreach": False}, {"foreach": True}, {}):
        there = end_of(TORCHS, way or {"foreach": False}, run)
        for world in OUR_WORLDS:
            assert_same(end_of(world, way, run), there)
