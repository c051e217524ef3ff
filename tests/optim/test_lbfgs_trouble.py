"""What LBFGS does where the loss is no number, and what it refuses."""

import copy
import math
import re

import pytest
import torch

from helpers import problems
from helpers.optim import LBFGS
from tests.engines import raw
from tests.optim.minimising import double, run_of
from tests.optim.optimizers import OUR_WORLDS, TORCHS, raised_by

OURS = OUR_WORLDS[0]
WORLDS = pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
SEARCHES = pytest.mark.parametrize("search", [None, "strong_wolfe"])
LOST = "the loss or its gradient is not finite"


def barrier(point):
    """Lowest at 1; NaN below 0."""
    return (point - torch.log(point)).sum()


@WORLDS
def test_a_search_comes_back_from_where_the_loss_is_no_number(world):
    """Far out torch takes NaN for low; ours ends at the minimum."""
    options = {"line_search_fn": "strong_wolfe", "lr": 50.0, "max_iter": 40}
    there = run_of(TORCHS, barrier, double([0.01, 3.0]), **options)
    assert there.go()[-1][0].min() < 0
    here = run_of(world, barrier, double([0.01, 3.0]), **options)
    torch.testing.assert_close(here.go(4)[-1][0], double([1.0, 1.0]), rtol=0, atol=1e-4)


class Cliff:
    """The sum of x^4, and `bad` times that for an x of 1.5 and more."""

    def __init__(self, calls, bad=math.nan):
        self.calls, self.bad = calls, bad

    def __call__(self, point):
        self.calls.append(raw(point).clone())
        loss = (point * point * point * point).sum()
        return loss if raw(point).abs().max() < 1.5 else loss * self.bad


@WORLDS
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("most", [1, 2, 20])
def test_parameters_are_never_left_in_it(world, most, bad):
    """With max_iter=1 a step ends without a look: the next one begins in the wall."""
    calls = []
    run = run_of(world, Cliff(calls, bad), double([1.0, -0.5]), lr=3.0, max_iter=most)
    with pytest.warns(UserWarning, match=LOST):
        run.go(2)
    point = raw(run.parameters[0])
    assert any(each.abs().max() >= 1.5 for each in calls)
    assert point.abs().max() < 1.5
    assert run.closure().item() == run.closure().item()  # no NaN


def test_parameters_changed_in_between_are_not_put_back():
    calls = []
    run = run_of(OURS, Cliff(calls), double([1.0, -0.5]), lr=3.0, max_iter=1)
    run.go()
    with torch.no_grad():
        run.parameters[0].copy_(double([7.0, 7.0]))  # loaded from elsewhere
    with pytest.warns(UserWarning, match=LOST + " where step"):
        run.go()
    assert run.parameters[0].tolist() == [7.0, 7.0]


@WORLDS
@SEARCHES
def test_a_start_in_it_is_told_and_left(world, search):
    run = run_of(world, barrier, double([-1.0, 2.0]), line_search_fn=search)
    with pytest.warns(UserWarning, match=LOST + " where step"):
        points = run.go()
    assert points[-1][0].tolist() == [-1.0, 2.0]
    assert run.optimizer.evaluations == 1


def test_a_gradient_that_is_no_number_counts_as_well():
    run = run_of(OURS, lambda point: torch.sqrt(point * point).sum(), double([0.0]))
    with pytest.warns(UserWarning, match=LOST):
        run.go()


def test_a_wall_on_all_sides_is_told():
    start = double([2.0, 2.0])

    def pinhole(point):
        loss = (point * point).sum()
        return loss if torch.equal(raw(point), start) else loss * math.nan

    run = run_of(OURS, pinhole, start, line_search_fn="strong_wolfe")
    with pytest.warns(UserWarning, match=LOST + " at any step along the direction"):
        run.go()
    assert run.parameters[0].tolist() == [2.0, 2.0]


def test_a_slope_too_large_for_its_dtype_is_told():
    steep = run_of(OURS, lambda x: (x * 1e200).sum(), double([1.0, 1.0]), lr=1)
    with pytest.warns(UserWarning, match="in the slope, which is too large a number"):
        steep.go()
    assert steep.parameters[0].tolist() == [1.0, 1.0]


