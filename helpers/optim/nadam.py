"""NAdam: Adam that looks ahead as Nesterov's momentum does."""

from helpers.optim.base.initial_state import numbers_to_tensors, zero_state
from helpers.optim.base.moments import check_betas, decay, update_moments
from helpers.optim.base.options import as_scalar, check_number, pair_of
from helpers.optim.optimizer import Optimizer


class NAdam(Optimizer):
    """Adam whose step mixes in the gradient of now, with a momentum that grows.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number from 0 up or a tensor with one element (2e-3).
        betas: two numbers from 0 up to but not including 1 (0.9, 0.999): how much of
            the mean, and of the mean square, survives a step.
        eps: from 0 up (1e-8), added to the root.
        weight_decay: from 0 up (0), adds that multiple of the parameters to the
            gradient.
        momentum_decay: from 0 up (4e-3), how fast the momentum grows from half of
            betas[0] to the whole.
        decoupled_weight_decay: bool (False), `weight_decay` shrinks the parameters
            instead.
        foreach, capturable, differentiable: how a step is run, see `helpers.optim`.
        maximize: bool (False), goes uphill.

    State of a parameter: "step" and "mu_product", the product of all momenta, 0-d
    tensors; "exp_avg" and "exp_avg_sq", of its shape.

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for sparse gradients.

    Source: Dozat (2016), algorithm 2, with the schedule of its section 3; as in
    `torch.optim.NAdam`, whose lists take the root before they correct it, as here with
    foreach=True.

    >>> import torch
    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = NAdam([weight], lr=0.1, momentum_decay=0.0)
    >>> weight.grad = torch.tensor([1000.0, 0.001])
    >>> optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [0.8944, 0.8944]
    """

    state_names = ("step", "mu_product", "exp_avg", "exp_avg_sq")
    number_names = ("mu_product",)
    added_later = {**Optimizer.added_later, "decoupled_weight_decay": False}

    def __init__(
        self,
        params,
        lr=2e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        momentum_decay=4e-3,
        decoupled_weight_decay=False,
        *,
        foreach=None,
        maximize=False,
        capturable=False,
        differentiable=False,
    ):
        options = dict(lr=lr, betas=pair_of("betas", betas), eps=eps)
        options |= dict(weight_decay=weight_decay)
        options |= dict(momentum_decay=momentum_decay)
        options |= dict(decoupled_weight_decay=decoupled_weight_decay)
        options |= dict(maximize=maximize, foreach=foreach)
        options |= dict(capturable=capturable, differentiable=differentiable)
        super().__init__(params, options)

    def init_state(self, parameter, group):
        """Means at zero, no step made, and a product of no factors."""
        zeros = zero_state(parameter, group, ("exp_avg", "exp_avg_sq"))
        step = zeros.pop("step")
        return {"step": step, "mu_product": step + 1, **zeros}

    def step_constants(self, group, step):
        """The momenta of this step and of the next, and what corrects the squares."""
        beta1, beta2 = map(as_scalar, group["betas"])
        grown = group["momentum_decay"]
        return {
            "beta1": beta1,
            "beta2": beta2,
            "mu": beta1 * (1.0 - 0.5 * (0.96 ** (step * grown))),
            "mu_next": beta1 * (1.0 - 0.5 * (0.96 ** ((step + 1) * grown))),
            "correction": 1 - beta2**step,
            "shrink": 1 - as_scalar(group["lr"]) * group["weight_decay"],
        }

    def update(self, p, grad, state, options):
        """One step of NAdam."""
        grad = decay(p, grad, options)
        mean, square = update_moments(state, grad, options)
        if options["foreach"]:  # torch's lists round so
            scale = square.sqrt().div_(options["correction"] ** 0.5)
        else:
            scale = square.div(options["correction"]).sqrt_()
        scale.add_(options["eps"])
        lr, mu, mu_next = options["lr"], options["mu"], options["mu_next"]
        product = state["mu_product"].mul_(mu).item()
        p.addcdiv_(grad, scale, value=lr * (mu - 1) / (1 - product))
        p.addcdiv_(mean, scale, value=lr * -mu_next / (1 - product * mu_next))

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name in ("lr", "eps", "weight_decay", "momentum_decay"):
            check_number(name, options[name])
        check_betas(options["betas"])

    def __setstate__(self, state):
        super().__setstate__(state)
        numbers_to_tensors(self)
