"""Normalisation: values brought to mean 0 and variance 1, or to length 1.

Three layers, three kernels, one formula: they differ in the dimensions over which they
take the mean, and in the dimensions along which weight and bias lie.
"""

import math

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.tensor.tensor import Tensor

aten = torch.ops.aten

BATCH_NORM = derivative(
    "native_batch_norm(input, weight, bias, running_mean, running_var, training, "
    "momentum, eps)",
    torch.native_batch_norm,
    visible_outputs=1,
    inputs=["input", "weight", "bias"],
    joint=lambda grads, input, weight, running_mean, running_var, training, eps, out1,
    out2, needs: slopes_of_batch_norm(
        grads[0], input, weight, running_mean, running_var, out1, out2, training, eps,
        needs,
    ),
)  # fmt: skip
LAYER_NORM = derivative(
    "native_layer_norm(input, sizes, weight, bias, eps)",
    torch.native_layer_norm,
    visible_outputs=1,
    inputs=["input", "weight", "bias"],
    joint=lambda grads, input, sizes, weight, bias, eps, out1, out2, needs:
        slopes_of_layer_norm(
            grads[0], input, sizes, out1, out2, weight, bias, eps, needs
        ),
)  # fmt: skip
GROUP_NORM = derivative(
    "native_group_norm(input, weight, bias, N, C, HxW, group, eps)",
    torch.native_group_norm,
    visible_outputs=1,
    inputs=["input", "weight", "bias"],
    joint=lambda grads, input, weight, N, C, HxW, group, eps, out1, out2, needs:
        slopes_of_group_norm(
            grads[0], input, out1, out2, weight, N, C, HxW, group, eps, needs
        ),
)  # fmt: skip


@composite(F.batch_norm)
def batch_norm(input, running_mean, running_var, weight=None, bias=None,
               training=False, momentum=0.1, eps=1e-05):  # fmt: skip
    """Each channel over the batch: with its own statistics, or the running ones."""
    if training:
        F._verify_batch_size(input.shape)
    return torch.batch_norm(
        input, weight, bias, running_mean, running_var, training, momentum, eps, False
    )


@composite(torch.batch_norm)
def fused_batch_norm(input, weight, bias, running_mean, running_var, training,
                     momentum, eps, cudnn_enabled):  # fmt: skip
    """What F.batch_norm calls; the running statistics change in place."""
    if not input.numel():
        out = input.clone() if weight is None else input * weight[0]
        return out if bias is None else out + bias[0]
    args = input, weight, bias, running_mean, running_var, training, momentum, eps
    return BATCH_NORM(torch.native_batch_norm, args, {})


@composite(F.layer_norm)
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05):
    """Each sample over its last dimensions."""
    args = input, list(normalized_shape), weight, bias, eps
    return LAYER_NORM(torch.native_layer_norm, args, {})


composite(torch.layer_norm)(
    lambda input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn=True: (
        layer_norm(input, normalized_shape, weight, bias, eps)
    )
)


@composite(F.group_norm)
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-05):
    """Each sample over groups of channels."""
    batch, channels, *rest = input.shape
    sizes = batch, channels, math.prod(rest), num_groups
    if channels % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but "
            f"got input of shape {list(input.shape)} and num_groups={num_groups}"
        )
    args = input.contiguous(), weight, bias, *sizes, eps
    return GROUP_NORM(torch.native_group_norm, args, {})


@composite(F.instance_norm)
def instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None,
                  use_input_stats=True, momentum=0.1, eps=1e-05):  # fmt: skip
    """Each channel of each sample: batch_norm of one sample with all those channels."""
    if use_input_stats:
        F._verify_spatial_size(input.shape)
    batch, channels, *rest = input.shape
    given = weight, bias, running_mean, running_var
    weight, bias, mean, var = (
        None if each is None else each.repeat(batch) for each in given
    )
    out = torch.batch_norm(
        input.reshape(1, batch * channels, *rest), weight, bias, mean, var,
        use_input_stats, momentum, eps, False,
    )  # fmt: skip
    for kept, repeated in ((running_mean, mean), (running_var, var)):
        if kept is not None and use_input_stats:
            kept.detach().copy_(repeated.detach().reshape(batch, channels).mean(0))
    return out.reshape(input.shape)


