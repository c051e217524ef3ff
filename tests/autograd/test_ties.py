"""Where functions have kinks, jumps, equal elements or no number, against torch.

Several answers are right there, and torch has changed some (2.14: the clamps). Ours are
those of the torch that is installed.
"""

import itertools
from math import inf, nan

import pytest
import torch
import torch.nn.functional as F

from tests.engines import OURS, Sample, compare_gradients

# Every bound and threshold of the functions below, and the ends of numbers.
POINTS = [-inf, -6, -3, -2, -1, -0.5, -0.0, 0.0, 0.5, 1, 2, 3, 6, 20, inf, nan]

OF_ONE = {
    "abs": torch.abs,
    "ceil": torch.ceil,
    "celu": lambda x: F.celu(x, 2.0),
    "clamp": lambda x: x.clamp(-1, 2),
    "clamp, crossed bounds": lambda x: x.clamp(2, -1),
    "clamp, equal bounds": lambda x: x.clamp(1, 1),
    "clamp, in place": lambda x: (x * 1).clamp_(-1, 2),
    "clamp, no maximum": lambda x: x.clamp(min=-1),
    "clamp, no minimum": lambda x: x.clamp(max=2),
    "clamp_max": lambda x: torch.clamp_max(x, 2.0),
    "clamp_min": lambda x: torch.clamp_min(x, -1.0),
    "clip": lambda x: x.clip(-1, 2),
    "elu": F.elu,
    "erf": torch.erf,
    "floor": torch.floor,
    "frac": torch.frac,
    "gelu": F.gelu,
    "gelu, tanh": lambda x: F.gelu(x, approximate="tanh"),
    "hardshrink": F.hardshrink,
    "hardsigmoid": F.hardsigmoid,
    "hardswish": F.hardswish,
    "hardtanh": F.hardtanh,
    "leaky_relu": F.leaky_relu,
    "log": torch.log,
    "logsigmoid": F.logsigmoid,
    "mish": F.mish,
    "nan_to_num": torch.nan_to_num,
    "neg": torch.neg,
    "pow 0": lambda x: x**0,
    "pow 1": lambda x: x**1,
    "pow 2": lambda x: x**2,
    "pow -1": lambda x: x**-1,
    "pow 0.5": lambda x: x**0.5,
    "reciprocal": torch.reciprocal,
    "relu": F.relu,
    "relu6": F.relu6,
    "round": torch.round,
    "rsqrt": torch.rsqrt,
    "selu": F.selu,
    "sgn": torch.sgn,
    "sigmoid": torch.sigmoid,
    "sign": torch.sign,
    "silu": F.silu,
    "sinc": torch.sinc,
    "softplus": lambda x: F.softplus(x, 1, 20),
    "softplus, beta 2": lambda x: F.softplus(x, 2, 12),
    "softshrink": F.softshrink,
    "softsign": F.softsign,
    "sqrt": torch.sqrt,
    "tanh": torch.tanh,
    "tanhshrink": F.tanhshrink,
    "threshold": lambda x: F.threshold(x, 1, 7),
    "trunc": torch.trunc,
    "where": lambda x: torch.where(x > 0, x, x * 3),
}

OF_TWO = {
    "atan2": torch.atan2,
    "copysign": torch.copysign,
    "div": torch.div,
    "fmax": torch.fmax,
    "fmin": torch.fmin,
    "fmod": torch.fmod,
    "hypot": torch.hypot,
    "logaddexp": torch.logaddexp,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "max": torch.max,
    "min": torch.min,
    "mul": torch.mul,
    "pow": torch.pow,
    "prelu": lambda x, weight: F.prelu(x[:, None], weight[:1]) + weight[:, None],
    "remainder": torch.remainder,
    "xlogy": torch.xlogy,
    "clamp_max": torch.clamp_max,
    "clamp_min": torch.clamp_min,
    "huber_loss": lambda x, y: F.huber_loss(x, y, "none", 2.0),
    "l1_loss": lambda x, y: F.l1_loss(x, y, reduction="none"),
    "margin_ranking_loss": lambda x, y: F.margin_ranking_loss(
        x, y, torch.ones_like(y), 1.0, reduction="none"
    ),
    "mse_loss": lambda x, y: F.mse_loss(x, y, reduction="none"),
    "smooth_l1_loss": lambda x, y: F.smooth_l1_loss(x, y, reduction="none", beta=2.0),
}

ROWS = [
    [1, 1, 1, 1],
    [0, 0, 0, 0],
    [2, -2, 2, 1],
    [-0.0, 0.0, 0.0, -1],
    [inf, 1, inf, -inf],
    [-inf, -inf, -inf, -inf],
    [nan, 1, nan, 2],
    [inf, nan, 1, -inf],
    [nan, nan, nan, nan],
]

