"""torch.nn's layers with our tensors as their parameters.

Values and the gradients of input and parameters are those that torch gives. A module
takes no tensor but torch's as a Parameter, nor does torch.func.functional_call; as a
plain attribute it takes any.
"""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.engines import Sample, compare_gradients, seed

DOUBLE = {"dtype": torch.float64}
LAYERS = {
    "MultiheadAttention": (
        lambda: nn.MultiheadAttention(4, 2, batch_first=True, **DOUBLE),
        lambda layer, x: layer(x, x, x),
    ),
    "MultiheadAttention without weights": (
        lambda: nn.MultiheadAttention(4, 2, kdim=4, vdim=4, add_bias_kv=True, **DOUBLE),
        lambda layer, x: layer(x, x, x, need_weights=False)[0],
    ),
    "TransformerEncoderLayer": (
        lambda: nn.TransformerEncoderLayer(4, 2, 8, 0.0, batch_first=True, **DOUBLE),
        lambda layer, x: layer(x),
    ),
    "TransformerEncoderLayer, causal, padded": (
        lambda: nn.TransformerEncoderLayer(
            4, 2, 8, 0.0, F.gelu, batch_first=True, norm_first=True, **DOUBLE
        ),
        lambda layer, x: layer(
            x,
            nn.Transformer.generate_square_subsequent_mask(3, **DOUBLE),
            torch.tensor([[0, 0, -torch.inf], [0, 0, 0]], **DOUBLE),
            is_causal=True,
        ),
    ),
    "TransformerDecoderLayer": (
        lambda: nn.TransformerDecoderLayer(4, 2, 8, 0.0, batch_first=True, **DOUBLE),
        lambda layer, x: layer(x, x * 2),
    ),
    "Upsample": (
        lambda: nn.Upsample(scale_factor=2, mode="linear"),
        lambda layer, x: layer(x),
    ),
    "PixelShuffle": (
        lambda: nn.PixelShuffle(2),
        lambda layer, x: layer(x.reshape(1, 4, 2, 3)),
    ),
    "EmbeddingBag": (
        lambda: nn.EmbeddingBag(5, 3, mode="mean", **DOUBLE),
        lambda layer, x: layer(torch.tensor([[1, 2], [4, 1]])) * x[0, 0, 0],
    ),
    "CTCLoss": (
        lambda: nn.CTCLoss(),
        lambda layer, x: layer(
            x.log_softmax(-1), torch.tensor([[1], [2], [3]]), [2, 2, 2], [1, 1, 1]
        ),
    ),
}


def as_function(module, call):
    """A module's call as a function of an input and of its parameters in a list."""

    def function(x, parameters):
        own = copy.deepcopy(module)
        for (name, _), value in zip(
            list(own.named_parameters()), parameters, strict=True
        ):
            place, _, last = name.rpartition(".")
            holder = own.get_submodule(place)
            delattr(holder, last)
            setattr(holder, last, value)
        return call(own, x)

    return function


@pytest.mark.parametrize("name", LAYERS)
def test_layers_with_our_parameters_give_torchs_gradients(name):
    seed(0)
    make, call = LAYERS[name]
    layer = make()
    function = as_function(layer, call)
    leaves = [each.detach().clone().requires_grad_() for each in layer.parameters()]
    x = torch.randn(2, 3, 4, **DOUBLE).requires_grad_()
    compare_gradients(Sample(function, (x, leaves), {}), second=False)
    compare_gradients(Sample(function, (x, leaves), {}))