@composite(F.rms_norm, torch.rms_norm)
def rms_norm(input, normalized_shape, weight=None, eps=None):
    """Each sample over its last dimensions, by its root mean square alone."""
    eps = torch.finfo(input.dtype).eps if eps is None else eps
    dims = list(range(-len(normalized_shape), 0))
    out = input * (input.square().mean(dims, True) + eps).rsqrt()
    return out if weight is None else out * weight


@composite(F.normalize)
def normalize(input, p=2.0, dim=1, eps=1e-12, out=None):
    """Vectors of length 1; of length 0 or almost, left short."""
    return input / input.norm(p, dim, keepdim=True).clamp_min(eps).expand_as(input)


@composite(torch.cosine_similarity, F.cosine_similarity)
def cosine_similarity(x1, x2, dim=1, eps=1e-08):
    """The cosine of the angle between vectors."""
    shape = torch.broadcast_shapes(x1.shape, x2.shape)
    x1, x2 = x1.expand(shape), x2.expand(shape)
    lengths = (torch.linalg.vector_norm(x, 2, dim, True) for x in (x1, x2))
    first, second = (
        x / length.clamp_min(eps) for x, length in zip((x1, x2), lengths, strict=True)
    )
    return (first * second).sum(dim)


def slopes_of_batch_norm(grad, input, weight, running_mean, running_var, mean, rstd,
                         training, eps, needs):  # fmt: skip
    """The gradients of input, weight and bias."""
    if not isinstance(grad, Tensor):
        return aten.native_batch_norm_backward.default(
            grad, input, weight, running_mean, running_var, mean, rstd, training, eps,
            needs,
        )  # fmt: skip
    others = [0, *range(2, input.ndim)]
    along = [-1, *[1] * (input.ndim - 2)]
    if training:
        return slopes(grad, input, weight, others, others, along, eps, needs)
    rstd = (running_var + eps).rsqrt().reshape(along)
    shifted = (input - running_mean.reshape(along)) * rstd
    scale = rstd if weight is None else weight.reshape(along) * rstd
    return grad * scale, (grad * shifted).sum(others), grad.sum(others)


def slopes_of_layer_norm(grad, input, sizes, mean, rstd, weight, bias, eps,
                         needs):  # fmt: skip
    """The gradients of input, weight and bias."""
    if not isinstance(grad, Tensor):
        return aten.native_layer_norm_backward.default(
            grad, input, sizes, mean, rstd, weight, bias, needs
        )
    first = input.ndim - len(sizes)
    inner, outer = list(range(first, input.ndim)), list(range(first))
    return slopes(grad, input, weight, inner, outer, sizes, eps, needs)


def slopes_of_group_norm(grad, input, mean, rstd, weight, batch, channels, size,
                         groups, eps, needs):  # fmt: skip
    """The gradients of input, weight and bias."""
    if not isinstance(grad, Tensor):
        return aten.native_group_norm_backward.default(
            grad.contiguous(), input, mean, rstd, weight, batch, channels, size, groups,
            needs,
        )  # fmt: skip
    shape = batch, groups, channels // groups, size
    along = 1, groups, channels // groups, 1
    grad, grouped = grad.reshape(shape), input.reshape(shape)
    found = slopes(grad, grouped, weight, [2, 3], [0, 3], along, eps, needs)
    of_input, *of_rest = found
    return of_input.reshape(input.shape), *[
        None if each is None else each.flatten() for each in of_rest
    ]


def slopes(grad, input, weight, dims, others, along, eps, needs):
    """The formula that the three share, written so that it can be recorded.

    Args:
        dims: the dimensions that have a common mean and variance.
        others: those that weight and bias do not have.
        along: the shape in which the weight lies along the input.
    """
    centred = input - input.mean(dims, True)
    rstd = (centred.square().mean(dims, True) + eps).rsqrt()
    unit = centred * rstd
    inner = grad if weight is None else grad * weight.reshape(along)
    of_unit = inner - inner.mean(dims, True) - unit * (inner * unit).mean(dims, True)
    total = (lambda array: array.sum(others)) if others else (lambda array: array)
    return (
        of_unit * rstd,
        total(grad * unit) if needs[1] else None,
        total(grad) if needs[2] else None,
    )
