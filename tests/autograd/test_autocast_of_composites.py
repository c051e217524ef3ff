"""Under torch.autocast, functions spelled out in others have torch's precision too."""

import pytest
import torch
import torch.nn.functional as F

from helpers.autograd.tensor.tensor import lowered
from tests.autograd.test_modes_of_torch import floats
from tests.engines import OURS, TORCHS

ONES = torch.ones(3)
CALLS = {
    "conv1d": lambda x: F.conv1d(x.view(1, 3, 4), kernel(x, 2, 3, 2)),
    "conv2d": lambda x: F.conv2d(
        x.view(1, 1, 3, 4), kernel(x, 2, 1, 2, 2), kernel(x, 2)
    ),
    "conv3d": lambda x: F.conv3d(x.view(1, 1, 1, 3, 4), kernel(x, 2, 1, 1, 2, 2)),
    "conv_transpose2d": lambda x: F.conv_transpose2d(
        x.view(1, 1, 3, 4), kernel(x, 1, 2, 2, 2)
    ),
    "prelu": lambda x: F.prelu(x, kernel(x, 1)),
    "cross_entropy": lambda x: F.cross_entropy(x, torch.tensor([0, 1, 3])),
    "nll_loss": lambda x: F.nll_loss(x, torch.tensor([0, 1, 3])),
    "l1_loss": lambda x: F.l1_loss(x, x * 2),
    "kl_div": lambda x: F.kl_div(x, x.abs(), reduction="batchmean"),
    "binary_cross_entropy_with_logits": lambda x: F.binary_cross_entropy_with_logits(
        x, x.sigmoid()
    ),
    "cosine_embedding_loss": lambda x: F.cosine_embedding_loss(x, x * x, ONES),
    "hinge_embedding_loss": lambda x: F.hinge_embedding_loss(x[:, 0], ONES),
    "margin_ranking_loss": lambda x: F.margin_ranking_loss(x[:, 0], x[:, 1], ONES),
    "poisson_nll_loss": lambda x: F.poisson_nll_loss(x, x.abs()),
    "triplet_margin_loss": lambda x: F.triplet_margin_loss(x, x * x, -x),
    "quantile": lambda x: x.quantile(0.3) if x.dtype == torch.float32 else x.sum(),
    "svdvals": lambda x: torch.linalg.svdvals(x.float() @ x.float().t()),
    "max_pool3d": lambda x: F.max_pool3d(x.view(1, 1, 1, 3, 4), (1, 2, 2)),
    "trace": lambda x: (x if torch.is_autocast_enabled("cpu") else x.float()).trace(),
}


def kernel(x, *shape):
    """A weight in float32, where autocast brings it to the input; else like that."""
    wide = torch.float32 if torch.is_autocast_enabled("cpu") else x.dtype
    return floats(*shape, seed=1).to(torch.promote_types(wide, x.dtype))


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("name", CALLS)
def test_dtype_value_and_gradient_are_those_of_torch(name, dtype, enabled):
    def result(engine):
        x = engine.leaf_of(floats(3, 4).to(dtype))
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            out = CALLS[name](x)
        (gradient,) = engine.grad(out.double().square().sum(), x)
        return lowered(out.detach()), lowered(gradient)

    rough = dtype is torch.bfloat16 and not enabled  # each operation rounds to 8 bits
    close = {"rtol": 0.02, "atol": 0.004} if rough else {}
    torch.testing.assert_close(result(OURS), result(TORCHS), **close)


def test_autocast_is_off_within_a_float32_function_and_on_again_after_it():
    def result(engine):
        x = engine.leaf_of(floats(3, 4))
        with torch.autocast("cpu", torch.bfloat16):
            loss = F.triplet_margin_loss(x, x * x, -x)
            after = lowered((x @ x.t()).detach())
        return lowered(engine.grad(loss, x)[0]), after

    torch.testing.assert_close(result(OURS), result(TORCHS))
