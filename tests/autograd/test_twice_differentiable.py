"""Second derivatives that torch lacks for the same operation, and ours has.

First gradients under create_graph are those without it, since other code computes them.
"""

import pytest
import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from tests.engines import OURS, TORCHS, Sample, assert_same, run, seed

MASK = torch.tensor([[0.0, -torch.inf], [0.3, 0.1], [0.0, 0.0]], dtype=torch.float64)
ATTENTION = {
    "plain": lambda q, k, v: F.scaled_dot_product_attention(q, k, v),
    "causal": lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
    "masked": lambda q, k, v: F.scaled_dot_product_attention(q, k, v, MASK),
    "scaled": lambda q, k, v: F.scaled_dot_product_attention(q, k, v, scale=0.7),
}
DISTANCES = {
    **{
        f"cdist {p}": lambda x, y, p=p: torch.cdist(x, y, p)
        for p in (1.0, 1.5, 2.0, 3.0)
    },
    **{f"pdist {p}": lambda x, y, p=p: F.pdist(x * y[0], p) for p in (1.5, 2.0, 3.0)},
}


def leaves(*shapes):
    """Random arrays that require grad."""
    seed(0)
    return [torch.randn(s, dtype=torch.float64).requires_grad_() for s in shapes]


@pytest.mark.parametrize("name", ATTENTION)
def test_attention_in_blocks_has_the_second_derivatives_of_attention_at_once(name):
    args = leaves((2, 2, 3, 4), (2, 2, 2, 4), (2, 2, 2, 4))
    sample = Sample(ATTENTION[name], tuple(args), {})
    with sdpa_kernel(SDPBackend.MATH):
        wanted = run(TORCHS, sample, second=True)
    ours = ATTENTION[name](*map(OURS.copy, args))
    assert "Flash" in ours.grad_fn.name()
    found = run(OURS, sample, second=True)
    for what in ("values", "gradients", "second"):
        assert_same(found[what], wanted[what], what)


@pytest.mark.parametrize("name", DISTANCES)
def test_distances_are_twice_differentiable(name):
    args = leaves((4, 3), (2, 3))
    sample = Sample(DISTANCES[name], tuple(args), {})
    kernels, recorded = (
        run(OURS, sample, second)["gradients"] for second in (False, True)
    )
    assert_same(recorded, kernels, "gradients")
    assert OURS.gradgradcheck(DISTANCES[name], tuple(map(OURS.copy, args)))
