"""Adagrad: divide by the root of the sum of all squared gradients."""

import torch

from helpers.optim.base.initial_state import step_count
from helpers.optim.base.options import check_number
from helpers.optim.base.parameters import array_of
from helpers.optim.optimizer import Optimizer


class Adagrad(Optimizer):
    """Divide each gradient by the root of the sum of its squares so far.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number from 0 up or a tensor with one element (1e-2).
        lr_decay: from 0 up (0), divides the rate by 1 + lr_decay * (steps before this
            one).
        weight_decay: from 0 up (0), adds that multiple of the parameters to the
            gradient.
        initial_accumulator_value: from 0 up (0), where the sums start.
        eps: from 0 up (1e-10), added to the root.
        foreach, differentiable, fused: how a step is run, see `helpers.optim`.
        maximize: bool (False), goes uphill.

    State of a parameter: "step", a 0-d tensor, and "sum", of its shape; both from
    construction on. Takes sparse gradients, without weight decay.

    Raises: `ValueError` or `TypeError` for options that make no sense.

    Source: Duchi, Hazan and Singer (2011), in the diagonal form of
    `torch.optim.Adagrad`. Chapter 07 builds it.

    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = Adagrad([weight], lr=0.1)
    >>> weight.grad = torch.tensor([1000.0, 0.001])
    >>> optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [0.9, 0.9]
    """

    state_names = ("step", "sum")
    supports_sparse = True

    def __init__(
        self,
        params,
        lr=1e-2,
        lr_decay=0,
        weight_decay=0,
        initial_accumulator_value=0,
        eps=1e-10,
        foreach=None,
        *,
        maximize=False,
        differentiable=False,
        fused=None,
    ):
        options = dict(lr=lr, lr_decay=lr_decay, eps=eps, weight_decay=weight_decay)
        options |= dict(initial_accumulator_value=initial_accumulator_value)
        options |= dict(foreach=foreach, maximize=maximize)
        options |= dict(differentiable=differentiable, fused=fused)
        super().__init__(params, options)
        for group in self.param_groups:
            for parameter in group["params"]:
                self.state[parameter] = self.init_state(parameter, group)

    def init_state(self, parameter, group):
        """Sums at their initial value, and no step made."""
        array = parameter if group["differentiable"] else array_of(parameter)
        first = group["initial_accumulator_value"]
        first = complex(first, first) if array.is_complex() else first
        sums = torch.full_like(array, first, memory_format=torch.preserve_format)
        return {"step": step_count(parameter, group), "sum": sums}

    def step_constants(self, group, step):
        """The rate, which falls with the number of steps made before."""
        return {"rate": group["lr"] / (1 + (step - 1) * group["lr_decay"])}

    def update(self, p, grad, state, options):
        """One step of Adagrad."""
        if getattr(grad, "is_sparse", False):
            return self.update_rows(p, grad, state, options)
        if options["weight_decay"] != 0:
            grad = grad.add(p, alpha=options["weight_decay"])
        state["sum"].addcmul_(grad, grad, value=1)
        scale = state["sum"].sqrt().add_(options["eps"])
        p.addcdiv_(grad, scale, value=-options["rate"])

    def update_rows(self, p, grad, state, options):
        """One step for the rows that a sparse gradient has, and for no other."""
        if options["weight_decay"] != 0:
            raise RuntimeError(
                "weight_decay option is not compatible with sparse gradients: it would "
                "move every row. Set weight_decay=0, or build the embedding with "
                "sparse=False"
            )
        grad = grad.coalesce()  # each row once, since squares don't add up
        rows, values = grad.indices(), grad.values()

        def like_grad(new):
            return torch.sparse_coo_tensor(
                rows, new, grad.shape, is_coalesced=True, check_invariants=False
            )

        state["sum"].add_(like_grad(values.pow(2)))
        scale = state["sum"].sparse_mask(grad).values().sqrt_().add_(options["eps"])
        p.add_(like_grad(values / scale), alpha=-options["rate"])

    def fused_step(self, parameters, grads, state, options):
        """The same for lists, in torch's kernel (fused=True)."""
        names = "lr", "lr_decay", "weight_decay", "eps", "maximize"
        numbers = {name: options[name] for name in names}
        torch._fused_adagrad_(parameters, grads, state["sum"], state["step"], **numbers)

    def share_memory(self):
        """Move the sums to shared memory, for processes that train one model."""
        for group in self.param_groups:
            for parameter in group["params"]:
                self.state[parameter]["sum"].share_memory_()

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        numbers = "lr_decay", "weight_decay", "initial_accumulator_value", "eps"
        for name in ("lr", *numbers):
            check_number(name, options[name])
