"""What a Module registers, and the walks over it, as torch.nn.Module does it."""

import pytest
import torch

from helpers import nn, optim
from helpers.autograd import Tensor
from tests.engines import error_of
from tests.nn.scenario import OURS, TORCHS, compare, failure, same_failure


def names_of(module):
    return {
        "parameters": [name for name, _ in module.named_parameters()],
        "own": [name for name, _ in module.named_parameters(recurse=False)],
        "prefixed": [name for name, _ in module.named_parameters(prefix="p")],
        "all": [name for name, _ in module.named_parameters(remove_duplicate=False)],
        "buffers": [name for name, _ in module.named_buffers()],
        "modules": [name for name, _ in module.named_modules()],
        "every": [name for name, _ in module.named_modules(remove_duplicate=False)],
        "children": [name for name, _ in module.named_children()],
        "state": list(module.state_dict()),
        "counts": [
            len(list(each))
            for each in (
                module.parameters(), module.buffers(), module.modules(),
                module.children(),
            )
        ],
    }  # fmt: skip


def network(nn):
    """A class of each library's Module, with parts of all kinds."""

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.ones(2))
            self.first = nn.Linear(2, 2)
            self.hidden = nn.ModuleList([nn.Linear(2, 2), nn.ReLU()])
            self.plain = [nn.Linear(2, 2)]  # not registered
            self.tied = self.first
            self.missing = None
            self.register_parameter("nothing", None)
            self.register_buffer("mean", torch.zeros(2))
            self.register_buffer("scratch", torch.zeros(2), persistent=False)
            self.norm = nn.BatchNorm1d(2)

        def forward(self, input):
            input = self.first(input) * self.scale + self.mean
            for layer in self.hidden:
                input = layer(input)
            return self.norm(self.tied(input))

    return Network()


def test_names_come_in_torchs_order_and_each_once():
    outcome = compare(lambda library: names_of(network(library.nn)))
    assert outcome["parameters"][0] == "scale"
    assert not any("plain" in name for name in outcome["all"])


def test_looks_are_torchs():
    looks = compare(lambda each: repr(network(each.nn)).replace(", bias=True", ""))
    assert "(first): Linear" in looks
    compare(lambda each: repr(each.nn.Module()))
    compare(lambda each: repr(each.nn.Parameter(torch.arange(3.0))))
    compare(lambda each: repr(each.nn.Parameter(torch.ones(1), requires_grad=False)))


def test_forward_and_gradients_are_torchs():
    def scenario(library):
        model = network(library.nn)
        model(library.tensor(torch.rand(4, 2))).square().sum().backward()
        return {name: each.grad for name, each in model.named_parameters()}

    compare(scenario)


def changed(library, change):
    """The names of a network after a change, and its attribute `x`."""
    model = network(library.nn)
    change(model, library.nn, library.tensor)
    parts = [repr(getattr(model, name, "none")) for name in ("x", "plain", "first")]
    return {**names_of(model), "parts": parts}