def test_after_trouble_it_starts_afresh():
    calls = []
    run = run_of(OURS, Cliff(calls), double([1.0, -0.5]), lr=0.2, max_iter=5)
    run.go()
    run.optimizer.param_groups[0]["lr"] = 40.0
    with pytest.warns(UserWarning, match=LOST):
        run.go()
    assert run.state["old_dirs"] == run.state["old_stps"] == run.state["ro"] == []
    run.optimizer.param_groups[0]["lr"] = 0.2
    before = run.function(*run.parameters).item()
    run.go()
    assert run.function(*run.parameters).item() < before


# What is refused


REFUSED = {
    "lr": (-1.0, ValueError, "Invalid learning rate: -1.0"),
    "max_iter": (0, ValueError, "Invalid max_iter value: 0"),
    "max_eval": (0, ValueError, "Invalid max_eval value: 0"),
    "history_size": (0, ValueError, "Invalid history_size value: 0"),
    "tolerance_grad": (-1e-9, ValueError, "Invalid tolerance_grad value: -1e-09"),
    "tolerance_change": (math.nan, ValueError, "Invalid tolerance_change value: nan"),
    "line_search_fn": ("wolfe", RuntimeError, "only 'strong_wolfe' is supported"),
    "curvature": ("strict", ValueError, "Invalid curvature: 'strict'"),
}
OTHERS = [
    ("lr", math.inf, ValueError, "Invalid lr value: inf"),
    ("lr", "0.1", TypeError, "Invalid learning rate: '0.1' of type str"),
    ("lr", torch.ones(2), ValueError, "Tensor lr must be 1-element"),
    ("max_iter", 2.5, TypeError, "Invalid max_iter value: 2.5 of type float"),
    ("max_iter", True, TypeError, "Invalid max_iter value: True of type bool"),
    ("history_size", None, TypeError, "Invalid history_size value: None"),
    ("line_search_fn", True, RuntimeError, "only 'strong_wolfe' is supported"),
]


@WORLDS
@pytest.mark.parametrize(
    "name, value, kind, words", [*((n, *w) for n, w in REFUSED.items()), *OTHERS]
)
def test_options_that_make_no_sense_are_refused_at_once(
    world, name, value, kind, words
):
    with pytest.raises(kind, match=re.escape(words)) as refused:
        LBFGS([world.leaf(1.0)], **{name: value})
    text = str(refused.value)
    assert ": " in text and re.search(r"set |choose|leave|pass ", text), text


def test_every_option_is_checked():
    weight = torch.nn.Parameter(torch.ones(1))
    assert set(REFUSED) == set(LBFGS([weight]).defaults)


def test_the_class_for_a_line_search_is_torchs():
    def scenario(world):
        run = run_of(world, problems.booth, double([1.0, 2.0]), line_search_fn="exact")
        run.go()

    error, there = raised_by(scenario, OURS), raised_by(scenario, TORCHS)
    assert type(error) is type(there)
    assert str(error).startswith(str(there))


@WORLDS
def test_several_groups_are_refused(world):
    first, second = world.leaf(1.0), world.leaf(2.0)
    groups = [{"params": [first]}, {"params": [second]}]
    with pytest.raises(ValueError, match="Put them into one list") as refused:
        LBFGS(groups)
    there = (
        raised_by(torch.optim.LBFGS, copy.deepcopy(groups)) if world is OURS else None
    )
    assert there is None or str(refused.value).startswith(str(there))
    optimizer = LBFGS([first])
    with pytest.raises(ValueError, match="Put them into one list"):
        optimizer.add_param_group({"params": [second]})
    assert len(optimizer.param_groups) == 1


def test_a_step_needs_its_closure():
    optimizer = LBFGS([torch.nn.Parameter(torch.ones(1))])
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        optimizer.step()
    with pytest.raises(TypeError, match="can't be called"):
        optimizer.step(None)
