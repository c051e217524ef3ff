"""Our code where tensors have no numbers: where results lie, and what is waited for.

In PyTorch's FakeTensorMode tensors have a device, a shape and a dtype alone; what reads
a number raises DataDependentOutputException. CUDA can be named there without a GPU,
except where an operation asks its driver; so there is also the second device.
"""

import pytest
import torch
from torch._subclasses.fake_tensor import (
    DataDependentOutputException,
    DynamicOutputShapeException,
    FakeTensor,
    FakeTensorMode,
)
from torch.utils._python_dispatch import TorchDispatchMode

from helpers import optim
from helpers.autograd import Tensor
from helpers.devices import available_devices
from tests import second_device
from tests.engines import OURS, gradients_of
from tests.optim.optimizers import (
    CAPTURABLE,
    METHODS,
    NUMBERS,
    OUR_WORLDS,
    OURS_ON_OURS,
    WAITING,
    raw,
)

CPU, CUDA = torch.device("cpu"), torch.device("cuda", 0)
SECOND = available_devices()[-1]
DEVICES = list(dict.fromkeys([CUDA, SECOND]))
WAYS = {
    "alone": {},
    "loop": dict(foreach=False),
    "lists": dict(foreach=True),
    "capturable": dict(capturable=True),
    "capturable lists": dict(capturable=True, foreach=True),
}
SETTINGS = [
    pytest.param(method, options, device, id=f"{method}-{way}-{device}")
    for method in METHODS
    for way, options in WAYS.items()
    for device in DEVICES
    if "capturable" not in way or (method in CAPTURABLE and device == SECOND)
    if method not in WAITING or "capturable" in way
    if method != "Rprop" or device == SECOND  # builds for the CPU copy no fake of CUDA
]
ALL_OPTIONS = {
    "SGD": dict(momentum=0.9, weight_decay=0.1, nesterov=True, maximize=True),
    "Adagrad": dict(lr_decay=0.1),
    "RMSprop": dict(momentum=0.9, centered=True),
    "Adam": dict(amsgrad=True, weight_decay=0.1),
    "AdamW": dict(amsgrad=True),
    "NAdam": dict(decoupled_weight_decay=True, weight_decay=0.1),
    "RAdam": dict(weight_decay=0.1),
    "Adadelta": dict(weight_decay=0.1, maximize=True),
}
pytestmark = pytest.mark.skipif(SECOND == CPU, reason=str(second_device.missing()))


