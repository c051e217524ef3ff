"""Options and parameters are taken by what they can do, as torch takes them."""

from collections import OrderedDict, UserList, defaultdict, deque
from fractions import Fraction

import numpy as np
import pytest
import torch

from tests.engines import raw
from tests.optim.optimizers import OUR_WORLDS, TORCHS, WORLDS, raised_by
from tests.optim.trajectories import travel

ONES = torch.ones(2)
WAYS = [{"foreach": False}, {"foreach": True}, {}]
NUMBERS = {
    "np.float32": np.float32(0.1),
    "np.float64": np.float64(0.1),
    "np.longdouble": np.longdouble(0.1),
    "np.int64": np.int64(1),
    "0-d array": np.array(0.1),
    "0-d array, single": np.array(0.1, dtype=np.float32),
    "np.bool": np.True_,
    "array of one": np.array([0.1]),
    "bool": True,
    "Fraction": Fraction(1, 10),
    "tensor": torch.tensor(0.1),
    "tensor of one": torch.tensor([0.1]),
    "integer tensor": torch.tensor(1),
    "word": "0.1",
    "complex": 0.1j,
    "list": [0.1],
    "None": None,
}
OPTIONS = [
    *(("SGD", name) for name in ("lr", "momentum", "dampening", "weight_decay")),
    *(("Adam", name) for name in ("lr", "eps", "weight_decay")),
    ("AdamW", "weight_decay"),
    *(("RMSprop", name) for name in ("lr", "alpha", "eps", "momentum")),
    *(("Adagrad", name) for name in ("lr", "lr_decay", "eps")),
    ("Adagrad", "initial_accumulator_value"),
    *(("Adadelta", name) for name in ("lr", "rho", "eps", "weight_decay")),
    *(("Adamax", name) for name in ("lr", "eps", "weight_decay")),
    *(("NAdam", name) for name in ("lr", "eps", "weight_decay", "momentum_decay")),
    *(("RAdam", name) for name in ("lr", "eps", "weight_decay")),
    *(("ASGD", name) for name in ("lr", "lambd", "alpha", "t0", "weight_decay")),
    ("Rprop", "lr"),
    *(("Adafactor", name) for name in ("lr", "beta2_decay", "d", "weight_decay")),
    *(("Muon", name) for name in ("lr", "momentum", "weight_decay", "ns_steps")),
]
MATRICES = [torch.ones(2, 2), torch.ones(2, 2) * 2]  # for Muon, which takes no other


def walk(world, method, options, in_group=False):
    """Where three steps lead, with a saving and a loading between; or the error."""
    starts = MATRICES if method == "Muon" else [ONES, ONES * 2]
    parameters = world.parameters(*starts)
    group = {"params": parameters, **(options if in_group else {})}
    given = {"lr": 0.1, **({} if in_group else options)}
    if "dampening" in options:
        given["momentum"] = 0.9
    optimizer = world.make(method, [group], **given)
    one = torch.ones_like(starts[0])
    steps = [[one, -one], [-one, one]]
    travel(world, optimizer, parameters, steps)
    optimizer.load_state_dict(optimizer.state_dict())
    travel(world, optimizer, parameters, steps[:1])
    return torch.cat([raw(each).flatten() for each in parameters])


def outcome(*arguments):
    """What `walk` returns, or the error that it raises."""
    found = []
    error = raised_by(lambda: found.append(walk(*arguments)))
    return error or found[0]


def assert_taken_alike(method, options, in_group):
    """Assert that ours takes what torch takes, and goes where it goes."""
    there = outcome(TORCHS, method, options, in_group)
    for world in OUR_WORLDS:
        ours = outcome(world, method, options, in_group)
        if isinstance(there, Exception):
            continue  # what torch refuses, ours may run with, or refuse in its words
        assert not isinstance(ours, Exception), ours
        torch.testing.assert_close(ours, there, rtol=1e-6, atol=1e-6, equal_nan=True)


@pytest.mark.parametrize("in_group", [False, True], ids=["default", "group"])
@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("method, option", OPTIONS)
def test_numbers_that_torch_runs_with(method, option, way, in_group):
    for value in NUMBERS.values():
        if isinstance(value, complex) and (in_group or method == "ASGD"):
            continue  # torch drops its imaginary part
        if (method, option) == ("RAdam", "eps") and not hasattr(value, "__float__"):
            continue  # torch reads eps from the sixth step on
        if in_group and option == "initial_accumulator_value":
            continue  # torch reads the default instead
        assert_taken_alike(method, {option: value, **way}, in_group)


