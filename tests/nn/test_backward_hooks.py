"""Hooks around the backward of a module, as torch.nn has them."""

from collections import namedtuple

import pytest
import torch

from tests.engines import warnings_of
from tests.nn.scenario import LIBRARIES, OURS, compare, failure, same_failure

Pair = namedtuple("Pair", ["first", "second"])


def leaf(library, *numbers):
    """A leaf that requires grad."""
    return library.tensor(torch.tensor(numbers)).requires_grad_()


def module_of(library, function):
    """A module that computes a function."""

    class Own(library.nn.Module):
        def forward(self, *args, **kwargs):
            return function(*args, **kwargs)

    return Own()


def test_hooks_run_in_order_and_see_what_torchs_see():
    def scenario(library):
        log = []
        model = library.nn.Sequential(library.nn.Tanh(), library.nn.Sigmoid())

        def noting(name):
            return lambda module, *seen: log.append((name, repr(module), seen))

        handles = [
            model.register_full_backward_hook(noting("whole")),
            model[1].register_full_backward_hook(noting("second")),
            model[1].register_full_backward_hook(noting("ahead"), prepend=True),
            model[1].register_full_backward_pre_hook(noting("pre")),
            model[1].register_full_backward_pre_hook(noting("pre ahead"), prepend=True),
            model[0].register_full_backward_hook(noting("first")),
        ]
        x = leaf(library, 1.0, 2.0)
        model(x).sum().backward()
        handles[1].remove()
        handles[3].remove()
        model(x).sum().backward()
        return log, x.grad

    log, _ = compare(scenario)
    assert [name for name, *_ in log[:6]] == [
        "pre ahead", "pre", "ahead", "second", "first", "whole",
    ]  # fmt: skip
    assert len(log) == 10


def test_hooks_change_gradients():
    def scenario(library):
        layer, log = library.nn.Linear(2, 1), []
        layer.register_full_backward_pre_hook(lambda m, out: (out[0] * 10,))
        layer.register_full_backward_pre_hook(lambda m, out: None)
        layer.register_full_backward_hook(lambda m, into, out: (into[0] + 1,))
        layer.register_full_backward_hook(lambda m, *seen: log.append(seen))
        x = leaf(library, 1.0, 2.0)
        layer(x).sum().backward()
        return x.grad, layer.weight.grad, log

    grad, weight, _ = compare(scenario)
    assert weight[1] == [[10.0, 20.0]]


CALLS = {
    "several": lambda lib, m: m(leaf(lib, 1.0), 3, leaf(lib, 2.0)),
    "one without": lambda lib, m: m(leaf(lib, 1.0), None, 4),
    "by keyword": lambda lib, m: m(leaf(lib, 1.0), 3, c=leaf(lib, 2.0)),
}
RESULTS = {
    "one": lambda a, b, c: a * c,
    "pair": lambda a, b, c: (a * c, a + c),
    "mixed": lambda a, b, c: (a * c, b, a.detach()),
    "named": lambda a, b, c: Pair(a * c, c),
    "only the first": lambda a, b, c: (a * 2, c),
}


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("call", CALLS)
def test_a_place_for_each_argument_and_output(call, result):
    def scenario(library):
        log = []
        module = module_of(library, RESULTS[result])
        module.register_full_backward_hook(lambda m, *seen: log.append(seen))
        module.register_full_backward_pre_hook(lambda m, *seen: log.append(seen))
        found = CALLS[call](library, module)
        first = found[0] if isinstance(found, tuple) else found
        first.sum().backward()
        return log, type(found) is Pair, found

    compare(scenario)


def test_gradients_of_gradients_pass_the_hooks():
    def scenario(library):
        log = []
        module = module_of(library, lambda x: x**3)
        module.register_full_backward_hook(lambda m, *seen: log.append(seen))
        x = leaf(library, 2.0)
        for _ in range(2):
            y = module(x).sum()
            y.backward(create_graph=True)
        x.grad.sum().backward()
        return log, x.grad

    compare(scenario)


def test_without_an_input_that_requires_grad_the_hook_runs_at_the_outputs():
    def scenario(library):
        layer, log = library.nn.Linear(1, 1), []
        layer.register_full_backward_hook(lambda m, *seen: log.append(seen))
        loss = layer(library.tensor(torch.ones(1))).sum()
        (warned,) = warnings_of(loss.backward)
        assert warned.startswith("Full backward hook is firing when gradients are")
        with torch.no_grad():
            layer(library.tensor(torch.ones(1)))
        return log, layer.weight.grad

    ((into, out),), _ = compare(scenario)
    assert into == [None] and len(out) == 1


def test_an_input_that_requires_no_grad_has_none():
    """torch's hook sees zeros there."""
    log = []
    module = module_of(OURS, lambda x, y: x * y)
    module.register_full_backward_hook(lambda m, into, out: log.append(into))
    module(leaf(OURS, 1.0), OURS.tensor(torch.ones(1))).sum().backward()
    ((first, second),) = log
    assert first.tolist() == [1.0] and second is None


def test_what_is_no_tensor_is_warned_of():
    def scenario(library):
        log = []
        module = module_of(library, lambda x: {"y": x * 2})
        module.register_full_backward_hook(lambda m, *seen: log.append(seen))
        x = leaf(library, 1.0)
        (warned,) = warnings_of(lambda: module(x)["y"].sum().backward())
        assert "module output should be a Tensor or a tuple of Tensors" in warned
        return log, x.grad

    compare(scenario)


WRONG = {
    "too few": (lambda m, into, out: (), None),
    "too many of outputs": (None, lambda m, out: (out[0], out[0])),
}


@pytest.mark.parametrize("hooks", WRONG.values(), ids=WRONG)
def test_another_number_of_gradients_is_refused(hooks):
    def call(library):
        module = library.nn.Tanh()
        if hooks[0]:
            module.register_full_backward_hook(hooks[0])
        if hooks[1]:
            module.register_full_backward_pre_hook(hooks[1])
        module(leaf(library, 1.0)).sum().backward()

    assert same_failure(call, "Return a tuple with one for each") is RuntimeError


@pytest.mark.filterwarnings("ignore:Full backward hook is firing")
def test_a_gradient_for_no_input_is_refused():
    def call(library):
        layer = library.nn.Linear(1, 1)
        layer.register_full_backward_hook(lambda m, into, out: (out[0],))
        layer(library.tensor(torch.ones(1))).sum().backward()

    assert same_failure(call, "Return None") is RuntimeError


def test_changes_in_place_of_what_passed_are_refused():
    for place in ("argument", "output"):

        def call(library, place=place):
            def function(x):
                return x.mul_(2) if place == "argument" else x * 2

            module = module_of(library, function)
            module.register_full_backward_hook(lambda *seen: None)
            found = module(leaf(library, 1.0) * 1)
            found.add_(1)

        found = [failure(lambda each=lib: call(each), lib) for lib in LIBRARIES]
        assert found[0][0] is found[1][0] is RuntimeError, place
        assert "is a view and is being modified inplace" in found[0][1]
