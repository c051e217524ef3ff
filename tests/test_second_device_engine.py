"""Our engine beside the CPU: the same numbers, and every array where it belongs."""

import copy
import pickle

import pytest
import torch
from torch.utils._pytree import tree_map

from helpers.autograd import Tensor
from helpers.devices import same_on_every_device
from helpers.optim import Adam
from tests.autograd.op_samples import entries_named, samples_of
from tests.autograd.operations import ONCE_DIFFERENTIABLE, OPERATIONS
from tests.device_reads import Reads
from tests.engines import OURS, Sample, compare, error_of, is_tensor, run

RANDOM = OPERATIONS["nn/dropout"]  # each device has a generator of its own
# What can't run there, or not rightly.
ELSEWHERE = {
    "to": "its samples name the CPU",
    "linalg.eig": "a view of a conjugated view is not conjugated there",
    "linalg.eigvals": "a view of a conjugated view is not conjugated there",
    "masked.cumprod": "torch.masked calls torch.tensor, which that device can't do",
    "masked.cumsum": "torch.masked calls torch.tensor, which that device can't do",
}
# What can't be computed without a look at numbers.
READING = {
    "cumprod": "its derivative is another one where there is a zero",
    "prod": "its derivative is another one where there is a zero",
    "nn.functional.gaussian_nll_loss": "no variance may be negative",
    "tensor_split": "where to cut",
}
NAMES = [
    name
    for names in OPERATIONS.values()
    for name in names
    if name not in [*RANDOM, *ELSEWHERE]
]


def moved(value, device):
    """A tensor's copy on a device, a leaf if it was one; all else as it is."""
    if not is_tensor(value):
        return value
    return value.detach().to(device).requires_grad_(value.requires_grad)


@pytest.mark.parametrize("name", NAMES)
def test_operations_stay_on_the_device_and_read_no_number(name, accelerator):
    second = name not in ONCE_DIFFERENTIABLE
    for entry in entries_named(name):
        for sample in samples_of(entry, most=1):
            args, kwargs = tree_map(
                lambda value: moved(value, accelerator), (sample.args, sample.kwargs)
            )
            with Reads(accelerator) as reads:
                there = run(OURS, Sample(sample.function, args, kwargs), second)
            assert (reads.count > 0) == (name in READING)
            for what, arrays in run(OURS, sample, second).items():
                assert_as_here(there[what], arrays, accelerator)


def assert_as_here(found, wanted, device):
    """Assert that results on a device are those of the CPU, in numbers and kind."""
    for there, here in zip(found, wanted, strict=True):
        if not isinstance(here, torch.Tensor):
            assert there == here
            continue
        assert there.device == device
        torch.testing.assert_close(there, here, check_device=False, equal_nan=True)


def scenario_of_a_number(function, device):
    """A number on the CPU beside an array of the device, and where gradients end."""

    def scenario(engine):
        number = engine.leaf_of(torch.tensor(2.0))
        array = engine.leaf_of(torch.tensor([1.0, 3.0], device=device))
        function(number * 1, array).sum().backward()
        assert number.grad.device.type == "cpu"
        assert array.grad.device == device
        return number.grad, array.grad

    return scenario


@pytest.mark.parametrize(
    "function",
    [
        lambda number, array: number * array,
        lambda number, array: array[0] * number,
        lambda number, array: array / number + number,
        lambda number, array: torch.where(array > 2, array, number),
        lambda number, array: torch.maximum(array, number),
        lambda number, array: array.pow(number),
    ],
)
def test_the_gradient_of_a_number_comes_back_to_its_device(function, accelerator):
    compare(scenario_of_a_number(function, accelerator))


def test_a_functions_gradient_of_a_number_comes_back_to_its_device(accelerator):
    def scenario(engine):
        class Scale(engine.Function):
            @staticmethod
            def forward(ctx, number, array):
                ctx.save_for_backward(number, array)
                return number * array

            @staticmethod
            def backward(ctx, gradient):
                number, array = ctx.saved_tensors
                return (gradient * array).sum(), gradient * number

        return scenario_of_a_number(Scale.apply, accelerator)(engine)

    compare(scenario)


@pytest.mark.parametrize("there_and_back", [False, True])
def test_moving_a_tensor_is_recorded(there_and_back, accelerator):
    def scenario(engine):
        leaf = engine.leaf(1.0, 2.0)
        moved = (leaf * 2).to(accelerator).exp()
        assert moved.device == accelerator
        (moved.cpu() if there_and_back else moved).sum().backward()
        return leaf.grad

    compare(scenario)


