"""Whole runs beside torch's: networks, losses and optimizers, step by step."""

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import nn, optim
from helpers.autograd import no_grad, tensor
from helpers.data import digits, loader
from tests.counted import LAYERS
from tests.engines import error_of
from tests.nn.layers import assert_same_state, both, raw

# In float32, rounding that differs can let a max pool choose otherwise after a while.
STEPS = {torch.float64: 8, torch.float32: 2}


pytestmark = pytest.mark.usefixtures("one_thread")


def layer_strategies(width):
    """Layers that take and give images of `width` channels, or samples of it."""
    return st.sampled_from(
        [
            lambda nn: nn.Conv2d(width, width, 3, padding=1),
            lambda nn: nn.Conv2d(width, width, 3, padding="same", bias=False),
            lambda nn: nn.BatchNorm2d(width),
            lambda nn: nn.BatchNorm2d(width, momentum=None),
            lambda nn: nn.BatchNorm2d(width, track_running_stats=False),
            lambda nn: nn.LayerNorm((width, 6, 6)),
            lambda nn: nn.MaxPool2d(3, stride=1, padding=1),
            lambda nn: nn.AvgPool2d(3, stride=1, padding=1),
            lambda nn: nn.ReLU(),
            lambda nn: nn.LeakyReLU(0.1),
            lambda nn: nn.GELU(),
            lambda nn: nn.Tanh(),
            lambda nn: nn.Sigmoid(),
            lambda nn: nn.Dropout(0.2),
            lambda nn: nn.Identity(),
        ]
    )


OPTIMIZERS = {
    "SGD": dict(lr=0.05, momentum=0.9, weight_decay=0.01),
    # eps keeps small what is 0 but for rounding: gradients of a bias before BatchNorm.
    "Adam": dict(lr=0.01, eps=1e-3),
    "AdamW": dict(lr=0.01, eps=1e-3, amsgrad=True),
    "RMSprop": dict(lr=0.01, eps=1e-3),
}
LOSSES = {
    "CrossEntropyLoss": dict(label_smoothing=0.1),
    "MSELoss": {},
    "BCEWithLogitsLoss": {},
}


def network(makers, dtype, nn):
    layers = [make(nn) for make in makers]
    head = [nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2 * 9, 3)]
    return nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), *layers, *head).to(dtype)


def walked(library, optimizers, model, setup, data):
    """The losses of some steps, clipped, with dropout from a seed."""
    name, loss_name, clip = setup
    criterion = getattr(library, loss_name)(**LOSSES[loss_name])
    optimizer = getattr(optimizers, name)(model.parameters(), **OPTIMIZERS[name])
    inputs, targets = data
    losses = []
    torch.default_generator.manual_seed(3)
    for _ in range(STEPS[inputs.dtype]):
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        if clip:
            library.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append(loss.item())
    return losses


def data_for(loss_name, dtype):
    generator = torch.Generator().manual_seed(5)
    inputs = torch.randn(6, 1, 6, 6, generator=generator, dtype=dtype)
    if loss_name == "CrossEntropyLoss":
        return inputs, torch.tensor([0, 1, 2, 2, 1, 0])
    return inputs, torch.rand(6, 3, generator=generator, dtype=dtype)


def test_trajectories_agree(record_property):
    seen = set()

    @settings(max_examples=40)
    @given(st.data())
    def agree(data):
        makers = data.draw(st.lists(layer_strategies(2), min_size=1, max_size=4))
        dtype = data.draw(st.sampled_from([torch.float32, torch.float64]))
        setup = tuple(
            data.draw(st.sampled_from(each))
            for each in (list(OPTIMIZERS), list(LOSSES), [None, 0.5])
        )
        ours, torchs = both(lambda library: network(makers, dtype, library))
        assert_same_state(ours, torchs)
        batch = data_for(setup[1], dtype)
        losses = walked(nn, optim, ours, setup, batch)
        wanted = walked(torch.nn, torch.optim, torchs, setup, batch)
        tolerance = 1e-10 if dtype == torch.float64 else 1e-4
        assert losses == pytest.approx(wanted, rel=tolerance)
        evaluated = raw(ours.eval()(batch[0])), raw(torchs.eval()(batch[0]))
        torch.testing.assert_close(*evaluated, rtol=tolerance, atol=tolerance)
        seen.add((repr(ours), dtype, setup))

    agree()
    record_property(LAYERS, len(seen))


