"""Hooks around the saving and loading of a module's state, as torch.nn has them."""

import copy

import pytest
import torch

from tests.engines import error_of
from tests.nn.scenario import LIBRARIES, compare, same_failure


def model_of(library):
    nn = library.nn
    return nn.Sequential(nn.Linear(1, 2), nn.Sequential(nn.BatchNorm1d(2)))


def name_of(module):
    return type(module).__name__


def test_hooks_of_saving_see_what_torchs_see():
    def scenario(library):
        model, log = model_of(library), []

        def before(module, prefix, keep_vars):
            log.append(("before", name_of(module), prefix, keep_vars))

        def after(module, state, prefix, metadata):
            log.append(("after", name_of(module), list(state), prefix, dict(metadata)))
            state[prefix + "noted"] = torch.ones(1)

        handles = []
        for module in model.modules():
            module.register_state_dict_pre_hook(before)
            handles.append(module.register_state_dict_post_hook(after))
        states = [list(model.state_dict())]
        handles[0].remove()
        states += [list(model.state_dict(keep_vars=True, prefix="outer."))]
        return log, states

    log, _ = compare(scenario)
    assert log[0][:3] == ["before", log[0][1], ""]


def test_a_hook_of_saving_returns_nothing():
    def call(library):
        layer = library.nn.Linear(1, 1)
        layer.register_state_dict_post_hook(lambda *given: {})
        layer.state_dict()

    assert same_failure(call, "in place") is RuntimeError


def renamed(module, state, prefix, metadata, strict, missing, unexpected, errors):
    """A hook that takes what was once called `factor` for `weight`."""
    if prefix + "factor" in state:
        state[prefix + "weight"] = state.pop(prefix + "factor")


@pytest.mark.parametrize("assign", [False, True])
def test_hooks_of_loading_see_what_torchs_see(assign):
    def scenario(library):
        model, log = model_of(library), []
        state = copy.deepcopy(model_of(library).state_dict())
        state["0.factor"] = state.pop("0.weight") + 1
        state["needless"] = torch.ones(1)
        del state["1.0.bias"]
        before = list(state)

        def seen(module, given, prefix, metadata, strict, *lists):
            log.append((name_of(module), sorted(given), prefix, metadata.get("version"),
                        metadata.get("assign_to_params_buffers"), strict,
                        copy.deepcopy(lists)))  # fmt: skip

        def after(module, keys):
            log.append((name_of(module), copy.deepcopy(list(keys))))

        for module in model.modules():
            module.register_load_state_dict_pre_hook(seen)
            module.register_load_state_dict_post_hook(after)
        model[0].register_load_state_dict_pre_hook(renamed)
        model.register_load_state_dict_post_hook(lambda m, keys: keys[1].clear())
        keys = model.load_state_dict(state, strict=False, assign=assign)
        assert list(state) == before
        return log, list(keys[0]), list(keys[1]), model.state_dict()

    compare(scenario)


def test_hooks_say_what_strict_loading_refuses():
    def call(library):
        model = model_of(library)
        model.register_load_state_dict_pre_hook(
            lambda *given: given[-1].append("an error of one's own")
        )
        model[0].register_load_state_dict_post_hook(
            lambda module, keys: keys.missing_keys.append("more")
        )
        model.load_state_dict(model.state_dict())

    assert same_failure(call) is RuntimeError


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda each: each.name)
def test_a_hook_of_loading_returns_nothing(library):
    layer = library.nn.Linear(1, 1)
    layer.register_load_state_dict_post_hook(lambda module, keys: keys)
    words = "register_load_state_dict_post_hook", "inplace"
    load = lambda: layer.load_state_dict(layer.state_dict())  # noqa: E731
    assert error_of(load, *words) is AssertionError


def test_hooks_are_removed_and_copied_with_the_module():
    def scenario(library):
        layer, log = library.nn.Linear(1, 1), []
        handle = layer.register_load_state_dict_pre_hook(lambda *given: log.append(1))
        layer.register_load_state_dict_post_hook(lambda *given: log.append(2))
        other = copy.deepcopy(layer)
        handle.remove()
        layer.load_state_dict(other.state_dict())
        other.load_state_dict(layer.state_dict())
        return log

    assert compare(scenario) == [2, 1, 2]


def test_a_subclass_may_save_and_load_in_its_own_way():
    def scenario(library):
        class Own(library.nn.Linear):
            def _save_to_state_dict(self, destination, prefix, keep_vars):
                super()._save_to_state_dict(destination, prefix, keep_vars)
                destination[prefix + "twice"] = destination.pop(prefix + "bias") * 2

            def _load_from_state_dict(self, state_dict, prefix, *others):
                state_dict[prefix + "bias"] = state_dict.pop(prefix + "twice") / 2
                super()._load_from_state_dict(state_dict, prefix, *others)

        model, other = (library.nn.Sequential(Own(1, 1)) for _ in range(2))
        state = model.state_dict()
        other.load_state_dict(state)
        return list(state), model[0].bias, other[0].bias

    compare(scenario)
