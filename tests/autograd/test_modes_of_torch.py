"""torch.autocast and torch.autograd.detect_anomaly around programs of ours."""

import math

import pytest
import torch
import torch.nn.functional as F

from tests.engines import OURS, compare, error_of, warnings_of


def floats(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


LOSSES = {
    "sum": lambda y, x: y.float().sum(),
    "mean squared error": lambda y, x: F.mse_loss(y, x[:, :1]),
    "meets float32": lambda y, x: (y * x).sum(),
    "in half precision": lambda y, x: y.exp().mean(),
    "joined": lambda y, x: torch.cat([y, x], 1).tanh().sum(),
}


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("name", LOSSES)
def test_a_network_under_autocast(name, inside, create_graph):
    def scenario(engine):
        x = engine.tensor(floats(2, 3))
        w, b, v = (
            engine.leaf_of(floats(*shape, seed=seed))
            for seed, shape in enumerate([(4, 3), (4,), (1, 4)])
        )
        with torch.autocast("cpu", torch.bfloat16):
            hidden = torch.relu(F.linear(x, w, b))
            loss = LOSSES[name](hidden @ v.t(), x)
        with torch.autocast("cpu", torch.bfloat16, enabled=inside):
            found = engine.grad(loss, [w, b, v], create_graph=create_graph)
        kinds = [str(each.dtype) for each in (hidden, loss, *found)]
        return kinds, loss.item(), [each.tolist() for each in found]

    kinds = compare(scenario)[0]
    assert kinds[0] == "torch.bfloat16" and kinds[2:] == ["torch.float32"] * 3


def test_gradients_of_gradients_under_autocast_keep_their_precision():
    def scenario(engine):
        a, b = engine.leaf_of(floats(2, 3)), engine.leaf_of(floats(3, 2, seed=1))
        with torch.autocast("cpu", torch.bfloat16):
            loss = (a @ b).square().sum()
        (first,) = engine.grad(loss, a, create_graph=True)
        first.sum().backward()
        return str(first.dtype), str(a.grad.dtype), str(b.grad.dtype)

    compare(scenario)


def bad(engine):
    """A Function whose second gradient is NaN."""

    class Bad(engine.Function):
        @staticmethod
        def forward(ctx, x, y):
            return x + y

        @staticmethod
        def backward(ctx, gradient):
            return gradient, gradient * math.nan

    return Bad.apply


ANOMALIES = {
    "0 * inf": lambda e, x: x.sqrt() * 0,
    "a NaN factor": lambda e, x: x * math.nan,
    "of a Function": lambda e, x: bad(e)(x, x.exp()),
    "nothing": lambda e, x: (x + 1).sqrt() * 0,
}


@pytest.mark.parametrize("check_nan", [True, False])
@pytest.mark.parametrize("create_graph", [True, False])
@pytest.mark.parametrize("name", ANOMALIES)
@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_nan_under_detect_anomaly(name, create_graph, check_nan):
    def scenario(engine):
        x = engine.leaf(0.0, 1.0)
        y = ANOMALIES[name](engine, x)
        with torch.autograd.detect_anomaly(check_nan):
            return error_of(
                lambda: engine.grad(y.sum(), x, create_graph=create_graph),
                "returned nan values in its",
            )

    compare(scenario)


def test_an_anomaly_is_said_to_be_in_its_node():
    x = OURS.leaf(0.0)
    y = x.sqrt() * 0

    def run():
        with torch.autograd.detect_anomaly():
            assert error_of(y.sum().backward, "SqrtBackward0", "0th") is RuntimeError

    assert any("SqrtBackward0" in each for each in warnings_of(run))
