"""Quantiles, covariances, and correlations."""

import torch

from helpers.autograd.operations.declare import composite
from helpers.autograd.tensor.tensor import lowered

BETWEEN = {"linear": None, "midpoint": 0.5}  # the share of the larger of two neighbours
TO_ONE = {"lower": torch.floor, "higher": torch.ceil, "nearest": torch.round}


@composite(torch.quantile, torch.Tensor.quantile)
def quantile(input, q, dim=None, keepdim=False, *, interpolation="linear"):
    """What a share q of the elements lies below; NaN if one of them is NaN."""
    values, shares = sorted_values(input, dim), shares_of(q, input, interpolation)
    has_nan = values.detach().isnan().any(-1, True)
    last = values.shape[-1] - 1
    ranks = (shares * last).masked_fill(has_nan, last)
    found = at_ranks(values, ranks, interpolation)
    return laid_out(found, input, q, dim, keepdim)


@composite(torch.nanquantile, torch.Tensor.nanquantile)
def nanquantile(input, q, dim=None, keepdim=False, *, interpolation="linear"):
    """The same of the elements that are not NaN."""
    values, shares = sorted_values(input, dim), shares_of(q, input, interpolation)
    last = (~values.detach().isnan()).sum(-1, True) - 1
    found = at_ranks(values, shares * last.clamp_min(0), interpolation)
    return laid_out(found, input, q, dim, keepdim)


@composite(torch.cov, torch.Tensor.cov)
def cov(input, *, correction=1, fweights=None, aweights=None):
    """The covariances of variables in rows, whose columns may be counted or weighed."""
    if input.ndim > 2:
        raise RuntimeError(
            "cov(): expected input to have two or fewer dimensions but got an input "
            f"with {input.ndim} dimensions. Give variables in rows"
        )
    rows = input.reshape(1, -1) if input.ndim < 2 else input
    weights = fweights if aweights is None else aweights
    if fweights is not None and aweights is not None:
        weights = fweights * aweights
    if weights is None:
        total = rows.shape[1]
        return products(rows, rows.sum(1) / total, 1, max(total - correction, 0))
    total = weights.sum()
    lost = correction
    if aweights is not None and correction:
        lost = correction * (weights * aweights).sum() / total
    freedom = (total - lost).clamp_min(0)
    return products(rows, (rows * weights).sum(1) / total, weights, freedom)


def products(rows, mean, weights, freedom):
    """The mean products of variables in rows, less their means."""
    rows = rows - mean.unsqueeze(1)
    return ((rows @ (rows * weights).mH) / freedom).squeeze()


@composite(torch.corrcoef, torch.Tensor.corrcoef)
def corrcoef(input):
    """Covariances over both standard deviations."""
    covariances = torch.cov(input)
    if not covariances.ndim:
        return covariances / covariances
    deviations = covariances.diagonal().real.sqrt()
    found = covariances / deviations.unsqueeze(-1) / deviations
    if found.is_complex():
        return torch.complex(found.real.clip(-1, 1), found.imag.clip(-1, 1))
    return found.clip(-1, 1)


def sorted_values(input, dim):
    """The elements in order along the last dimension."""
    is_flat = dim is None or not input.ndim
    along = input.reshape(-1) if is_flat else input.movedim(dim, -1)
    if not along.shape[-1]:
        raise IndexError(
            f"quantile() input tensor must be non-empty; got shape {list(input.shape)}"
        )
    return along.sort(-1)[0]


def shares_of(q, input, interpolation):
    """The shares that are asked for, in an array of one dimension."""
    if interpolation not in BETWEEN and interpolation not in TO_ONE:
        raise RuntimeError(
            "quantile() interpolation must be one of linear, lower, higher, midpoint "
            f"or nearest, but got {interpolation}"
        )
    if isinstance(q, (int, float)):
        q = torch.full((), q, dtype=input.dtype, device=input.device)
    if q.dtype != input.dtype:
        raise RuntimeError(
            "quantile() q tensor must be same dtype as the input tensor; got "
            f"{q.dtype} and {input.dtype}"
        )
    raw = lowered(q)
    if raw.device.type == "cpu" and not ((raw >= 0) & (raw <= 1)).all():
        raise RuntimeError("quantile() q values must be in the range [0, 1]")
    return q.reshape(-1)


def at_ranks(values, ranks, interpolation):
    """The values at some ranks, which may lie between two."""
    if interpolation in TO_ONE:
        ranks = TO_ONE[interpolation](ranks)
    ranks = ranks.expand(*values.shape[:-1], ranks.shape[-1])
    below = ranks.detach().long()
    lower = values.gather(-1, below)
    if interpolation in TO_ONE:
        return lower
    higher = values.gather(-1, ranks.detach().ceil().long())
    share = BETWEEN[interpolation]
    return lower.lerp(higher, ranks - below if share is None else share)


def laid_out(found, input, q, dim, keepdim):
    """One result for each share in front; without that dimension for a single share."""
    found = found.movedim(-1, 0)
    if keepdim and input.ndim:
        shape = [1] * input.ndim
        found = found.reshape(-1, *shape) if dim is None else found.unsqueeze(
            dim % input.ndim + 1)  # fmt: skip
    is_single = not isinstance(q, (list, tuple)) and getattr(q, "ndim", 0) == 0
    return found.squeeze(0) if is_single else found
