"""LBFGS and conjugate gradients where a dtype has few digits, or none are left."""

import pytest
import torch

from helpers.optim import LBFGS, ConjugateGradient
from tests.optim.descents import closure_of, drawn

each_method = pytest.mark.parametrize("method", [LBFGS, ConjugateGradient])
SEARCH = {"line_search_fn": "strong_wolfe"}
FREE = {"tolerance_grad": 0, "tolerance_change": 0}


def run(method, function, start, **options):
    """Where three steps lead, and how many evaluations they take."""
    point, values = torch.nn.Parameter(start.clone()), []
    optimizer = method([point], **SEARCH, **options)
    closure = closure_of(optimizer, function, point, values=values)
    for _ in range(3):
        optimizer.step(closure)
    return point.detach(), len(values)


def fits(dtype):
    """Logistic and least-squares fits to random numbers, each with its start."""
    softly = torch.nn.functional.softplus
    for seed, size in enumerate([2, 5, 10, 20] * 2):
        matrix, right = drawn(seed, size, size).to(dtype), drawn(seed, size).to(dtype)
        yield (lambda x, a=matrix, b=right: (a @ x - b).square().sum()), right
        yield (lambda x, a=matrix: softly(a @ x).sum() + x.dot(x) / 99), right


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("options", [{}, FREE])
def test_searches_end_as_soon_as_torchs_where_rounding_hides_the_fall(dtype, options):
    """torch compares float32 with float32, and takes 1e-9 for a short bracket.

    A last bit, which depends on the processor, can cost or save one fit some searches:
    the worst fit and the best are left out, and the others give the count. A search
    that goes on for ever takes 1.6 times torch's evaluations without tolerances.
    """
    methods = LBFGS, torch.optim.LBFGS
    counts = [
        [run(method, *fit, **options)[1] for method in methods] for fit in fits(dtype)
    ]
    _, *usual, _ = sorted(counts, key=lambda pair: pair[0] / pair[1])
    ours, torchs = map(sum, zip(*usual, strict=True))
    assert ours <= 1.15 * torchs


@each_method
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_the_digits_are_enough_for_a_bowl(method, dtype):
    curved = torch.arange(1, 21).to(dtype)
    point, _ = run(method, lambda x: (curved * x * x).sum(), torch.ones(20).to(dtype))
    assert point.dtype == dtype and point.abs().max() < 0.1


@each_method
@pytest.mark.parametrize("slope", [1e-20, 1e-3, 1.0])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_no_step_is_longer_than_a_number_can_be(method, slope, dtype):
    """Down a straight line steps grow tenfold, until they can't be written."""
    point, _ = run(method, lambda x: slope * x.sum(), torch.ones(2).to(dtype), **FREE)
    assert point.isfinite().all() and point.max() <= 1


@each_method
def test_a_gradient_that_torch_has_only_marked_as_conjugate(method):
    point = torch.nn.Parameter(torch.tensor([1 + 2j, 3 - 1j]))
    optimizer = method([point])

    def closure():
        loss = (point * point.conj()).real.sum()
        (gradient,) = torch.autograd.grad(loss, point)
        point.grad = gradient.conj().resolve_conj().conj()
        assert point.grad.is_conj()
        return loss

    optimizer.step(closure)
    assert point.abs().max() < 1e-4


@each_method
def test_a_step_in_inference_mode_says_why_it_cannot_be(method):
    point = torch.nn.Parameter(torch.ones(2))
    optimizer = method([point])
    closure = closure_of(optimizer, lambda x: x.dot(x), point)
    with torch.inference_mode(), pytest.raises(RuntimeError, match="inference_mode"):
        optimizer.step(closure)
    optimizer.step(closure)
    assert point.abs().max() < 1e-4


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("scale", [1e-8, 1e-6, 1e-4])
def test_a_flat_bowl_is_followed_down_to_the_smallest_numbers(dtype, scale):
    start = torch.tensor([1.5, -0.3, -2.2], dtype=dtype)
    curved = scale * torch.tensor([1.0, 2.0, 5.0], dtype=dtype)
    options = {"max_iter": 200, "max_eval": 1000, "curvature": "relative", **FREE}
    point, _ = run(LBFGS, lambda x: (curved * x * x).sum(), start, **options)
    assert point.abs().max() < 1e-15
