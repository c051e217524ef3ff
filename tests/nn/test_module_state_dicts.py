"""State dicts: between two modules of ours, and between ours and torch's."""

import copy
import io
import pickle

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers import nn
from helpers.autograd import Tensor, tensor
from tests.engines import error_of
from tests.nn.layers import assert_same_state, both
from tests.nn.scenario import LIBRARIES, OURS, compare, failure


def network(nn):
    return nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(),
        nn.Sequential(nn.Linear(8, 4), nn.LayerNorm(4)),
        nn.ModuleDict({"table": nn.Embedding(3, 2)}),
    )  # fmt: skip


def test_they_hold_raw_arrays_that_share_memory():
    model = network(nn)
    state = model.state_dict()
    assert {type(each) for each in state.values()} == {torch.Tensor}
    assert not any(each.requires_grad for each in state.values())
    state["0.bias"].fill_(7)
    assert model[0].bias.tolist() == [7.0, 7.0]
    assert model.state_dict(keep_vars=True)["0.bias"] is model[0].bias
    filled = {"here": 1}
    assert model.state_dict(destination=filled, prefix="m.") is filled
    assert "m.4.0.weight" in filled


def test_they_go_both_ways():
    ours, torchs = both(network)
    torch.nn.init.normal_(torchs[0].weight)
    torchs[1](torch.rand(3, 2, 4, 4))  # statistics that are not the first ones
    assert repr(ours.load_state_dict(torchs.state_dict())) == (
        "<All keys matched successfully>"
    )
    assert_same_state(ours, torchs)
    nn.init.zeros_(ours[4][0].weight)
    torchs.load_state_dict(ours.state_dict())
    assert_same_state(ours, torchs)


def test_they_pass_through_torchs_safe_files():
    ours, torchs = both(network)
    for source, target in ((ours, torchs), (torchs, ours), (ours, network(nn))):
        nn.init.normal_(source[0].weight)
        file = io.BytesIO()
        torch.save(source.state_dict(), file)
        file.seek(0)
        target.load_state_dict(torch.load(file, weights_only=True))
        assert_same_state(source, target)


def test_loading_keeps_the_parameters_and_changes_no_state_dict():
    model = network(nn)
    held = list(model.parameters())
    places = [each.data.data_ptr() for each in held]
    given = {k: tensor(v.clone()) for k, v in network(nn).state_dict().items()}
    before = dict(given)
    model.load_state_dict(given)
    assert all(a is b for a, b in zip(held, model.parameters(), strict=True))
    assert places == [each.data.data_ptr() for each in held]
    assert list(given) == list(before)
    assert all(given[key] is before[key] for key in before)
    assert all(each.is_leaf and each.requires_grad for each in held)


def damaged(library, damage):
    """What loading a damaged state gives, or how it fails; and the state after."""
    model = network(library.nn)
    state = copy.deepcopy(network(library.nn).state_dict())
    strict = damage(state)
    outcome = failure(lambda: model.load_state_dict(state, strict=False), library)
    if outcome is None:
        outcome = model.load_state_dict(state, strict=False)
        outcome = list(outcome.missing_keys), list(outcome.unexpected_keys)
    else:
        outcome = outcome[0], outcome[1].split("\nLoad what")[0]
    if strict is not None:
        return outcome, model.state_dict()
    how = failure(lambda: model.load_state_dict(state), library)
    return outcome, model.state_dict(), how and (how[0], how[1].split("\nLoad what")[0])


KEYS = list(network(nn).state_dict())
DAMAGES = {
    "lost": lambda state, key: state.pop(key),
    "renamed": lambda state, key: state.update({key + "x": state.pop(key)}),
    "foreign": lambda state, key: state.update({f"x.{key}": torch.ones(1)}),
    "below": lambda state, key: state.update({f"{key}.x": torch.ones(1)}),
    "long": lambda state, key: state.update({key: torch.ones(9, 9)}),
    "text": lambda state, key: state.update({key: "text"}),
    "number": lambda state, key: state.update({key: torch.ones(1)}),
}


@given(st.lists(st.tuples(st.sampled_from(list(DAMAGES)), st.sampled_from(KEYS))))
def test_what_does_not_fit_is_told_as_torch_tells_it(damages):
    def damage(state):
        for kind, key in damages:
            if key in state:
                DAMAGES[kind](state, key)

    compare(lambda library: damaged(library, damage))


