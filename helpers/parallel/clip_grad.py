"""Clipping by the global norm, each rank measuring its share."""

import math

import torch
import torch.distributed as dist

from helpers.optim.base.parameters import array_of
from helpers.parallel.process_group import group_device
from helpers.parallel.waiting import waiting_for


@torch.no_grad()
def clip_by_shares(mine, everything, max_norm, norm_type):
    """Scale gradients by a norm that the ranks measured together.

    Args:
        mine (list): the parameters that this rank measures; each is one rank's.
        everything (list): all parameters, whose gradients are scaled.
        max_norm (float): the length that all gradients may have.
        norm_type (float): the p of the norm.

    Returns the norm before, a 0-d tensor.
    """
    total = _norm_over_ranks(_gradients(mine), norm_type)
    factor = (max_norm / (total + 1e-6)).clamp(max=1.0)
    for gradient in _gradients(everything):
        gradient.mul_(factor.to(gradient.device))
    return total


def _gradients(parameters):
    """The raw gradients that are there."""
    return [array_of(each.grad) for each in parameters if each.grad is not None]


def _norm_over_ranks(gradients, norm_type):
    """The p-norm of the gradients of all ranks together.

    Of each gradient the norm, then the norm of these norms: so no square overflows
    sooner than its root. Added up in float64.
    """
    device = group_device()
    norms = [torch.linalg.vector_norm(each, norm_type) for each in gradients]
    norms = [each.to(device, torch.float64) for each in norms]
    mine = torch.stack([torch.zeros((), device=device, dtype=torch.float64), *norms])
    if math.isinf(norm_type):
        return _reduced(mine.max(), dist.ReduceOp.MAX)
    return _reduced((mine**norm_type).sum(), dist.ReduceOp.SUM) ** (1 / norm_type)


def _reduced(number, operation):
    """One number of each rank, reduced to one."""
    with waiting_for("the norm of the gradients"):
        dist.all_reduce(number, operation)
    return number
