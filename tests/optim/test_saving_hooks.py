"""Hooks around saving and loading: when, in what order, with what arguments."""

import copy

import pytest

from tests.engines import compare
from tests.optim.optimizers import WORLDS
from tests.optim.test_optimizer_hooks import EVENTS, note, ready


@pytest.mark.parametrize("event", EVENTS)
def test_saving_and_loading_call_hooks_in_order(event):
    def scenario(world):
        _, optimizer = ready(world)
        log = []
        for when in ("pre", "post"):
            register = getattr(optimizer, f"register_{event}_{when}_hook")
            register(note(log, f"{when} first"))
            handle = register(note(log, f"{when} removed"))
            register(note(log, f"{when} second"))
            register(note(log, f"{when} in front"), prepend=True)
            handle.remove()
        saved = optimizer.state_dict()
        optimizer.load_state_dict(saved)
        return log

    order = ["in front", "first", "second"]
    assert compare(scenario, WORLDS) == [
        f"{w} {o}" for w in ("pre", "post") for o in order
    ]


def test_a_hook_can_replace_what_is_saved():
    def scenario(world):
        _, optimizer = ready(world)
        optimizer.register_state_dict_post_hook(
            lambda given, saved: {**saved, "epoch": 3}
        )
        optimizer.register_state_dict_post_hook(
            lambda given, saved: saved.update(more=saved["epoch"] + 1)
        )
        return optimizer.state_dict()

    assert compare(scenario, WORLDS)["more"] == 4


def test_a_hook_can_replace_what_is_loaded():
    def scenario(world):
        _, optimizer = ready(world)
        saved = optimizer.state_dict()

        def slower(given, loaded):
            loaded["note"] = 1  # in the copy
            groups = [{**each, "lr": 0.1} for each in loaded["param_groups"]]
            return {**loaded, "param_groups": groups}

        optimizer.register_load_state_dict_pre_hook(slower)
        optimizer.load_state_dict(saved)
        return optimizer.state_dict(), sorted(saved)

    loaded, given = compare(scenario, WORLDS)
    assert loaded["param_groups"][0]["lr"] == 0.1
    assert given == ["param_groups", "state"]


def test_a_hook_after_loading_sees_the_new_state():
    def scenario(world):
        _, optimizer = ready(world, momentum=0.9)
        saved = copy.deepcopy(optimizer.state_dict())
        saved["param_groups"][0]["lr"] = 9.0
        seen = []
        optimizer.register_load_state_dict_post_hook(
            lambda given: seen.append(given.param_groups[0]["lr"])
        )
        optimizer.load_state_dict(saved)
        return seen

    assert compare(scenario, WORLDS) == [9.0]


def test_copies_have_no_hooks():
    def scenario(world):
        _, optimizer = ready(world)
        log = []
        optimizer.register_step_pre_hook(note(log, "step"))
        optimizer.register_state_dict_pre_hook(note(log, "save"))
        twin = copy.deepcopy(optimizer)
        twin.step()
        twin.state_dict()
        return log

    assert compare(scenario, WORLDS) == []


def test_hooks_survive_loading():
    def scenario(world):
        _, optimizer = ready(world)
        log = []
        optimizer.register_step_post_hook(note(log, "step"))
        optimizer.load_state_dict(optimizer.state_dict())
        optimizer.step()
        return log

    assert compare(scenario, WORLDS) == ["step"]
