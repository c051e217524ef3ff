"""RMSprop: divide by the root of the mean square of recent gradients."""

from helpers.optim.base.initial_state import step_count, zeros_of
from helpers.optim.base.options import check_number
from helpers.optim.optimizer import Optimizer


class RMSprop(Optimizer):
    """Divide each gradient by the root of the mean of its latest squares.

    `params` as for `Optimizer`. `lr` is a number from 0 up or a tensor with one
    element. `alpha` (0 up): how much of the mean square survives a step. `eps` (0 up)
    is added to the root. `weight_decay` (0 up) adds that multiple of the parameters to
    the gradient. `momentum` (0 up): how much of the last step survives. `centered`
    subtracts the square of the mean, so that the divisor is a standard deviation.
    `maximize` goes uphill. `capturable`, `foreach`, `differentiable`: see
    `helpers.optim`.

    State of a parameter: "step", a 0-d tensor; "square_avg", of its shape; with
    momentum "momentum_buffer"; if centered "grad_avg". Raises `ValueError` or
    `TypeError` for options that make no sense, and `RuntimeError` for sparse gradients.

    Source: Tieleman and Hinton (2012), lecture 6.5; centered: Graves (2013), with eps
    outside of the root as in `torch.optim.RMSprop`. Chapter 07 builds it.

    >>> import torch
    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = RMSprop([weight], lr=0.01)
    >>> weight.grad = torch.tensor([1000.0, 0.001])
    >>> optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [0.9, 0.9]
    """

    state_names = ("step", "square_avg", "momentum_buffer", "grad_avg")
    added_later = {
        "maximize": False,
        "foreach": None,
        "differentiable": False,
        "capturable": False,
        "momentum": 0,
        "centered": False,
    }

    def __init__(
        self,
        params,
        lr=1e-2,
        alpha=0.99,
        eps=1e-8,
        weight_decay=0,
        momentum=0,
        centered=False,
        capturable=False,
        foreach=None,
        maximize=False,
        differentiable=False,
    ):
        options = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, options)

    def start(self, parameter, group):
        """Means and buffer at zero, and no step made."""
        kept = {"momentum_buffer": group["momentum"] > 0, "grad_avg": group["centered"]}
        names = ["square_avg", *(name for name in kept if kept[name])]
        zeros = {name: zeros_of(parameter, group) for name in names}
        return {"step": step_count(parameter, group), **zeros}

    def update(self, p, grad, state, at):
        """One step of RMSprop."""
        if at["weight_decay"] != 0:
            grad = grad.add(p, alpha=at["weight_decay"])
        alpha, square = at["alpha"], state["square_avg"]
        square.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
        if at["centered"]:
            mean = state["grad_avg"].lerp_(grad, 1 - alpha)
            square = square.addcmul(mean, mean, value=-1)
        scale = square.sqrt().add_(at["eps"])
        if at["momentum"] > 0:
            buf = state["momentum_buffer"].mul_(at["momentum"]).addcdiv_(grad, scale)
            p.add_(buf, alpha=-at["lr"])
        else:
            p.addcdiv_(grad, scale, value=-at["lr"])

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name in ("lr", "eps", "momentum", "weight_decay", "alpha"):
            check_number(name, options[name])
