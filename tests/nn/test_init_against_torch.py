"""Initial values beside torch's: the same numbers from the same seed."""

import warnings

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers.autograd import tensor
from helpers.nn import Parameter, init
from tests.engines import error_of, warnings_of
from tests.nn.layers import raw

SHAPES = st.sampled_from([(3, 4), (4, 3), (2, 3, 3, 2), (5, 5), (1, 4)])
KAIMING = st.fixed_dictionaries(
    {},
    optional={
        "a": st.sampled_from([0, 0.2, 5**0.5]),
        "mode": st.sampled_from(["fan_in", "fan_out"]),
        "nonlinearity": st.sampled_from(["relu", "leaky_relu", "tanh", "linear"]),
    },
)
GAIN = st.fixed_dictionaries({}, optional={"gain": st.sampled_from([1.0, 0.3, 2])})
OPTIONS = {
    "uniform_": st.sampled_from([{}, {"a": -1.0, "b": 2.0}]),
    "normal_": st.sampled_from([{}, {"mean": 1.0, "std": 0.1}]),
    "constant_": st.sampled_from([{"val": 0.5}, {"val": -1}]),
    "ones_": st.just({}),
    "zeros_": st.just({}),
    "xavier_uniform_": GAIN,
    "xavier_normal_": GAIN,
    "kaiming_uniform_": KAIMING,
    "kaiming_normal_": KAIMING,
    "orthogonal_": GAIN,
}
KINDS = {
    "Tensor": lambda array: tensor(array, requires_grad=True),
    "Parameter": Parameter,
    "torch.Tensor": torch.Tensor.clone,
    "torch.nn.Parameter": torch.nn.Parameter,
}


@pytest.mark.parametrize("name", OPTIONS)
@given(st.data())
def test_the_same_seed_gives_torchs_numbers(name, data):
    shape, options = data.draw(SHAPES), data.draw(OPTIONS[name])
    dtype = data.draw(st.sampled_from([torch.float32, torch.float64]))
    draws = name not in ("constant_", "ones_", "zeros_")
    for kind, make in KINDS.items():
        made = make(torch.full(shape, 7.0, dtype=dtype))
        wanted = torch.full(shape, 7.0, dtype=dtype)
        torch.default_generator.manual_seed(4)
        assert getattr(init, name)(made, **options) is made, kind
        after = torch.rand(1)
        torch.default_generator.manual_seed(4)
        getattr(torch.nn.init, name)(wanted, **options)
        assert torch.equal(raw(made), wanted), kind
        assert torch.equal(after, torch.rand(1)), "another number of draws"
        assert made.is_leaf
        if draws:
            generators = [torch.Generator().manual_seed(5) for _ in range(2)]
            getattr(init, name)(made, **options, generator=generators[0])
            getattr(torch.nn.init, name)(wanted, **options, generator=generators[1])
            assert torch.equal(raw(made), wanted)


def test_a_graph_notices_that_a_saved_weight_was_drawn_anew():
    weight = Parameter(torch.ones(2, 2))
    loss = (weight * weight).sum()
    init.kaiming_uniform_(weight)
    assert error_of(loss.backward, "modified by an inplace operation") is RuntimeError


def test_gains_are_torchs():
    names = [name for name in init.GAINS if name != "leaky_relu"]
    for name in names:
        assert init.calculate_gain(name) == torch.nn.init.calculate_gain(name)
    for slope in (None, 0, 0.3, 2):
        wanted = torch.nn.init.calculate_gain("leaky_relu", slope)
        assert init.calculate_gain("leaky_relu", slope) == wanted


def test_what_is_refused_is_refused_as_in_torch():
    matrix, vector = torch.empty(2, 2), torch.empty(2)
    for call in (
        lambda init: init.calculate_gain("swish"),
        lambda init: init.calculate_gain("leaky_relu", True),
        lambda init: init.kaiming_normal_(matrix, mode="fan"),
        lambda init: init.kaiming_uniform_(vector),
        lambda init: init.xavier_normal_(vector),
        lambda init: init.orthogonal_(vector),
    ):
        assert error_of(lambda c=call: c(init)) is error_of(
            lambda c=call: c(torch.nn.init)
        )
        with pytest.raises(ValueError) as raised:
            call(init)
        try:
            call(torch.nn.init)
        except ValueError as torchs:
            assert str(raised.value).startswith(str(torchs))


def test_nothing_to_draw_is_warned_of_as_in_torch():
    for name in ("kaiming_uniform_", "kaiming_normal_"):
        ours, torchs = (
            warnings_of(lambda n=name, m=module: getattr(m, n)(torch.empty(0, 3)))
            for module in (init, torch.nn.init)
        )
        assert ours == torchs != []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert init.orthogonal_(torch.empty(0, 3)).shape == (0, 3)
