"""Conjugate gradients: kinds of parameters, state that is saved, what is refused."""

import copy
import io
import math
import pickle

import pytest
import torch

from helpers.optim import ConjugateGradient
from helpers.optim.conjugate_gradient.beta import METHODS
from helpers.problems import rosenbrock, rosenbrock_chain
from tests.engines import raw
from tests.optim.descents import closure_of, descend
from tests.optim.optimizers import OUR_WORLDS

LONG = {"max_iter": 300, "max_eval": 2000, "tolerance_change": 0}
SEARCHES = ["strong_wolfe", "exact", "backtracking"]
each_world = pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda each: each.name)


def split(function):
    """The function of one vector as one of (2, 1) and () and (1, 2) numbers."""

    def of_parts(first, second, third):
        return function(torch.cat([first.flatten(), second.view(1), third.flatten()]))

    return of_parts


def parts(vector):
    return vector[:2].view(2, 1), vector[2], vector[3:].view(1, 2)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("search", ["strong_wolfe", "exact"])
def test_rosenbrock_is_solved(method, search):
    options = {**LONG, "line_search_fn": search, "method": method}
    point, state = descend(rosenbrock, rosenbrock.start, **options)
    torch.testing.assert_close(point, torch.ones(2, dtype=torch.float64))
    assert state["func_evals"] < 400


def test_backtracking_goes_with_hager_zhang():
    options = {"line_search_fn": "backtracking", "restart": None}
    options = {**LONG, **options, "method": "hager-zhang", "max_iter": 1000}
    point, _ = descend(rosenbrock, rosenbrock.start, **options)
    torch.testing.assert_close(point, torch.ones(2, dtype=torch.float64))


@each_world
def test_both_kinds_of_parameters_take_the_same_way(world):
    chain = rosenbrock_chain(5)
    start = torch.tensor(chain.start, dtype=torch.float64)
    whole, _ = descend(chain, start, max_iter=12)
    parameters = world.parameters(*parts(start))
    optimizer = ConjugateGradient(parameters, max_iter=12)
    optimizer.step(closure_of(optimizer, split(chain), *parameters))
    ends = torch.cat([raw(each).flatten() for each in parameters])
    torch.testing.assert_close(ends, whole, rtol=1e-9, atol=1e-9)
    assert (ends - start).norm() > 0.1


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@each_world
def test_dtypes_and_devices(world, dtype, device):
    if device.type == "mps" and dtype == torch.float64:
        pytest.skip("MPS has no float64")
    point = world.parameter(torch.tensor(rosenbrock.start, dtype=dtype, device=device))
    optimizer = ConjugateGradient([point], **LONG)
    optimizer.step(closure_of(optimizer, rosenbrock, point))
    assert (raw(point).dtype, raw(point).device.type) == (dtype, device.type)
    assert (raw(point) - 1).abs().max() < 2e-3


def test_complex_parameters_move_as_pairs():
    goal = torch.tensor([1 + 2j, -3 + 1j], dtype=torch.complex128)
    point = torch.nn.Parameter(torch.zeros_like(goal))
    optimizer = ConjugateGradient([point], **LONG)
    loss = closure_of(optimizer, lambda p: (p - goal).abs().pow(2).sum(), point)
    optimizer.step(loss)
    torch.testing.assert_close(point.detach(), goal)


@each_world
def test_a_parameter_that_is_left_out_stays_while_it_is(world):
    used, unused = world.parameters(torch.ones(2).double(), torch.ones(3).double())
    optimizer = ConjugateGradient([used, unused], **LONG)
    optimizer.step(closure_of(optimizer, lambda p: (p * p).sum(), used))
    assert raw(used).abs().max() < 1e-6
    assert raw(unused).tolist() == [1, 1, 1]
    both = closure_of(
        optimizer, lambda p, q: (p * p).sum() + (q * q).sum(), used, unused
    )
    optimizer.step(both)
    assert raw(unused).abs().max() < 1e-6


def run(calls, saved_after=None, **options):
    """A run over calls of step(), perhaps through a file; where it ends, its state."""
    options = {"tolerance_change": 0, **options}
    chain = rosenbrock_chain(4)
    point = torch.nn.Parameter(torch.tensor(chain.start, dtype=torch.float64))
    optimizer = ConjugateGradient([point], **options)
    for call in range(calls):
        if call == saved_after:
            file = io.BytesIO()
            torch.save([point.detach(), optimizer.state_dict()], file)
            file.seek(0)
            kept, state = torch.load(file)
            point = torch.nn.Parameter(kept)
            optimizer = ConjugateGradient([point])
            optimizer.load_state_dict(state)
        optimizer.step(closure_of(optimizer, chain, point))
    return point.detach(), optimizer.state[point]