def test_a_run_may_go_on_in_the_other_library():
    """Half a run, the weights handed over, the other half: as if in one library."""
    makers = [lambda nn: nn.BatchNorm2d(2), lambda nn: nn.ReLU()]
    setup, double = ("SGD", "CrossEntropyLoss", None), torch.float64
    batch = data_for(setup[1], double)
    ours, torchs = both(lambda library: network(makers, double, library))
    for model, library, optimizers in (
        (ours, nn, optim), (torchs, torch.nn, torch.optim),
    ):  # fmt: skip
        walked(library, optimizers, model, setup, batch)
    swapped = both(lambda library: network(makers, double, library))
    swapped[0].load_state_dict(torchs.state_dict())
    swapped[1].load_state_dict(ours.state_dict())
    losses = [
        walked(*each, setup, batch)
        for each in (
            (nn, optim, ours), (nn, optim, swapped[0]),
            (torch.nn, torch.optim, torchs), (torch.nn, torch.optim, swapped[1]),
        )
    ]  # fmt: skip
    for each in losses[1:]:
        assert each == pytest.approx(losses[0], rel=1e-10)


def small_net(nn):
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Dropout(0.1), nn.Linear(64, 10),
    )  # fmt: skip


def digits_run(library, optimizers, epochs):
    """Train on the digits; the network, and its accuracy on those for testing."""
    torch.default_generator.manual_seed(0)
    split, model = digits(), small_net(library)
    criterion = library.CrossEntropyLoss()
    optimizer = optimizers.Adam(model.parameters(), lr=0.01)
    images = split.train_inputs.reshape(-1, 1, 8, 8)
    for _ in range(epochs):
        for inputs, targets in loader(images, split.train_targets, batch_size=64):
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
    with no_grad():
        scores = raw(model.eval()(split.test_inputs.reshape(-1, 1, 8, 8)))
    return model, (scores.argmax(1) == split.test_targets).double().mean().item()


def test_digits_are_learned_with_everything_rebuilt_and_as_in_torch():
    ours, accuracy = digits_run(nn, optim, epochs=6)
    torchs, wanted = digits_run(torch.nn, torch.optim, epochs=6)
    assert accuracy >= 0.97
    assert accuracy == pytest.approx(wanted, abs=0.01)
    for name, each in ours.state_dict().items():
        torch.testing.assert_close(
            each, torchs.state_dict()[name], rtol=1e-2, atol=1e-2, msg=name
        )


def test_our_optimizers_hold_parameters_across_a_move_of_the_module():
    model = nn.Linear(2, 1)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    model.double()(torch.ones(1, 2).double()).sum().backward()
    before = model.weight.data.clone()
    optimizer.step()
    torch.testing.assert_close(model.weight.data, before - 1)


def test_a_replaced_parameter_is_not_the_optimizers():
    model = nn.Linear(2, 1)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    model.weight = nn.Parameter(torch.zeros(1, 2))
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    assert not model.weight.data.any()


def test_a_frozen_part_stays():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    model[0].requires_grad_(False)
    frozen = copy.deepcopy(model[0].state_dict())
    optimizer = optim.SGD(model.parameters(), lr=1.0, weight_decay=0.1)
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    assert model[0].weight.grad is None
    torch.testing.assert_close(model[0].state_dict(), frozen)


def test_torchs_optimizers_step_on_the_raw_arrays():
    """They refuse Parameters of ours: hand them the arrays, and the gradients."""
    model, torchs = both(lambda nn: nn.Linear(2, 1))
    assert error_of(lambda: torch.optim.SGD(model.parameters(), lr=1.0)) is TypeError
    arrays = [each.data for each in model.parameters()]
    optimizer = torch.optim.SGD(arrays, lr=1.0)
    model(torch.ones(1, 2)).sum().backward()
    for array, parameter in zip(arrays, model.parameters(), strict=True):
        array.grad = parameter.grad.data
    optimizer.step()
    torchs(torch.ones(1, 2)).sum().backward()
    torch.optim.SGD(torchs.parameters(), lr=1.0).step()
    assert_same_state(model, torchs)


def test_eval_is_not_no_grad():
    model = nn.Linear(1, 1).eval()
    assert model(torch.ones(1)).requires_grad
    with no_grad():
        assert not model.train()(torch.ones(1)).requires_grad


def penalty(library, leaf):
    """The gradients of a penalty on the slope at some points: a second derivative."""
    model = library.Sequential(
        library.Linear(3, 4), library.Tanh(), library.LayerNorm(4),
        library.BatchNorm1d(4), library.Linear(4, 1),
    ).double()  # fmt: skip
    x = leaf(torch.linspace(-1, 1, 6, dtype=torch.float64).reshape(2, 3))
    (slope,) = torch.autograd.grad(model(x).square().sum(), x, create_graph=True)
    slope.square().sum().backward()
    return [raw(each.grad) for each in model.parameters()]


def test_second_derivatives_go_through_layers():
    leaves = {
        nn: lambda x: tensor(x, requires_grad=True),
        torch.nn: lambda x: x.requires_grad_(),
    }
    found = both(lambda library: penalty(library, leaves[library]))
    torch.testing.assert_close(*found)
    assert all(isinstance(each, torch.Tensor) and each.any() for each in found[0][:1])