def test_numbers_may_come_in_one_dimension_as_torch_saved_them_once():
    def scenario(library):
        norm = library.nn.BatchNorm1d(1)
        norm.load_state_dict(
            {**norm.state_dict(), "num_batches_tracked": torch.ones(1)}
        )
        return norm.state_dict()

    compare(scenario)


def test_the_error_says_what_to_do():
    def load():
        nn.Linear(2, 1).load_state_dict({"weight": torch.ones(3, 1), "bais": 1})

    words = (
        'Missing key(s) in state_dict: "bias"',
        "Unexpected key(s) in state_dict",
        ("size mismatch for weight: copying a param with shape torch.Size([3, 1])"),
        "strict=False",
    )
    assert error_of(load, *words) is RuntimeError
    assert error_of(lambda: nn.ReLU().load_state_dict([]), "dict-like") is TypeError


def test_assigned_tensors_take_the_place_of_the_old_ones():
    def scenario(library):
        model = network(library.nn)
        model[0].weight.requires_grad_(False)
        state = {k: v.detach().double() if v.is_floating_point() else v
                 for k, v in network(library.nn).state_dict().items()}  # fmt: skip
        model.load_state_dict(state, assign=True)
        shared = [
            each.data.data_ptr() == state[name].data_ptr()
            for name, each in model.named_parameters()
        ]
        return (
            shared, [str(each.dtype) for each in model.parameters()],
            [each.requires_grad for each in model.parameters()],
            str(model[1].running_mean.dtype),
        )  # fmt: skip

    assert all(compare(scenario)[0])
    given, layer = nn.Parameter(torch.ones(1, 1), requires_grad=False), nn.Linear(1, 1)
    layer.load_state_dict({"weight": given, "bias": torch.ones(1)}, assign=True)
    assert layer.weight is given and given.requires_grad


def test_a_version_older_than_the_count_of_batches_is_loaded():
    def scenario(library):
        model = library.nn.BatchNorm1d(2)
        state = copy.deepcopy(model.state_dict())
        del state["num_batches_tracked"]
        state._metadata[""]["version"] = 1
        old = model.load_state_dict(state)
        state._metadata[""]["version"] = 2
        new = model.load_state_dict(state, strict=False)
        plain = model.load_state_dict(dict(state))
        return [list(each.missing_keys) for each in (old, new, plain)]

    assert compare(scenario) == [[], ["num_batches_tracked"], []]


def test_shared_parts_are_saved_and_loaded_under_each_name():
    def scenario(library):
        layer = library.nn.Linear(1, 1)
        model = library.nn.Sequential(layer, layer)
        named = enumerate(model.state_dict().items())
        state = {name: torch.full_like(each, i) for i, (name, each) in named}
        model.load_state_dict(state)
        del state["1.weight"]
        return model.state_dict(), model.load_state_dict(state, strict=False)[0]

    compare(scenario)


@pytest.mark.parametrize("way", ["deepcopy", "pickle", "torch.save"])
def test_copies_are_whole_and_apart(way):
    model = network(nn)
    model.tied = model[0]
    model.eval()
    model[0](torch.rand(1, 1, 4, 4)).sum().backward()
    if way == "deepcopy":
        made = copy.deepcopy(model)
    elif way == "pickle":
        made = pickle.loads(pickle.dumps(model))
    else:
        file = io.BytesIO()
        torch.save(model, file)
        file.seek(0)
        made = torch.load(file, weights_only=False)
    assert_same_state(made, model)
    assert repr(made) == repr(model) and not made[1].training
    assert made.tied is made[0] and made.tied.weight is made[0].weight
    assert made[0].weight is not model[0].weight
    assert type(made[0].weight) is nn.Parameter and made[0].weight.grad is None
    nn.init.zeros_(made[0].weight)
    assert model[0].weight.data.any()


def test_torchs_parameters_are_copied_without_gradients_too():
    def scenario(library):
        layer = library.nn.Linear(1, 1)
        layer(library.tensor(torch.ones(1, 1))).sum().backward()
        return [each.grad for each in copy.deepcopy(layer).parameters()]

    assert compare(scenario) == [None, None]


def test_a_subclass_may_keep_its_own_state_before_init():
    for library in LIBRARIES:

        class Plain(library.nn.Module):
            def __init__(self):
                self.size = 3
                super().__init__()

        assert Plain().size == 3, library.name
    assert isinstance(OURS.tensor(torch.ones(1)), Tensor)