def test_a_gradient_of_another_device_is_refused(accelerator):
    def to_backward(engine):
        leaf = engine.leaf_of(torch.ones(2, device=accelerator))
        words = "invalid gradient at index 0 - expected device", "but got cpu"
        wrong = engine.tensor(torch.ones(2))
        return error_of(lambda: (leaf * 2).backward(wrong), *words)

    def to_grad(engine):
        leaf = engine.leaf_of(torch.ones(2, device=accelerator))
        wrong = engine.tensor(torch.ones(2))
        return error_of(lambda: setattr(leaf, "grad", wrong), "'cpu'")

    assert compare(to_backward) is compare(to_grad) is RuntimeError


def test_a_gradient_that_is_a_number_may_come_from_the_cpu(accelerator):
    def scenario(engine):
        leaf = engine.leaf_of(torch.ones(2, device=accelerator))
        leaf.sum().backward(engine.tensor(torch.tensor(3.0)))
        assert leaf.grad.device == accelerator
        return leaf.grad

    compare(scenario)


@pytest.mark.parametrize(
    "function",
    [
        lambda there, here: there * here,
        lambda there, here: there @ here,
        lambda there, here: torch.cat([there, here]),
        lambda there, here: there.add_(here),
        lambda there, here: torch.nn.functional.mse_loss(there, here),
    ],
)
def test_arrays_of_two_devices_are_refused_as_torch_does(function, accelerator):
    def scenario(engine):
        there = engine.leaf_of(torch.ones(2, device=accelerator)) * 1
        call = lambda: function(there, engine.leaf(1.0, 2.0))  # noqa: E731
        return error_of(call, "Expected all tensors to be on the same device", "cpu")

    assert compare(scenario) is RuntimeError


def test_derivatives_are_measured_on_the_device(accelerator):
    def scenario(engine):
        inputs = torch.tensor([0.5, 2.0], dtype=torch.float64, device=accelerator)
        leaf = engine.leaf_of(inputs)
        wrong = engine.gradcheck(
            lambda x: x.exp() + x.detach(), leaf, raise_exception=False
        )
        return (
            engine.gradcheck(torch.sin, leaf),
            engine.gradcheck(lambda x: x.cpu().sin(), leaf),
            engine.gradgradcheck(torch.sin, leaf),
            wrong,
        )

    assert compare(scenario) == (True, True, True, False)


def test_copies_and_pickles_stay_on_the_device(accelerator):
    leaf = OURS.leaf_of(torch.tensor([1.0, 2.0], device=accelerator))
    (leaf * leaf).sum().backward()
    for made in (copy.deepcopy(leaf), pickle.loads(pickle.dumps(leaf))):
        assert made.device == accelerator
        assert made.tolist() == [1.0, 2.0]
    assert copy.deepcopy(leaf).grad.device == accelerator
    assert str(accelerator) in repr(leaf)


def test_modules_of_torch_agree_with_the_cpu(accelerator):
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(1, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.ReLU(),
        torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(27, 5),
        torch.nn.LayerNorm(5),
    )  # fmt: skip
    images, labels = torch.randn(4, 1, 8, 8), torch.tensor([0, 4, 2, 1])

    def gradients(network, images, labels):
        torch.nn.functional.cross_entropy(network(images), labels).backward()
        found = [each.grad for each in network.parameters()]
        assert {each.device.type for each in found} == {images.device.type}
        return found

    assert same_on_every_device(gradients, network, images, labels)


def test_a_network_of_ours_learns_the_same(accelerator):
    torch.manual_seed(0)
    starts = [torch.randn(*shape) for shape in [(2, 8), (8,), (8, 1)]]
    points = torch.randn(16, 2)

    def learn(starts, points):
        weights = [Tensor(each, requires_grad=True) for each in starts]
        optimizer = Adam(weights, lr=0.1)
        for _ in range(5):
            optimizer.zero_grad()
            hidden = torch.tanh(Tensor(points) @ weights[0] + weights[1])
            loss = ((hidden @ weights[2]).squeeze(1) - points.prod(dim=1)).pow(2).mean()
            loss.backward()
            optimizer.step()
        assert {each.device.type for each in weights} == {points.device.type}
        return [loss.data, *(each.data for each in weights)]

    assert same_on_every_device(learn, starts, points)
