"""Moves of a whole module: dtypes, the second device, and what they keep."""

import pytest
import torch

from helpers import nn, optim
from helpers.autograd import tensor
from helpers.devices import available_devices, same_on_every_device
from tests.engines import error_of
from tests.nn.scenario import compare


def network(nn):
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.LeakyReLU(),
        nn.MaxPool2d(2), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(8, 4),
        nn.LayerNorm(4), nn.GELU(), nn.Linear(4, 3), nn.Tanh(),
    )  # fmt: skip


MOVES = {
    "double": lambda m, tensor: m.double(),
    "half": lambda m, tensor: m.half(),
    "bfloat16": lambda m, tensor: m.bfloat16(),
    "float": lambda m, tensor: m.double().float(),
    "cpu": lambda m, tensor: m.cpu(),
    "dtype": lambda m, tensor: m.to(torch.float64),
    "keyword": lambda m, tensor: m.to(dtype=torch.float64),
    "device": lambda m, tensor: m.to("cpu"),
    "device, dtype": lambda m, tensor: m.to("cpu", torch.float64),
    "meta": lambda m, tensor: m.to("meta").to(torch.float64),
    "a tensor": lambda m, tensor: m.to(tensor(torch.ones(1).double())),
    "layout": lambda m, tensor: m.to(memory_format=torch.channels_last),
}


@pytest.mark.parametrize("move", MOVES)
def test_moves_keep_parameters_and_move_all_else(move):
    def scenario(library):
        model = network(library.nn)
        model(library.tensor(torch.rand(2, 1, 8, 8))).sum().backward()
        parameters = list(model.parameters())
        grads = [each.grad for each in parameters]
        buffers = list(model.buffers())
        assert MOVES[move](model, library.tensor) is model
        if move == "meta":
            assert all(each.is_meta for each in model.state_dict().values())
            return [str(each.dtype) for each in model.state_dict().values()]
        return (
            [a is b for a, b in zip(parameters, model.parameters(), strict=True)],
            [a.grad is b for a, b in zip(parameters, grads, strict=True)],
            [a is b for a, b in zip(buffers, model.buffers(), strict=True)],
            [each.grad for each in model.parameters()],
            model.state_dict(),
            [each.stride() for each in model.state_dict().values()],
        )  # fmt: skip

    compare(scenario)


def test_a_machine_without_cuda_says_so():
    if any(each.type == "cuda" for each in available_devices()):
        pytest.skip("there is a CUDA device")
    for device in (None, 0, "cuda:1"):
        assert error_of(lambda d=device: nn.Linear(1, 1).cuda(d)) in (
            RuntimeError, AssertionError, NotImplementedError,
        )  # fmt: skip


def test_a_module_moves_to_the_device_and_back(accelerator):
    model = network(nn)
    held = list(model.parameters())
    before = {k: v.clone() for k, v in model.state_dict().items()}
    model(torch.rand(2, 1, 8, 8)).sum().backward()
    before |= {k: v.clone() for k, v in model.state_dict().items() if "norm" not in k}
    model.to(accelerator)
    for each in (*model.state_dict().values(), *(p.grad.data for p in held)):
        assert each.device == accelerator
    assert all(a is b for a, b in zip(held, model.parameters(), strict=True))
    state = model.state_dict()
    model.cpu()
    for name, each in model.state_dict().items():
        torch.testing.assert_close(each, state[name].cpu(), msg=name)


def step(images, targets):
    """The loss, and the first weight, after a step on the device of the images."""
    torch.default_generator.manual_seed(1)
    model = network(nn).to(images.device)
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(3):
        optimizer.zero_grad()
        loss = nn.CrossEntropyLoss(label_smoothing=0.1)(model(tensor(images)), targets)
        loss.backward()
        nn.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return loss.data.cpu(), model[0].weight.data.cpu(), model[1].running_var.data.cpu()


def test_training_is_the_same_on_every_device(accelerator):
    images, targets = torch.rand(4, 1, 8, 8), torch.tensor([0, 1, 2, 0])
    assert same_on_every_device(step, images, targets, tolerance=1e-4)


@pytest.mark.parametrize(
    "make",
    [
        lambda **made: nn.Linear(2, 3, **made),
        lambda **made: nn.Conv2d(1, 2, 3, **made),
        lambda **made: nn.BatchNorm1d(2, **made),
        lambda **made: nn.LayerNorm(2, **made),
        lambda **made: nn.Embedding(2, 3, **made),
    ],
)
def test_layers_are_made_where_and_as_asked(make, device):
    layer = make(device=device, dtype=torch.float64)
    for name, each in layer.state_dict().items():
        assert each.device == device
        assert each.dtype == torch.float64 or name == "num_batches_tracked"


REFUSED = {
    "sizes of text": (lambda nn: nn.Linear("2", 1), TypeError),
    "sizes of parts": (lambda nn: nn.Linear(2, 1.5), TypeError),
    "negative sizes": (lambda nn: nn.Linear(-1, 1), RuntimeError),
    "negative channels": (lambda nn: nn.BatchNorm2d(-1), RuntimeError),
    "no groups": (lambda nn: nn.Conv2d(2, 2, 1, groups=0), ValueError),
    "groups in": (lambda nn: nn.Conv2d(3, 2, 1, groups=2), ValueError),
    "groups out": (lambda nn: nn.Conv2d(2, 3, 1, groups=2), ValueError),
    "padding": (lambda nn: nn.Conv2d(1, 1, 1, padding="all"), ValueError),
    "stride": (lambda nn: nn.Conv2d(1, 1, 1, 2, padding="same"), ValueError),
    "padding mode": (lambda nn: nn.Conv2d(1, 1, 1, padding_mode="x"), ValueError),
    "probability": (lambda nn: nn.Dropout(1.5), ValueError),
    "place of padding": (lambda nn: nn.Embedding(3, 1, padding_idx=3), AssertionError),
    "before the table": (lambda nn: nn.Embedding(3, 1, padding_idx=-4), AssertionError),
    "one value": (lambda nn: nn.BatchNorm1d(2)(torch.rand(1, 2)), ValueError),
    "dimensions": (lambda nn: nn.BatchNorm2d(2)(torch.rand(3, 2)), ValueError),
    "estimate": (lambda nn: nn.GELU("exact")(torch.rand(1)), RuntimeError),
}
WHAT_TO_DO = (
    "pass ", "Pass ", "count again", "change one", "or a number", "use stride 1",
    "Choose one", "choose one", "Give ", "Leave it", "1 is the default",
)  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_can_not_be_a_layer_is_refused_with_torchs_class(what):
    make, kind = REFUSED[what]
    assert error_of(lambda: make(torch.nn)) is kind
    with pytest.raises(kind) as raised:
        make(nn)
    assert any(word in str(raised.value) for word in WHAT_TO_DO), raised.value


def test_one_value_has_no_variance_in_training_only():
    one = torch.rand(1, 2)
    assert nn.BatchNorm1d(2).eval()(one).shape == (1, 2)
    statistics = nn.BatchNorm1d(2)
    assert error_of(lambda: statistics(one), "larger batch, or call eval()") is (
        ValueError
    )
    assert not statistics.num_batches_tracked.item()
