"""State that doesn't fit is refused, and changes nothing."""

import copy

import pytest
import torch

from tests.optim.optimizers import OUR_WORLDS, TORCHS, assert_same, raised_by, snapshot
from tests.optim.trajectories import travel

OURS = pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)


def trained(world, method="Adam", shapes=((2,), (3,)), groups=1, **options):
    """An optimizer after two steps."""
    arrays = [torch.ones(shape) for shape in shapes]
    parameters = world.parameters(*arrays)
    parts = [{"params": parameters}]
    if groups == 2:
        parts = [{"params": each} for each in parameters]
    optimizer = world.make(method, parts, **options)
    travel(world, optimizer, parameters, [arrays] * 2)
    return optimizer


def saved_by(world, method="Adam", **options):
    """What another optimizer has saved."""
    return trained(world, method, **options).state_dict()


def without(part):
    """Saved state that lacks a part."""

    def saved(world):
        return {k: v for k, v in saved_by(world).items() if k != part}

    return saved


# What is loaded, and the words; torch refuses these too.
REFUSED = {
    "more groups": (
        lambda world: saved_by(world, groups=2),
        "loaded state dict has a different number of parameter groups",
        "2, and this optimizer has 1",
        "Build it with the same groups",
    ),
    "more parameters": (
        lambda world: saved_by(world, shapes=((2,), (3,), (1,))),
        "loaded state dict contains a parameter group that doesn't match the size of "
        "optimizer's group",
        "3 parameters there and 2 here",
        "over the same parameters, in the same order",
    ),
    "fewer parameters": (
        lambda world: saved_by(world, shapes=((2,),)),
        "loaded state dict contains a parameter group that doesn't match the size of "
        "optimizer's group",
        "1 parameters there and 2 here",
        "over the same parameters, in the same order",
    ),
}
WITHOUT_A_PART = {
    "no groups": (without("param_groups"), "param_groups"),
    "no state": (without("state"), "state"),
    "a model's": (lambda world: torch.nn.Linear(1, 1).state_dict(), "param_groups"),
}
# torch takes these: it fails at a later step, or goes on with wrong numbers. At SGD's
# it stumbles over a missing key.
OURS_ALONE = {
    "another shape": (
        lambda world: saved_by(world, shapes=((2,), (4,))),
        "'exp_avg' of shape (4,) for parameter 1, whose shape is (3,)",
        "the order of its parameters has changed",
    ),
    "another order": (
        lambda world: saved_by(world, shapes=((3,), (2,))),
        "'exp_avg' of shape (3,) for parameter 0, whose shape is (2,)",
        "the order of its parameters has changed",
    ),
    "SGD's": (
        lambda world: saved_by(world, "SGD", momentum=0.9),
        "belongs to another optimizer",
        "'betas', which Adam needs",
        "Load what Adam saved",
    ),
    "RMSprop's": (
        lambda world: saved_by(world, "RMSprop"),
        "belongs to another optimizer",
        "'betas', which Adam needs",
        "Load what Adam saved",
    ),
}


def refused(world, given):
    """The error of loading, after which nothing is changed."""
    optimizer = trained(world)
    before = snapshot(optimizer), copy.deepcopy(optimizer.state_dict()["param_groups"])
    error = raised_by(optimizer.load_state_dict, given)
    assert optimizer.state_dict()["param_groups"] == before[1]
    assert_same(snapshot(optimizer), before[0])
    return error


@OURS
@pytest.mark.parametrize("name", REFUSED)
def test_what_torch_refuses(world, name):
    saved, first, *words = REFUSED[name]
    error, there = refused(world, saved(world)), refused(TORCHS, saved(TORCHS))
    assert type(error) is type(there) is ValueError
    assert str(there).startswith(first)
    for each in (first, *words):
        assert each in str(error)


@OURS
@pytest.mark.parametrize("name", WITHOUT_A_PART)
def test_a_dict_without_its_parts(world, name):
    saved, part = WITHOUT_A_PART[name]
    error = refused(world, saved(world))
    there = raised_by(trained(TORCHS).load_state_dict, saved(TORCHS))
    assert type(error) is type(there) is KeyError
    for words in (f"has no '{part}'", "it has [", "optimizer.state_dict() returned"):
        assert words in str(error)


@OURS
@pytest.mark.parametrize("name", OURS_ALONE)
def test_what_torch_takes(world, name):
    saved, *words = OURS_ALONE[name]
    there = raised_by(trained(TORCHS).load_state_dict, saved(TORCHS))
    assert type(there) is (KeyError if name == "SGD's" else type(None))
    error = refused(world, saved(world))
    assert type(error) is ValueError
    for each in words:
        assert each in str(error), error


NO_DICTS = [None, [], "run.pt", 3, (1,), torch.nn.Linear(1, 1)]


@OURS
@pytest.mark.parametrize("given", NO_DICTS, ids=lambda each: type(each).__name__)
def test_what_is_no_dict(world, given):
    error = refused(world, given)
    assert type(error) is type(raised_by(trained(TORCHS).load_state_dict, given))
    for words in (
        "state_dict must be a dict",
        type(given).__name__,
        "torch.load(path)",
    ):
        assert words in str(error)


@OURS
def test_an_error_in_a_hook_changes_nothing(world):
    optimizer = trained(world)
    optimizer.register_load_state_dict_pre_hook(lambda *given: 1 / 0)
    before = snapshot(optimizer)
    error = raised_by(optimizer.load_state_dict, saved_by(world, lr=0.5))
    assert type(error) is ZeroDivisionError
    assert_same(snapshot(optimizer), before)
    assert optimizer.param_groups[0]["lr"] == 1e-3
