"""What a script does stays the same beside the loop doctor, whatever it uses."""

import copy
import weakref

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from helpers import optim
from helpers.fast import compiled_step
from helpers.loop import doctor
from helpers.loop.doctor import session


@pytest.fixture
def watched():
    doctor.watch()
    yield session._watch.evidence
    doctor.stop()


def test_module_is_moved_by_swapping(watched):
    layer = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    layer(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    before = [watched.parameters.find(p) for p in layer.parameters()]
    torch.__future__.set_swap_module_params_on_conversion(True)
    try:
        optimizer.zero_grad()
        layer.to(torch.float64)
    finally:
        torch.__future__.set_swap_module_params_on_conversion(False)
    assert layer.weight.dtype == torch.float64
    after = [watched.parameters.find(p) for p in layer.parameters()]
    assert None not in before and after == before


def test_swap_that_is_refused_leaves_the_watch_as_it_was(watched):
    first, second = torch.nn.Parameter(torch.ones(1)), torch.nn.Parameter(torch.ones(1))
    torch.optim.SGD([first], lr=0.1)
    record, other = watched.parameters.find(first), weakref.ref(first)
    with pytest.raises(RuntimeError, match="weakref"):
        torch.utils.swap_tensors(first, second)
    assert other() is first
    assert watched.parameters.find(first) is record


def test_compiled_step_runs_as_without_the_doctor():
    torch.manual_seed(0)
    inputs, targets = torch.randn(8, 2), torch.randn(8, 1)
    first = torch.nn.Linear(2, 1)

    def steps(model):
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        step = compiled_step(model, torch.nn.MSELoss(), optimizer, backend="eager")
        for _ in range(3):
            step(inputs, targets)
        return model.weight

    alone = steps(copy.deepcopy(first))
    doctor.watch()
    try:
        beside = steps(copy.deepcopy(first))
    finally:
        doctor.stop()
    assert torch.equal(alone, beside)


def test_backward_and_step_under_a_dispatch_mode_are_not_looked_into(watched):
    class Count(TorchDispatchMode):
        calls = 0

        def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
            self.calls += 1
            return operation(*args, **(kwargs or {}))

    def calls():
        layer = torch.nn.Linear(2, 1)
        optimizer = torch.optim.SGD(layer.parameters(), lr=torch.tensor(0.1))
        loss = layer(torch.ones(1, 2)).sum()
        with Count() as count:
            loss.backward()
            optimizer.step()
        return count.calls

    seen = calls()
    assert [event.kind for event in watched.of("backward", "step")][-1] == "step"
    doctor.stop()
    assert seen == calls()


def test_watch_within_a_watch_sees_calls_too():
    def keys():
        doctor.watch()
        model = torch.nn.Linear(2, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(4):
            optimizer.zero_grad()
            chances = model(torch.randn(8, 2)).softmax(1)
            torch.nn.functional.cross_entropy(chances, torch.ones(8).long()).backward()
            optimizer.step()
        return [found.key for found in session.findings()]

    outer = session.Watch()
    outer.begin()
    try:
        assert keys() == ["softmax-twice"]
    finally:
        doctor.stop()
        outer.end()


def test_view_whose_history_torch_refuses_to_tell_is_left_alone(watched):
    base = torch.ones(4, requires_grad=True) * 1
    with torch.no_grad():
        view = base.view(2, 2)
    base.mul_(2)
    with pytest.raises(RuntimeError, match="created in no_grad"):
        view.is_leaf  # noqa: B018
    with torch.no_grad():
        assert (view + 1).sum().item() == 12.0