class NumbersOfTheCPU(TorchDispatchMode):
    """Lets a number on the CPU be read: nobody waits for it. It is always 2."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        reads = function is torch.ops.aten._local_scalar_dense.default
        if reads and args[0].device.type == "cpu":
            return 2.0
        return function(*args, **(kwargs or {}))


@pytest.fixture(autouse=True)
def shapes_alone():
    """Each test runs where tensors have no numbers."""
    with FakeTensorMode(), NumbersOfTheCPU():
        yield


def leaf(*shape, device=SECOND):
    """A leaf of our engine."""
    return Tensor(torch.empty(shape, device=device), requires_grad=True)


def give_gradients(world, parameters):
    """A gradient for each parameter."""
    world.give(parameters, [torch.empty_like(raw(each)) for each in parameters])


@pytest.mark.parametrize("device", DEVICES)
def test_a_number_on_a_device_cannot_be_read(device):
    with pytest.raises(DataDependentOutputException):
        torch.ones((), device=device).item()
    assert torch.ones(()).item() == 2


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("method, way, device", SETTINGS)
def test_steps_wait_for_nothing_and_keep_their_state_there(method, way, device, world):
    shapes = [(3, 2), (4,), ()]
    parameters = world.parameters(*(torch.empty(s, device=device) for s in shapes))
    optimizer = world.make(method, parameters, **ALL_OPTIONS.get(method, {}), **way)
    for _ in range(3):
        give_gradients(world, parameters)
        optimizer.step()
    assert [each.device for each in parameters] == [device] * 3
    for parameter, shape in zip(parameters, shapes, strict=True):
        assert parameter.shape == shape
        for name, value in optimizer.state.get(parameter, {}).items():
            is_number = name in ("step", *NUMBERS.get(method, ()))
            stays = is_number and "capturable" not in way
            assert raw(value).device == (CPU if stays else device), name
            assert value.shape == (() if is_number else shape)


@pytest.mark.parametrize("method", CAPTURABLE)
def test_a_step_for_capture_refuses_a_count_on_the_cpu(method):
    parameters = OURS_ON_OURS.parameters(torch.empty(2, device=SECOND))
    optimizer = OURS_ON_OURS.make(method, parameters, capturable=True)
    give_gradients(OURS_ON_OURS, parameters)
    optimizer.step()
    optimizer.state[parameters[0]]["step"] = torch.zeros(())
    with pytest.raises(AssertionError, match="its step count on cpu"):
        optimizer.step()


@pytest.mark.parametrize("method", sorted({*METHODS} - {*WAITING}))
def test_state_is_loaded_onto_the_device(method):
    optimizers = {}
    for device in ("cpu", SECOND):
        parameters = OURS_ON_OURS.parameters(torch.empty(2, device=device))
        optimizer = OURS_ON_OURS.make(method, parameters, **ALL_OPTIONS.get(method, {}))
        give_gradients(OURS_ON_OURS, parameters)
        optimizer.step()
        optimizers[device] = optimizer
    optimizers[SECOND].load_state_dict(optimizers["cpu"].state_dict())
    for state in optimizers[SECOND].state.values():
        for name, value in state.items():
            assert raw(value).device == (CPU if name == "step" else SECOND), name


FUNCTIONS = [
    lambda x, w: x @ w,
    lambda x, w: torch.nn.functional.linear(x, w.T, w[0]),
    lambda x, w: (x @ w).tanh() * 2,
    lambda x, w: torch.softmax(x @ w, dim=1),
    lambda x, w: (x @ w).relu().sum(dim=0, keepdim=True) + w,
    lambda x, w: torch.cat([x, w]).mean(),
    lambda x, w: torch.stack(x.split(1)[:3] + w.split(1)).max(dim=0).values,
    lambda x, w: x[1:, :2] + w[0, :2],
    lambda x, w: x[:, torch.tensor([0, 2])].T @ x @ w,
    lambda x, w: torch.einsum("ij,jk->ik", x, w).abs(),
    lambda x, w: torch.where(x > 0, x, w[0]),
    lambda x, w: (x @ w).view(-1).sort().values.cumsum(0),
    lambda x, w: torch.nn.functional.layer_norm(x, (3,), w[0], w[1]),
    lambda x, w: torch.nn.functional.mse_loss(x @ w, x),
    lambda x, w: torch.nn.functional.nll_loss(
        (x @ w).log_softmax(1), torch.zeros(4, dtype=torch.int64, device=SECOND)
    ),
    lambda x, w: torch.nn.functional.conv1d(x.T[None], w[None].expand(2, 3, 3)),
    lambda x, w: torch.linalg.solve(w, x.T),
    lambda x, w: torch.logsumexp(x, 1).std() + w.norm(),
    lambda x, w: (
        (x @ w).clone().mul_(2).index_select(0, torch.arange(2, device=SECOND))
    ),
    lambda x, w: (x @ w).to(torch.float16).float().flatten().pow(3),
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_operations_stay_on_the_device_and_read_no_number(function):
    leaves = leaf(4, 3), leaf(3, 3)
    out = function(*leaves)
    assert isinstance(out.data, FakeTensor)
    found = gradients_of(OURS, [out], leaves, 0, create_graph=True)
    for gradient, like in zip(found, leaves, strict=True):
        assert (gradient.device, gradient.shape) == (SECOND, like.shape)
    again = OURS.differentiable(found)
    for gradient in gradients_of(OURS, again, leaves, 0, create_graph=False):
        assert gradient is None or gradient.device == SECOND


@pytest.mark.parametrize("name", ["cumprod", "prod", "masked_select"])
def test_what_must_be_read_is_read(name):
    x = leaf(3)
    call = {
        "cumprod": lambda: x.cumprod(0),
        "prod": lambda: x.prod(),
        "masked_select": lambda: x.masked_select(torch.ones(3, device=SECOND) > 0),
    }[name]
    with pytest.raises((DataDependentOutputException, DynamicOutputShapeException)):
        call().sum().backward()


@pytest.mark.parametrize("device", DEVICES)
def test_a_network_learns_without_waiting(device):
    weights = [leaf(*shape, device=device) for shape in [(3, 8), (8,), (8, 1)]]
    points, targets = (torch.empty(16, size, device=device) for size in (3, 1))
    optimizer = optim.Adam(weights, lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        hidden = torch.tanh(Tensor(points) @ weights[0] + weights[1])
        torch.nn.functional.mse_loss(hidden @ weights[2], targets).backward()
        optimizer.step()
    for weight in weights:
        assert weight.device == weight.grad.device == device


def test_a_list_of_outputs_is_told_from_a_tensor_of_a_subclass():
    x = leaf(4, 3)
    first, second = x.split([1, 3])
    assert (first.edge.index, second.edge.index) == (0, 1)
    assert (x * 2).edge.outputs == 1
    assert (x * 2).grad_fn.name() == "MulBackward0"


def test_a_number_of_the_cpu_meets_an_array_and_gets_its_gradient_back():
    number, x = leaf(device="cpu"), leaf(3)
    (x * number).sum().backward()
    assert (number.grad.device.type, x.grad.device) == ("cpu", SECOND)


@pytest.mark.parametrize(
    "mix", [lambda a, b: a * b, lambda a, b: a @ b, lambda a, b: torch.cat([a, b])]
)
def test_arrays_of_two_devices_are_refused(mix):
    with pytest.raises(Exception, match="[dD]evice"):
        mix(leaf(2), leaf(2, device="cpu"))


@pytest.mark.parametrize("method", ["LBFGS", "ConjugateGradient"])
def test_methods_with_a_closure_read_the_loss_first(method):
    """What they do next depends on it: they can't but wait, and need no context."""
    x = leaf(2)

    def closure():
        x.grad = None
        loss = (x * x).sum()
        loss.backward()
        return loss

    optimizer = getattr(optim, method)([x])
    with pytest.raises(DataDependentOutputException) as caught:
        optimizer.step(closure)
    places = [entry.name for entry in caught.traceback]
    assert "evaluate" in places
    assert "number_in" in places
