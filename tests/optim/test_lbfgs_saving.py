"""LBFGS saved, loaded, pickled and copied: it goes on as if nothing had been."""

import copy
import io
import pickle

import pytest
import torch

from helpers import problems
from helpers.optim import LBFGS, SGD
from tests.engines import raw
from tests.optim.minimising import Run, double, run_of
from tests.optim.optimizers import OUR_WORLDS, TORCHS

OURS = OUR_WORLDS[0]
WORLDS = pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
SEARCHES = pytest.mark.parametrize("search", [None, "strong_wolfe"])
PROBLEM = problems.rosenbrock_chain(6)
START = double(PROBLEM.start)


def begun(world, search, steps=2, **options):
    """A run that has made some steps: more pairs than two loops are used for."""
    lr = 1 if search else 1e-3
    options = {"line_search_fn": search, "lr": lr, "max_iter": 9, **options}
    run = run_of(world, PROBLEM, START, **options)
    run.go(steps)
    return run


def other_with(world, run, optimizer=None):
    """A run in a world from where another stands, with the state of its optimizer."""
    other = run_of(world, PROBLEM, raw(run.parameters[0]))
    saved = io.BytesIO()
    torch.save((optimizer or run.optimizer).state_dict(), saved)
    saved.seek(0)
    other.optimizer.load_state_dict(torch.load(saved, weights_only=True))
    return other


def assert_alike(first, second, steps=2, **tolerance):
    """Assert that two runs go on in the same way; to the last bit by default."""
    tolerance = tolerance or {"rtol": 0, "atol": 0}
    torch.testing.assert_close(first.go(steps), second.go(steps), **tolerance)


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))


@WORLDS
@SEARCHES
@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("history", [4, 14, 100])
def test_a_resumed_run_is_the_same_to_the_last_bit(world, search, steps, history):
    run = begun(world, search, steps, history_size=history)
    assert_alike(other_with(world, run), run)


@WORLDS
@SEARCHES
@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_pickled_and_deep_copied(world, search, copied):
    run = begun(world, search)
    optimizer = copied(run.optimizer)
    (parameter,) = optimizer.param_groups[0]["params"]
    assert parameter is not run.parameters[0]
    assert_alike(Run(world, [parameter], optimizer, PROBLEM), run)


@WORLDS
@SEARCHES
def test_state_of_torch_is_taken_over(world, search):
    run = begun(TORCHS, search)
    assert_alike(other_with(world, run), run, rtol=1e-10, atol=1e-12)


@WORLDS
@SEARCHES
@pytest.mark.parametrize("curvature", ["absolute", "relative"])
def test_torch_takes_over_ours(world, search, curvature):
    run = begun(world, search, curvature=curvature)
    other = other_with(TORCHS, run)
    assert other.optimizer.param_groups[0]["curvature"] == curvature
    assert_alike(other, run, rtol=1e-10, atol=1e-12)


def test_what_torch_saved_was_made_with_the_absolute_rule():
    weight = torch.nn.Parameter(START.clone())
    optimizer = LBFGS([weight], curvature="relative")
    optimizer.load_state_dict(begun(TORCHS, None).optimizer.state_dict())
    assert optimizer.param_groups[0]["curvature"] == "absolute"


def test_what_is_loaded_is_not_shared():
    run = begun(OURS, "strong_wolfe")
    state = run.optimizer.state_dict()
    other = run_of(OURS, PROBLEM, raw(run.parameters[0]))
    other.optimizer.load_state_dict(state)
    count = len(state["state"][0]["old_dirs"])
    other.go()
    assert len(state["state"][0]["old_dirs"]) == count


def test_loading_in_the_middle_lets_go_of_what_was_prepared():
    """The matrices belong to the pairs of before."""
    run, other = begun(OURS, "strong_wolfe", 3), begun(OURS, "strong_wolfe", 2)
    with torch.no_grad():
        run.parameters[0].copy_(other.parameters[0])
    run.optimizer.load_state_dict(other.optimizer.state_dict())
    assert_alike(run, other)


def test_options_changed_in_the_middle_count_from_then_on():
    run = begun(OURS, "strong_wolfe", 3)
    run.optimizer.param_groups[0]["history_size"] = 3
    run.go()
    assert len(run.state["old_dirs"]) == len(run.state["ro"]) == 3


def test_state_of_a_longer_model_is_refused():
    optimizer = LBFGS([torch.nn.Parameter(torch.ones(5))])
    state = begun(OURS, None).optimizer.state_dict()
    with pytest.raises(ValueError, match="of 6 numbers in .* hold 5.*start afresh"):
        optimizer.load_state_dict(state)
    assert not optimizer.state


def test_state_of_another_method_is_refused():
    optimizer = LBFGS([torch.nn.Parameter(torch.ones(5))])
    state = SGD([torch.nn.Parameter(torch.ones(5))], lr=0.1).state_dict()
    with pytest.raises(ValueError, match="belongs to another optimizer"):
        optimizer.load_state_dict(state)
