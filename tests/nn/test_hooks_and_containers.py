"""Hooks around forward, and containers, as torch.nn has them."""

from collections import OrderedDict

import pytest
import torch

from helpers import nn
from tests.engines import error_of
from tests.nn.scenario import LIBRARIES, OURS, compare, same_failure


def tracing(library, log):
    """A module whose forward and hooks write down what they meet."""

    class Traced(library.nn.Module):
        def forward(self, input, by=1):
            log.append(("forward", input, by))
            return input * by

    return Traced()


def test_hooks_run_in_order_and_see_what_torchs_see():
    def scenario(library):
        log = []
        module = tracing(library, log)

        def before(name):
            return lambda m, args: log.append((name, args, m is module))

        def before_all(m, args, kwargs):
            log.append(("before, all", args, dict(kwargs)))

        def after(name):
            return lambda m, args, out: log.append((name, args, out))

        def after_all(m, args, kwargs, out):
            log.append(("after, all", args, dict(kwargs), out))

        handles = [
            module.register_forward_pre_hook(before("first")),
            module.register_forward_pre_hook(before_all, with_kwargs=True),
            module.register_forward_pre_hook(before("ahead"), prepend=True),
            module.register_forward_hook(after("second")),
            module.register_forward_hook(after_all, with_kwargs=True),
            module.register_forward_hook(after("ahead"), prepend=True),
        ]
        module(library.tensor(torch.ones(1)), by=2)
        handles[0].remove()
        handles[3].remove()
        module(library.tensor(torch.ones(1)), by=3)
        return log, [type(each).__name__ for each in handles]

    log, handles = compare(scenario)
    assert [line[0] for line in log[:7]] == [
        "ahead", "first", "before, all", "forward", "ahead", "second", "after, all",
    ]  # fmt: skip
    assert set(handles) == {"RemovableHandle"}


def test_hooks_change_arguments_and_output():
    def scenario(library):
        module = tracing(library, [])
        module.register_forward_pre_hook(lambda m, args: args[0] + 1)
        module.register_forward_pre_hook(lambda m, args: (args[0] * 2,))
        module.register_forward_pre_hook(
            lambda m, args, kwargs: (args, {"by": 10}), with_kwargs=True
        )
        module.register_forward_hook(lambda m, args, out: out + 5)
        module.register_forward_hook(lambda m, args, out: None)
        return module(library.tensor(torch.ones(1)))

    compare(scenario)


def test_a_hook_with_keywords_returns_a_pair():
    def call(library):
        module = tracing(library, [])
        module.register_forward_pre_hook(lambda m, a, k: a, with_kwargs=True)
        module(1, by=2)

    assert same_failure(call, "Return both") is RuntimeError


def test_a_hook_may_remove_itself_and_hooks_of_parts_run():
    def scenario(library):
        log = []
        model = library.nn.Sequential(library.nn.ReLU(), library.nn.Tanh())

        def once(m, args, out):
            log.append(type(m).__name__)
            handle.remove()

        handle = model[0].register_forward_hook(once)
        for part in model:
            part.register_forward_hook(lambda m, a, o: log.append(type(m).__name__))
        for _ in range(2):
            model(library.tensor(torch.ones(1)))
        return log

    assert compare(scenario) == ["ReLU", "ReLU", "Tanh", "ReLU", "Tanh"]


@pytest.mark.parametrize("culprit", ["before", "forward", "after"])
def test_hooks_that_are_always_called_see_what_torchs_see(culprit):
    """Those that had their turn are not called again; errors of theirs are warnings."""

    def scenario(library):
        log = []

        class Failing(library.nn.Module):
            def forward(self, input):
                if culprit == "forward":
                    raise ValueError("no")
                return input + 1

        def fail(*seen):
            raise ValueError("no")

        def seen(m, args, kwargs, out):
            log.append((args, dict(kwargs), out))

        module = Failing()
        module.register_forward_pre_hook(lambda m, args: args[0] * 2)
        module.register_forward_hook(seen, with_kwargs=True, always_call=True)
        module.register_forward_hook(seen, with_kwargs=True)
        if culprit != "forward":
            register = getattr(
                module,
                {
                    "before": "register_forward_pre_hook",
                    "after": "register_forward_hook",
                }[culprit],
            )
            register(fail)
        module.register_forward_hook(lambda m, args, out: 5, always_call=True)
        module.register_forward_hook(fail, always_call=True)
        module.register_forward_hook(seen, with_kwargs=True, always_call=True)
        call = lambda: module(library.tensor(torch.ones(1)))  # noqa: E731
        with pytest.warns(UserWarning, match="always_call.* silenced .* forward: no"):
            error = error_of(call, "no")
        return log, error

    log, error = compare(scenario)
    assert error is ValueError and len(log) == (3 if culprit == "after" else 2)


def listed(nn, kind="ModuleList"):
    parts = nn.Linear(1, 2), nn.ReLU(), nn.ReLU(), nn.Linear(2, 1)
    return nn.Sequential(*parts) if kind == "Sequential" else nn.ModuleList(parts)


CHANGES = {
    "get": lambda m, nn: (m[0], m[-1], m[1:], m[:0], m[::2], len(m), list(m)),
    "set": lambda m, nn: m.__setitem__(-1, nn.Tanh()),
    "delete": lambda m, nn: m.__delitem__(1),
    "delete last": lambda m, nn: m.__delitem__(-1),
    "delete some": lambda m, nn: m.__delitem__(slice(1, 3)),
    "delete none": lambda m, nn: m.__delitem__(slice(0, 0)),
    "append": lambda m, nn: m.append(nn.Tanh()) is m,
    "extend": lambda m, nn: m.extend([nn.Tanh(), nn.GELU()]) is m,
    "insert": lambda m, nn: m.insert(1, nn.Tanh()),
    "insert first": lambda m, nn: m.insert(0, nn.Tanh()),
    "pop": lambda m, nn: m.pop(1),
    "iterate": lambda m, nn: list(m),
}