@pytest.mark.parametrize("search", SEARCHES)
def test_a_saved_run_goes_on_to_the_same_bits(search):
    options = {"max_iter": 3, "line_search_fn": search, "restart": ["every-n"]}
    whole, state = run(4, **options)
    resumed, state_of_resumed = run(4, saved_after=2, **options)
    assert torch.equal(whole, resumed)
    for name, value in state.items():
        same = state_of_resumed[name]
        assert (
            torch.equal(value, same)
            if name in ("d", "prev_flat_grad")
            else (value == same)
        ), name


def test_one_long_step_is_many_short_ones():
    """Each call of step() asks again where it stands, and goes on as if it had not."""
    long, state = run(1, max_iter=12)
    short, state_of_short = run(12, max_iter=1)
    assert torch.equal(long, short)
    assert state["n_iter"] == state_of_short["n_iter"] == 12
    assert state_of_short["func_evals"] == state["func_evals"] + 11


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))]
)
def test_copies_go_on_alone(copied):
    point = torch.nn.Parameter(torch.tensor(rosenbrock.start, dtype=torch.float64))
    optimizer = ConjugateGradient([point], max_iter=3)
    optimizer.step(closure_of(optimizer, rosenbrock, point))
    twin = copied(optimizer)
    (twins_point,) = twin.param_groups[0]["params"]
    assert twins_point is not point and torch.equal(twins_point, point)
    twin.step(closure_of(twin, rosenbrock, twins_point))
    assert not torch.equal(twins_point, point)
    optimizer.step(closure_of(optimizer, rosenbrock, point))
    assert torch.equal(twins_point, point)
    assert "method: hestenes-stiefel" in repr(twin)


@pytest.mark.parametrize("given", ["constructor", "later"])
def test_several_groups_are_refused(given):
    first, second = torch.nn.Parameter(torch.ones(1)), torch.nn.Parameter(torch.ones(1))
    words = r"doesn't support per-parameter .* 2 were given: all .*. Put them into"
    with pytest.raises(ValueError, match=words):
        if given == "constructor":
            ConjugateGradient([{"params": [first]}, {"params": [second]}])
        ConjugateGradient([first]).add_param_group({"params": [second]})


REFUSED = [
    (ValueError, "Invalid learning rate: 0. lr is .* above 0.*: set", {"lr": 0}),
    (ValueError, "Invalid learning rate: -1", {"lr": -1}),
    (ValueError, "Invalid lr value: inf", {"lr": float("inf")}),
    (TypeError, "Invalid learning rate: '1' of type str", {"lr": "1"}),
    (
        ValueError,
        "Invalid max_iter value: 0. max_iter is .* 1 up: set",
        {"max_iter": 0},
    ),
    (TypeError, "Invalid max_iter value: 2.0 of type float", {"max_iter": 2.0}),
    (TypeError, "Invalid max_iter value: True of type bool", {"max_iter": True}),
    (ValueError, "Invalid max_eval value: 0. .*set max_eval=None", {"max_eval": 0}),
    (TypeError, "Invalid max_eval value: '9' of type str", {"max_eval": "9"}),
    (ValueError, "Invalid tolerance_grad value: -1", {"tolerance_grad": -1}),
    (ValueError, "Invalid tolerance_change value: nan", {"tolerance_change": math.nan}),
    (ValueError, "Invalid tolerance_grad value: inf", {"tolerance_grad": math.inf}),
    (ValueError, "Invalid method value: 'newton'. .* 'dai-yuan'", {"method": "newton"}),
    (ValueError, "Invalid method value: None. .*: set", {"method": None}),
    (ValueError, "Invalid line_search_fn value: None. .*", {"line_search_fn": None}),
    (ValueError, "Invalid line_search_fn value: 'wolfe'", {"line_search_fn": "wolfe"}),
    (
        ValueError,
        "Invalid restart value: 'n'. .* 'powell', 'every-n'",
        {"restart": "n"},
    ),
    (ValueError, "Invalid restart value: 3. .*", {"restart": ("powell", 3)}),
    (TypeError, "Invalid restart value: 3 of type int. .*: set", {"restart": 3}),
]


@pytest.mark.parametrize("error, words, options", REFUSED, ids=str)
def test_options_that_make_no_sense_are_refused(error, words, options):
    with pytest.raises(error, match=words):
        ConjugateGradient([torch.nn.Parameter(torch.ones(2))], **options)


def test_state_of_another_optimizer_or_size_is_refused_and_changes_nothing():
    _, state = run(2, max_iter=3)
    point = torch.nn.Parameter(torch.ones(3, dtype=torch.float64))
    optimizer = ConjugateGradient([point], max_iter=7)
    saved = optimizer.state_dict()
    other = {**saved, "state": {0: dict(state)}}
    with pytest.raises(ValueError, match="of 4 numbers in 'd'.* hold 3: .*. Build"):
        optimizer.load_state_dict(other)
    with pytest.raises(ValueError, match="has no 'lr'|belongs to another optimizer"):
        optimizer.load_state_dict(torch.optim.LBFGS([point]).state_dict())
    assert optimizer.state_dict() == saved