CHANGES = {
    "parameter for module": lambda m, nn, t: setattr(
        m, "first", nn.Parameter(torch.ones(1))
    ),
    "parameter for buffer": lambda m, nn, t: setattr(
        m, "scratch", nn.Parameter(torch.ones(1))
    ),
    "module for buffer": lambda m, nn, t: setattr(m, "mean", nn.ReLU()),
    "module for plain": lambda m, nn, t: setattr(m, "plain", nn.ReLU()),
    "none for parameter": lambda m, nn, t: setattr(m, "scale", None),
    "none for module": lambda m, nn, t: setattr(m, "first", None),
    "none for buffer": lambda m, nn, t: setattr(m, "mean", None),
    "buffer again": lambda m, nn, t: setattr(m, "scratch", t(torch.ones(3))),
    "none, then parameter": lambda m, nn, t: setattr(
        m, "nothing", nn.Parameter(torch.ones(1))
    ),
    "new parameter": lambda m, nn, t: setattr(m, "x", nn.Parameter(torch.ones(1))),
    "new tensor": lambda m, nn, t: setattr(m, "x", t(torch.ones(1))),
    "same parameter twice": lambda m, nn, t: setattr(m, "x", m.scale),
    "deleted parameter": lambda m, nn, t: delattr(m, "scale"),
    "deleted module": lambda m, nn, t: delattr(m, "hidden"),
    "deleted buffer": lambda m, nn, t: delattr(m, "scratch"),
    "deleted plain": lambda m, nn, t: delattr(m, "plain"),
    "added module": lambda m, nn, t: m.add_module("x", nn.Tanh()),
    "registered module": lambda m, nn, t: m.register_module("x", None),
    "registered buffer": lambda m, nn, t: m.register_buffer("x", torch.ones(1)),
    "no buffer": lambda m, nn, t: m.register_buffer("x", None),
    "in the state again": lambda m, nn, t: m.register_buffer("scratch", torch.ones(1)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changes_of_attributes_end_as_in_torch(change):
    compare(lambda library: changed(library, CHANGES[change]))


def early(part):
    """A class that assigns a part before super().__init__()."""

    def make(library):
        class Early(library.nn.Module):
            def __init__(self):
                if part == "buffer":
                    self.register_buffer("part", torch.ones(1))
                elif part == "parameter":
                    self.part = library.nn.Parameter(torch.ones(1))
                else:
                    self.part = library.nn.ReLU()
                super().__init__()

        return Early()

    return make


FAILURES = {
    "early parameter": (AttributeError, early("parameter"), "super().__init__()"),
    "early module": (AttributeError, early("module"), "super().__init__()"),
    "early buffer": (AttributeError, early("buffer"), "super().__init__()"),
    "tensor for parameter": (
        TypeError,
        lambda each: setattr(each.nn.Linear(1, 1), "weight", [1.0]),
        "Wrap it",
    ),
    "module for parameter": (
        TypeError, lambda each: setattr(network(each.nn), "scale", each.nn.ReLU()),
        "cannot assign", "as parameter 'scale'",
    ),
    "number for module": (
        TypeError, lambda each: setattr(network(each.nn), "first", 1), "Wrap it",
    ),
    "text for buffer": (
        TypeError, lambda each: setattr(network(each.nn), "mean", "0"), "Wrap it",
    ),
    "no attribute": (AttributeError, lambda each: network(each.nn).foo),
    "nothing deleted": (AttributeError, lambda each: delattr(each.nn.ReLU(), "foo")),
    "no forward": (
        NotImplementedError, lambda each: each.nn.Module()(1), "write one",
    ),
    "dot in a name": (
        KeyError, lambda each: each.nn.Module().register_parameter("a.b", None), "_",
    ),
    "no name": (
        KeyError, lambda each: each.nn.Module().register_buffer("", None), "Give it",
    ),
    "name of a method": (
        KeyError, lambda each: each.nn.Module().add_module("forward", None), "another",
    ),
    "number for a name": (
        TypeError, lambda each: each.nn.Module().register_parameter(1, None), "str(",
    ),
    "list for parameter": (
        TypeError, lambda each: each.nn.Module().register_parameter("a", [1]), "Wrap",
    ),
    "list for buffer": (
        TypeError, lambda each: each.nn.Module().register_buffer("a", [1]), "Wrap",
    ),
    "class for module": (
        TypeError,
        lambda each: each.nn.Module().add_module("a", each.nn.ReLU),
        "helpers.nn",
    ),
    "no path": (AttributeError, lambda each: network(each.nn).get_submodule("first.x")),
    "no module": (AttributeError, lambda each: network(each.nn).get_submodule("scale")),
    "no parameter": (
        AttributeError, lambda each: network(each.nn).get_parameter("mean"),
    ),
    "no buffer": (AttributeError, lambda each: network(each.nn).get_buffer("scale")),
    "no such parameter": (
        AttributeError, lambda each: network(each.nn).get_parameter("first.x"),
    ),
    "no mode": (ValueError, lambda each: each.nn.ReLU().train("yes"), "eval()"),
    "integers": (TypeError, lambda each: each.nn.ReLU().to(torch.int64), "float64"),
    "integers learned": (
        RuntimeError, lambda each: each.nn.Parameter(torch.ones(1, dtype=int)).x,
    ),
}  # fmt: skip


# Where torch's text begins otherwise: by other names of classes, or of none.
OTHER_WORDS = """
    module for parameter, text for buffer, no name, name of a method, integers learned,
    class for module
"""


@pytest.mark.parametrize("what", FAILURES)
def test_what_is_refused_is_refused_with_torchs_class(what):
    kind, call, *words = FAILURES[what]
    if what not in OTHER_WORDS:
        assert same_failure(call, *words) is kind
        return
    assert failure(lambda: call(TORCHS), TORCHS)[0] is kind
    assert failure(lambda: call(OURS), OURS, *words)[0] is kind


def test_torchs_own_parts_are_refused_rather_than_lost():
    model = nn.Module()
    for part in (torch.nn.Linear(1, 1), torch.nn.Parameter(torch.ones(1))):
        for call in (
            lambda p=part: setattr(model, "part", p),
            lambda p=part: model.register_parameter("part", p),
            lambda p=part: model.add_module("part", p),
        ):
            assert error_of(call, "helpers.nn", "functional_call") is TypeError
    assert not list(model.parameters())


def test_paths_lead_to_the_parts():
    def scenario(library):
        model = network(library.nn)
        return (
            model.get_submodule("") is model,
            model.get_submodule("hidden.1"),
            model.get_parameter("hidden.0.weight") is model.hidden[0].weight,
            model.get_buffer("norm.running_mean") is model.norm.running_mean,
        )

    compare(scenario)


def test_apply_goes_from_the_parts_to_the_whole():
    def scenario(library):
        seen = []
        model = network(library.nn)
        assert model.apply(lambda each: seen.append(type(each).__name__)) is model
        return seen

    compare(scenario)


def test_modes_freezing_and_clearing_reach_all_parts():
    def scenario(library):
        model = network(library.nn)
        model(library.tensor(torch.rand(3, 2))).sum().backward()
        found = [model.eval().training, [each.training for each in model.modules()]]
        found += [each.training for each in model.train().modules()]
        model.zero_grad(set_to_none=False)
        found += [each.grad for each in model.parameters()]
        model.zero_grad()
        found += [each.grad for each in model.parameters()]
        model.requires_grad_(False)
        found += [each.requires_grad for each in model.parameters()]
        return found

    compare(scenario)


def test_zero_grad_clears_its_own_parameters_only():
    body, head = nn.Linear(2, 2), nn.Linear(2, 1)
    optimizer = optim.SGD(head.parameters(), lr=0.1)
    head(body(torch.ones(1, 2))).sum().backward()
    optimizer.zero_grad()
    assert head.weight.grad is None and body.weight.grad is not None
    body.zero_grad()
    assert body.weight.grad is None


def test_a_tied_weight_counts_once_and_gathers_both_gradients():
    def scenario(library):
        model = library.nn.Sequential(
            library.nn.Linear(2, 2), library.nn.Linear(2, 2, bias=False)
        )
        model[1].weight = model[0].weight
        model(library.tensor(torch.rand(3, 2))).sum().backward()
        names = [name for name, _ in model.named_parameters()]
        return names, list(model.state_dict()), model[0].weight.grad

    assert compare(scenario)[0] == ["0.weight", "0.bias"]


def test_parameters_survive_what_is_done_to_their_results():
    layer = nn.Linear(2, 2)
    for made in (layer.weight + 1, layer.weight.detach(), layer.weight.t()):
        assert type(made) is not nn.Parameter and isinstance(made, Tensor)
    shared = torch.ones(2)
    assert nn.Parameter(shared).data.data_ptr() == shared.data_ptr()
    computed = nn.Parameter(layer.weight * 2)
    assert computed.is_leaf and computed.requires_grad
