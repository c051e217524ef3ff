"""What the relatives of Adam share: betas, two running means, and weight decay."""

import torch

from helpers.optim.base.options import check_number, check_single, pair_of


def update_moments(state, grad, options):
    """Move both means towards a gradient: of gradients, and of their squares.

    `state` has "exp_avg" and "exp_avg_sq"; `options` has "beta1" and "beta2".
    """
    mean, square = state["exp_avg"], state["exp_avg_sq"]
    mean.lerp_(grad, 1 - options["beta1"])
    square.mul_(options["beta2"])
    square.addcmul_(grad, grad, value=1 - options["beta2"])
    return mean, square


def decay(p, grad, options):
    """Weight decay: the gradient with it; or, if decoupled, `p` is shrunk instead."""
    if options["weight_decay"] == 0:
        return grad
    if options["decoupled_weight_decay"]:
        p.mul_(options["shrink"])
        return grad
    return grad.add(p, alpha=options["weight_decay"])


def check_betas(betas, plain_foreach=False):
    """Raise `TypeError` or `ValueError` for what are no two factors below 1."""
    betas = pair_of("betas", betas)
    if isinstance(betas[0], torch.Tensor) != isinstance(betas[1], torch.Tensor):
        raise ValueError(
            "betas must be either both floats or both Tensors, and are "
            f"{type(betas[0]).__name__} and {type(betas[1]).__name__}: write both alike"
        )
    for place, beta in enumerate(betas):
        check_tensor(f"betas[{place}]", beta, plain_foreach)
        name = f"betas[{place}]"
        check_number(name, beta, 1.0, f"beta parameter at index {place}")


def check_tensor(name, value, plain_foreach):
    """Raise `ValueError` for a tensor where lists need a number, or a longer one."""
    if isinstance(value, torch.Tensor):
        check_single(name, value)
        if plain_foreach:
            raise ValueError(
                f"{name} as a Tensor is not supported for capturable=False and "
                "foreach=True: pass a number, or leave foreach out"
            )
