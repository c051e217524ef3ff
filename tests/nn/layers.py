"""Layers and losses to compare with torch.nn: how each is made, and what it is given.

With this module one can: draw a layer with settings and an input (`layer_cases`), and
make the same module in both libraries, from one seed (`both`).
"""

from dataclasses import dataclass, field

import torch
from hypothesis import strategies as st

from helpers import nn
from helpers.autograd import Tensor


@dataclass(frozen=True)
class Case:
    """A layer's class by name, its arguments, and the shape of its input.

    `highest` is above all numbers of an input of integers, and None for one of reals.
    """

    name: str
    args: tuple
    kwargs: dict
    shape: tuple
    highest: int | None = None
    training: bool = True
    dtype: torch.dtype = field(default=torch.float32)

    def made(self, library):
        """The layer, in one of the libraries, with numbers from one seed."""
        torch.default_generator.manual_seed(1)
        layer = getattr(library, self.name)(*self.args, **self.kwargs)
        return layer.to(self.dtype).train(self.training)

    def input(self):
        """The input, from another seed."""
        generator = torch.Generator().manual_seed(2)
        if self.highest is not None:
            return torch.randint(self.highest, self.shape, generator=generator)
        return torch.randn(self.shape, generator=generator, dtype=self.dtype)


def both(make):
    """What `make(library)` gives of ours and of torch's, each after the same seed."""
    made = []
    for library in (nn, torch.nn):
        torch.default_generator.manual_seed(1)
        made.append(make(library))
    return made


def raw(value):
    """The array of a tensor of either kind, without history."""
    return value.data if isinstance(value, Tensor) else value.detach()


def assert_same_state(ours, torchs, exactly=True):
    """Assert that two modules hold the same names, in order, and numbers."""
    ours, torchs = ours.state_dict(), torchs.state_dict()
    assert list(ours) == list(torchs)
    assert ours._metadata == torchs._metadata
    limit = {"rtol": 0, "atol": 0} if exactly else {}
    for name, array in ours.items():
        torch.testing.assert_close(
            array, torchs[name], equal_nan=True, **limit, msg=lambda m, n=name: n + m
        )


SIZES = st.integers(1, 5)
BATCHES = st.integers(2, 5)
LEADING = st.lists(st.integers(1, 3), max_size=2).map(tuple)


@st.composite
def linear(draw):
    inside, outside = draw(SIZES), draw(SIZES)
    kwargs = {"bias": draw(st.booleans())}
    return Case("Linear", (inside, outside), kwargs, (*draw(LEADING), inside))


@st.composite
def convolution(draw):
    groups = draw(st.integers(1, 2))
    inside, outside = groups * draw(st.integers(1, 3)), groups * draw(SIZES)
    kernel = draw(st.one_of(st.integers(1, 3), st.tuples(*[st.integers(1, 3)] * 2)))
    padding = draw(st.sampled_from([0, 1, (1, 0), "same", "valid"]))
    stride = 1 if padding == "same" else draw(st.sampled_from([1, 2, (2, 1)]))
    kwargs = {
        "stride": stride,
        "padding": padding,
        "dilation": draw(st.sampled_from([1, 2, (1, 2)])),
        "groups": groups,
        "bias": draw(st.booleans()),
        "padding_mode": draw(
            st.sampled_from(["zeros", "reflect", "replicate", "circular"])
        ),
    }
    shape = (*draw(st.sampled_from([(), (3,)])), inside, 8, 9)
    return Case("Conv2d", (inside, outside, kernel), kwargs, shape)


@st.composite
def pool(draw):
    name = draw(st.sampled_from(["MaxPool2d", "AvgPool2d"]))
    kwargs = {
        "stride": draw(st.sampled_from([None, 1, 2, (2, 1)])),
        "padding": draw(st.sampled_from([0, 1])),
        "ceil_mode": draw(st.booleans()),
    }
    if name == "MaxPool2d":
        kwargs["dilation"] = draw(st.sampled_from([1, 2]))
    else:
        kwargs["count_include_pad"] = draw(st.booleans())
        kwargs["divisor_override"] = draw(st.sampled_from([None, 3]))
    kernel = draw(st.sampled_from([2, 3, (3, 2)]))
    shape = (*draw(st.sampled_from([(), (2,)])), 2, 8, 7)
    return Case(name, (kernel,), kwargs, shape)


