"""The ways to reduce: dimensions, keepdim, scalars, ties and not-a-number."""

import pytest
import torch

from tests.autograd.test_forms import expressions
from tests.engines import Sample, compare_gradients

INF, NAN = float("inf"), float("nan")

OF_THREE_DIMENSIONS = """
    t.sum(); t.sum(-1); t.sum((0, -1)); t.sum(()); t.sum((0, 2), True)
    t.sum(1, dtype=torch.float32); torch.sum(t, (1,), keepdim=True)
    t.mean(); t.mean(-2, True); t.mean(()); t.mean(dtype=torch.float32)
    torch.mean(t, None, True); t.nansum(1, True); t.nanmean((0, 1))
    t.var(); t.var(False); torch.var(t, 1, False); torch.var(t, (0, 1), True, True)
    t.var(1, correction=0); t.var(dim=-1, correction=2, keepdim=True)
    t.var(dim=1, unbiased=False); t.std(unbiased=False); t.std((0, 2))
    torch.var_mean(t, 1); torch.var_mean(t, False); torch.var_mean(t, 1, True, True)
    torch.std_mean(t, (0, 1), keepdim=True, correction=0)
    t.prod(); t.prod(-1, True); t.max(); t.max(1); torch.max(t, dim=-1, keepdim=True)
    t.max(1).values; t.min(0, True)[0]; t.amax((0, 1)); t.amax(()); t.amax()
    torch.amin(t, -1, True); t.median(); t.median(-1); torch.nanmedian(t, 1, True)
    t.logsumexp(-1); torch.logsumexp(t, (0, 1), True); t.softmax(-1); t.log_softmax(0)
    F.softmax(t, dim=1); F.log_softmax(t, -1, dtype=torch.float32); F.softmin(t, 0)
    torch.special.softmax(t, 1, dtype=torch.float32)
    t.norm(); t.norm(1); t.norm(3, -1); torch.norm(t, 2, (0, 1), True); t.norm(0.5)
    t.norm(INF, 1); torch.norm(t, "fro", (1, 2)); torch.linalg.norm(t, dim=1)
    torch.linalg.norm(t, 1, (0, 2)); torch.linalg.norm(t, -INF, (2, 0), True)
    torch.linalg.vector_norm(t, 2.5, (0, -1)); torch.linalg.matrix_norm(t)
    t.cumsum(-1); t.cumprod(1); t.sort(); torch.sort(t, 1, True); t.topk(2, dim=1)
    torch.sort(t, stable=True, dim=0); t.argsort(-1); t.argmax(1); (t > 0).all(1)
"""
OF_A_SCALAR = """
    t.sum(0); t.mean(-1, True); t.max(0); t.amax(-1); t.logsumexp(0); t.softmax(-1)
    t.prod(0); t.prod(); t.cumsum(0); t.cumprod(0); t.sort(); t.topk(1); t.median(0)
    t.norm(); torch.linalg.vector_norm(t, 2, 0); t.var(correction=0); t.log_softmax(0)
"""
WITH_TIES = """
    t.max(); t.max(1); t.amax(1); t.min(); t.median(); t.median(1); t.norm(INF)
    torch.maximum(t, t * 1); (t - 2).relu(); t.clamp(1, 2); (t - 2).abs(); t.sqrt()
    F.hardswish(t * 3 - 6); F.hardtanh(t - 1); F.relu6(t * 3); F.leaky_relu(t - 2)
    F.elu(t - 2); (t * 0).norm(); (t * 0).std(); t.prod(1); t.prod(); t.cumprod(1)
    t.cummax(1); F.softplus(t * 100); F.silu(t * 100)
"""
WITH_NAN = """
    t.max(); t.amax(); t.relu(); torch.fmax(t, t * 2); t.nansum(); t.nanmedian()
    t.nanmean(); t.clamp(0, 2); F.hardtanh(t)
"""
TIES = torch.tensor([[1.0, 2.0, 2.0], [2.0, 0.0, 2.0]])


def cases():
    """Each expression with the array that it is for."""
    torch.manual_seed(0)
    arrays = [torch.randn(2, 3, 4), torch.tensor(0.8), TIES, torch.tensor([1, NAN, 3])]
    texts = [OF_THREE_DIMENSIONS, OF_A_SCALAR, WITH_TIES, WITH_NAN]
    for array, text in zip(arrays, texts, strict=True):
        for each in expressions(text):
            yield pytest.param(each, array, id=f"{each} of shape {list(array.shape)}")


@pytest.mark.parametrize("text, array", cases())
def test_values_and_gradients_are_torchs(text, array):
    names = {"torch": torch, "F": torch.nn.functional, "INF": INF}
    leaf = array.double().requires_grad_()
    compare_gradients(Sample(eval(f"lambda t: {text}", names), (leaf,), {}))