OF_ROWS = {
    "adaptive_max_pool1d": lambda x: F.adaptive_max_pool1d(x[None], 2),
    "amax": lambda x: x.amax(),
    "amax along": lambda x: x.amax(-1),
    "amin": lambda x: x.amin(),
    "amin along": lambda x: x.amin(-1),
    "cosine_similarity": lambda x: F.cosine_similarity(x, x.flip(-1) * 2, dim=-1),
    "cummax": lambda x: torch.cummax(x, -1),
    "cummin": lambda x: torch.cummin(x, -1),
    "cumprod": lambda x: x.cumprod(-1),
    "dist": lambda x: torch.dist(x, x.flip(-1)),
    "kthvalue": lambda x: torch.kthvalue(x, 2, -1),
    "logsumexp": lambda x: x.logsumexp(-1),
    "log_softmax": lambda x: x.log_softmax(-1),
    "max": lambda x: x.max(),
    "max along": lambda x: x.max(-1),
    "max_pool1d": lambda x: F.max_pool1d(x[None], 2),
    "max_pool2d": lambda x: F.max_pool2d(x[None], (1, 3), 1),
    "median": lambda x: x.median(),
    "median along": lambda x: x.median(-1),
    "min": lambda x: x.min(),
    "min along": lambda x: x.min(-1),
    "mode": lambda x: torch.mode(x, -1),
    "nanmean": lambda x: x.nanmean(-1),
    "nanmedian": lambda x: x.nanmedian(),
    "nanmedian along": lambda x: x.nanmedian(-1),
    "nansum": lambda x: x.nansum(-1),
    "normalize": lambda x: F.normalize(x, dim=-1),
    "prod": lambda x: x.prod(),
    "prod along": lambda x: x.prod(-1),
    "softmax": lambda x: x.softmax(-1),
    "sort": lambda x: torch.sort(x, stable=True),
    "std": lambda x: x.std(-1),
    "topk": lambda x: x.topk(2, -1),
    "var": lambda x: x.var(-1),
}
ORDERS = [0, 0.5, 1, 1.5, 2, 3, inf, -inf]


# Where torch's second derivatives are NaN (of pow at a base of 0), and ours are not.
NO_SECOND = ["pow"]


def leaf(numbers, dtype):
    return torch.tensor(numbers, dtype=dtype, requires_grad=True)


def compare_twice(function, *args, second=True):
    """With and without a graph of the gradients, which must not change them."""
    compare_gradients(Sample(function, args, {}), second=False)
    if second:
        compare_gradients(Sample(function, args, {}))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("name", OF_ONE)
def test_of_one_number(name, dtype):
    compare_twice(OF_ONE[name], leaf(POINTS, dtype))


@pytest.mark.parametrize("name", OF_TWO)
def test_of_two_numbers(name):
    columns = zip(*itertools.product(POINTS, repeat=2), strict=True)
    args = [leaf(column, torch.float64) for column in columns]
    compare_twice(OF_TWO[name], *args, second=name not in NO_SECOND)


@pytest.mark.parametrize("bounds", ["both", "min", "max"])
def test_clamp_between_tensors(bounds):
    some = [-inf, -1, 0, 1, inf, nan]
    columns = zip(*itertools.product(some, repeat=3), strict=True)
    x, low, high = (leaf(column, torch.float64) for column in columns)
    low, high = low if bounds != "max" else None, high if bounds != "min" else None
    compare_twice(torch.clamp, x, low, high)


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("name", OF_ROWS)
def test_of_rows(name, row):
    compare_twice(OF_ROWS[name], leaf([row, ROWS[0]], torch.float64))


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("order", ORDERS)
def test_norms(order, row):
    x = leaf([row, ROWS[0]], torch.float64)
    compare_twice(lambda x: torch.linalg.vector_norm(x, order, -1), x)
    compare_twice(lambda x: torch.linalg.vector_norm(x, order), x)


@pytest.mark.parametrize("name", [*OF_ONE, *OF_TWO])
def test_a_graph_of_the_gradients_does_not_change_them(name):
    function = OF_ONE.get(name) or OF_TWO[name]
    numbers = itertools.product(POINTS, repeat=1 if name in OF_ONE else 2)
    raws = [torch.tensor(each) for each in zip(*numbers, strict=True)]

    def gradients(create_graph):
        leaves = [OURS.leaf_of(raw) for raw in raws]
        result = function(*leaves)
        return OURS.grad(result.sum(), leaves, create_graph=create_graph)

    for plain, recorded in zip(gradients(False), gradients(True), strict=True):
        torch.testing.assert_close(recorded.data, plain.data, equal_nan=True)