@st.composite
def batch_norm(draw):
    channels, batch = draw(SIZES), draw(BATCHES)
    name, sizes = draw(
        st.sampled_from(
            [("BatchNorm1d", ()), ("BatchNorm1d", (3,)), ("BatchNorm2d", (3, 2))]
        )
    )
    kwargs = {
        "eps": draw(st.sampled_from([1e-5, 1e-2])),
        "momentum": draw(st.sampled_from([0.1, 0.5, None])),
        "affine": draw(st.booleans()),
        "track_running_stats": draw(st.booleans()),
    }
    return Case(name, (channels,), kwargs, (batch, channels, *sizes))


@st.composite
def layer_norm(draw):
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=2).map(tuple))
    given = shape[0] if len(shape) == 1 and draw(st.booleans()) else shape
    kwargs = {
        "elementwise_affine": draw(st.booleans()),
        "bias": draw(st.booleans()),
        "eps": draw(st.sampled_from([1e-5, 1e-2])),
    }
    return Case("LayerNorm", (given,), kwargs, (*draw(LEADING), *shape))


@st.composite
def embedding(draw):
    count, length = draw(st.integers(2, 6)), draw(SIZES)
    kwargs = {
        "padding_idx": draw(st.sampled_from([None, 0, 1, -1])),
        "scale_grad_by_freq": draw(st.booleans()),
        "max_norm": draw(st.sampled_from([None, 0.5])),
        "norm_type": draw(st.sampled_from([2.0, 1.0])),
    }
    return Case("Embedding", (count, length), kwargs, (3, *draw(LEADING)), count)


ELEMENT_BY_ELEMENT = [
    ("ReLU", {}), ("ReLU", {"inplace": True}), ("Tanh", {}), ("Sigmoid", {}),
    ("Identity", {}), ("LeakyReLU", {}),
    ("LeakyReLU", {"negative_slope": 0.3, "inplace": True}),
    ("GELU", {}), ("GELU", {"approximate": "tanh"}), ("Dropout", {}),
    ("Dropout", {"p": 0.1}), ("Dropout", {"p": 1.0}), ("Dropout", {"p": 0}),
    ("Dropout", {"p": 0.3, "inplace": True}), ("Softmax", {"dim": -1}),
    ("Softmax", {"dim": 0}), ("Flatten", {}),
    ("Flatten", {"start_dim": 0, "end_dim": 1}),
]  # fmt: skip
# What is seldom drawn.
RARE = [
    *(Case(name, (), kwargs, (3, 2, 4)) for name, kwargs in ELEMENT_BY_ELEMENT),
    *(
        Case("Conv2d", (1, 2, (2, 3)), {"padding": "same", "padding_mode": mode},
             (2, 1, 6, 5))
        for mode in ("zeros", "reflect", "replicate", "circular")
    ),
]  # fmt: skip


@st.composite
def element_by_element(draw):
    name, kwargs = draw(st.sampled_from(ELEMENT_BY_ELEMENT))
    return Case(name, (), kwargs, (3, *draw(LEADING), 2))


@st.composite
def layer_cases(draw, kinds):
    """A layer of one of some kinds, in training or not, in float32 or float64."""
    case = draw(st.one_of(kinds))
    return Case(
        case.name, case.args, case.kwargs, case.shape, case.highest,
        draw(st.booleans()), draw(st.sampled_from([torch.float32, torch.float64])),
    )  # fmt: skip


KINDS = {
    "linear": linear(),
    "convolution": convolution(),
    "pooling": pool(),
    "batch norm": batch_norm(),
    "layer norm": layer_norm(),
    "embedding": embedding(),
    "element by element": element_by_element(),
}