PAIRS = {
    "list": [0.9, 0.99],
    "UserList": UserList([0.9, 0.99]),
    "array": np.array([0.9, 0.99]),
    "tensor": torch.tensor([0.9, 0.99]),
    "deque": deque([0.9, 0.99]),
    "tensors": (torch.tensor(0.9), torch.tensor([0.99])),
    "integers": (0, 0.9),
}


@pytest.mark.parametrize("in_group", [False, True], ids=["default", "group"])
@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("method", ["Adam", "AdamW"])
@pytest.mark.parametrize("kind", PAIRS)
def test_pairs_that_torch_runs_with(kind, method, way, in_group):
    assert_taken_alike(method, {"betas": PAIRS[kind], **way}, in_group)


def test_a_pair_is_kept_as_a_tuple():
    """So that what is saved holds plain types, which torch.load trusts."""
    for world in WORLDS:
        optimizer = world.make("Adam", [world.leaf(1.0)], betas=UserList([0.9, 0.99]))
        assert type(optimizer.param_groups[0]["betas"]) is tuple


@pytest.mark.parametrize("pair", [(0.9,), (0.9, 0.99, 0.999), "ab", 0.9, None])
def test_what_is_no_pair(pair):
    for world in OUR_WORLDS:
        error = raised_by(world.make, "Adam", [world.leaf(1.0)])
        assert error is None
        error = raised_by(lambda world=world: walk(world, "Adam", {"betas": pair}))
        assert type(error) is TypeError
        assert f"Invalid betas: {pair!r}. betas is a pair" in str(error)


class BySubscript:
    """What can be gone through by its numbers alone."""

    def __init__(self, parameters):
        self.parameters = parameters

    def __getitem__(self, place):
        return self.parameters[place]


FORMS = {
    "ParameterList": torch.nn.ParameterList,
    "values of a ParameterDict": lambda ps: torch.nn.ParameterDict(
        {"a": ps[0], "b": ps[1]}
    ).values(),
    "keys": lambda ps: dict.fromkeys(ps).keys(),
    "map": lambda ps: map(torch.nn.Parameter.requires_grad_, ps),
    "deque": deque,
    "by subscript": BySubscript,
    "group of a ParameterList": lambda ps: [{"params": torch.nn.ParameterList(ps)}],
    "OrderedDict": lambda ps: [OrderedDict(params=ps, lr=0.2)],
    "defaultdict": lambda ps: [defaultdict(list, params=ps)],
    "ParameterDict": lambda ps: torch.nn.ParameterDict({"a": ps[0]}),
    "Sequential": lambda ps: torch.nn.Sequential(torch.nn.Linear(1, 1)),
    "ModuleList": lambda ps: torch.nn.ModuleList(),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_can_be_gone_through_holds_parameters(form):
    def moved(world):
        parameters = world.parameters(ONES, ONES * 2)
        optimizer = world.make("SGD", FORMS[form](parameters), lr=0.1)
        travel(world, optimizer, parameters, [[ONES, ONES]])
        return [raw(each).tolist() for each in parameters]

    there, ours = [raised_by(moved, world) for world in WORLDS[:2]]
    assert type(ours) is type(there)
    if there is None:
        assert moved(WORLDS[1]) == moved(TORCHS)


def test_integers_that_never_get_a_gradient_may_stand_beside_weights():
    """A quantised layer's, in a model's parameters()."""
    for world in WORLDS[:2]:
        quantised = torch.nn.Parameter(torch.ones(2, dtype=torch.int8), False)
        weight = world.parameter(ONES)
        optimizer = world.make("Adam", [quantised, weight], lr=0.1)
        weight.grad = ONES.clone()
        optimizer.step()
        torch.testing.assert_close(raw(weight), torch.full((2,), 0.9))


def test_lbfgs_takes_numbers_of_numpy():
    options = {"max_iter": np.int64(3), "history_size": np.int64(2)}
    options |= {"lr": np.float32(0.5), "tolerance_grad": np.float64(1e-8)}
    ends = []
    for world in WORLDS:
        parameter = world.leaf(1.0, 2.0)
        optimizer = world.make("LBFGS", [parameter], **options)

        def closure(parameter=parameter, optimizer=optimizer):
            optimizer.zero_grad()
            loss = (parameter * parameter * parameter * parameter).sum()
            loss.backward()
            return loss.data.numpy() if optimizer.param_groups else None

        optimizer.step(closure)
        ends.append(raw(parameter))
    for each in ends[1:]:
        torch.testing.assert_close(each, ends[0])