@pytest.mark.parametrize("kind", ["ModuleList", "Sequential"])
@pytest.mark.parametrize("change", CHANGES)
def test_lists_change_as_torchs_do(kind, change):
    def scenario(library):
        model = listed(library.nn, kind)
        result = CHANGES[change](model, library.nn)
        if change in ("insert", "insert first"):
            result = None  # of torch's two lists, one returns itself
        return result, model, list(model.state_dict()), len(model)

    compare(scenario)


@pytest.mark.parametrize("kind", ["ModuleList", "Sequential"])
def test_places_that_are_not_there(kind):
    for place in (4, -5):
        case = f"index {place} is out of range"
        assert (
            same_failure(lambda each, p=place: listed(each.nn, kind)[p]) is IndexError
        )
        assert error_of(lambda p=place: listed(nn, kind)[p], "4 modules", case)
    assert error_of(lambda: listed(nn, kind).append(torch.nn.ReLU())) is TypeError
    assert error_of(lambda: listed(nn, kind).insert(0, 1)) is TypeError


def test_sequences_may_have_names():
    def scenario(library):
        nn = library.nn
        model = nn.Sequential(OrderedDict(first=nn.Linear(1, 1), bend=nn.ReLU()))
        return model, model.first, model[1:], list(model.state_dict()), model[-1]

    compare(scenario)


def test_equal_neighbours_share_a_line():
    def scenario(library):
        nn = library.nn
        block = [nn.Sequential(nn.Linear(1, 1), nn.ReLU()) for _ in range(3)]
        return repr(nn.ModuleList([*block, nn.Tanh(), *block[:1]])), repr(
            nn.ModuleList()
        )

    assert "(0-2): 3 x Sequential" in compare(scenario)[0]


def test_dicts_and_parameter_lists():
    def scenario(library):
        nn = library.nn
        parts = nn.ModuleDict({"a": nn.ReLU(), "b": nn.Linear(1, 1)})
        parts["c"] = nn.Tanh()
        parts.update([("d", nn.GELU())])
        del parts["a"]
        lists = nn.ParameterList([torch.ones(2), nn.Parameter(torch.zeros(1, 2))])
        lists.append(torch.ones(3))
        lists[0] = torch.zeros(1)
        return (
            parts, list(parts), list(parts.keys()), list(parts.values()),
            dict(parts.items()), "b" in parts, "a" in parts, len(parts),
            list(parts.state_dict()), repr(lists), len(lists), list(lists), lists[-1],
            list(lists.state_dict()),
        )  # fmt: skip

    compare(scenario)


def test_dicts_of_parameters():
    def scenario(library):
        nn = library.nn
        own = nn.Parameter(torch.zeros(1, 2))
        dicts = nn.ParameterDict([("b", torch.ones(2)), ("a", own)])
        log = [dicts["a"] is own, repr(dicts), list(dicts), "b" in dicts, len(dicts)]
        dicts["b"] = torch.zeros(3)
        dicts.update({"d": torch.ones(())})
        log += [dicts.setdefault("e", torch.ones(1)), dicts.setdefault("a", own)]
        log += [
            list(reversed(dicts)),
            dicts.get("z", 5),
            dicts.get("a"),
            dicts.pop("d"),
        ]
        log += [list(dicts.items()), list(dicts.values()), list(dicts.keys())]
        log += [list(dicts.state_dict()), dicts.popitem(), dicts.copy() is dicts]
        more = nn.ParameterDict([("b", torch.ones(1)), ("c", torch.ones(2))])
        log += [dicts | more, more | dicts, len(list((dicts | more).parameters()))]
        joined = {"c": 1, "z": 2} | more
        log += [type(joined) is dict, joined]
        dicts |= more
        log += [dicts, dicts.copy(), dicts.fromkeys(["x", "y"], own)]
        del dicts["a"]
        log += [dicts, list(dicts.named_parameters())]
        dicts.clear()
        return log, dicts, len(dicts), [type(each) is nn.Parameter for each in [own]]

    compare(scenario)


@pytest.mark.parametrize("key", ["x.y", "keys", "", 3])
def test_names_that_a_dict_of_parameters_can_not_have(key):
    kinds = []
    for library in LIBRARIES:
        parameters = library.nn.ParameterDict()
        kinds.append(error_of(lambda d=parameters: d.__setitem__(key, torch.ones(1))))
    assert kinds[0] is kinds[1] is not None


def test_what_a_dict_of_parameters_refuses():
    for library in LIBRARIES:
        parameters = library.nn.ParameterDict({"a": torch.ones(1)})
        assert error_of(lambda d=parameters: d["z"]) in (KeyError, AttributeError)
        assert error_of(lambda d=parameters: d(1), "not be called") is RuntimeError
        assert error_of(lambda d=parameters: d.update(3), "int") is TypeError


def test_a_plain_list_is_not_registered_and_a_module_list_is():
    for library in LIBRARIES:
        layers = [library.nn.Linear(1, 1) for _ in range(2)]
        model = library.nn.Module()
        model.layers = layers
        assert not list(model.parameters()), library.name
        model.layers = library.nn.ModuleList(layers)
        assert len(list(model.parameters())) == 4, library.name
    assert OURS.nn is nn
