"""SparseAdam: Adam for sparse gradients, which moves the rows that were used."""

import math

import torch

from helpers.optim.base.initial_state import zeros_of
from helpers.optim.base.moments import check_betas
from helpers.optim.base.options import as_scalar, check_number, pair_of
from helpers.optim.base.parameters import array_of
from helpers.optim.optimizer import Optimizer


class SparseAdam(Optimizer):
    """Adam for the rows that a sparse gradient has; the others and their means stay.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number above 0 or a tensor with one element (1e-3).
        betas: two numbers from 0 up to but not including 1 (0.9, 0.999): how much of
            the mean, and of the mean square, survives a step.
        eps: above 0 (1e-8), added to the root.
        maximize: bool (False), goes uphill.

    State of a parameter: "step", an int; "exp_avg" and "exp_avg_sq", of its shape.

    Raises: `ValueError` or `TypeError` for options that make no sense, and for complex
    or sparse parameters; `RuntimeError` for dense gradients.

    Source: `torch.optim.SparseAdam`, after Kingma and Ba (2015). All rows share one
    count of steps, so a row that is seldom used is corrected too little.

    >>> table = torch.nn.Embedding(3, 1, sparse=True)
    >>> optimizer = SparseAdam(table.parameters(), lr=0.1)
    >>> before = table.weight.detach().clone()
    >>> table(torch.tensor([2])).sum().backward()
    >>> optimizer.step()
    >>> [round(value, 4) for value in (table.weight - before).flatten().tolist()]
    [0.0, 0.0, -0.1]
    """

    state_names = ("step", "exp_avg", "exp_avg_sq")
    supports_sparse = True
    one_by_one = True
    added_later = {"maximize": False}

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, maximize=False):
        super().__init__(
            params,
            dict(lr=lr, betas=pair_of("betas", betas), eps=eps, maximize=maximize),
        )

    def add_param_group(self, param_group):
        """Add another group of parameters, as `Optimizer.add_param_group` does.

        Raises: `ValueError` for complex or sparse parameters too.
        """
        super().add_param_group(param_group)
        try:
            check_real_and_dense(self.param_groups)
        except ValueError:
            self.param_groups.pop()
            raise

    def init_state(self, parameter, group):
        """Means at zero, and no step made."""
        zeros = {name: zeros_of(parameter, group) for name in self.state_names[1:]}
        return {"step": 0, **zeros}

    def step_constants(self, group, step):
        """The rate of this step, which undoes the start of the means at zero."""
        beta1, beta2 = map(as_scalar, group["betas"])
        root = math.sqrt(1 - beta2**step)
        step_size = as_scalar(group["lr"]) * root / (1 - beta1**step)
        return {"beta1": beta1, "beta2": beta2, "step_size": step_size}

    def update(self, p, grad, state, options):
        """One step of Adam for the rows of a sparse gradient."""
        grad = grad.coalesce()
        rows, values = grad.indices(), grad.values()
        if values.numel() == 0:
            return

        def move(mean, target, weight):
            """Move the rows of a mean towards a target; their new values."""
            old = mean.sparse_mask(grad).values()
            change = target.sub(old).mul_(weight)
            mean.add_(rows_like(grad, rows, change))
            return change.add(old)

        mean = move(state["exp_avg"], values, 1 - options["beta1"])
        square = move(state["exp_avg_sq"], values.pow(2), 1 - options["beta2"])
        step = mean.div_(square.sqrt_().add_(options["eps"]))
        p.add_(rows_like(grad, rows, -options["step_size"] * step))

    def check_parameters(self, parameters):
        """Raise `RuntimeError` for dense gradients."""
        if not all(array_of(each.grad).is_sparse for each in parameters):
            raise RuntimeError(
                "SparseAdam does not support dense gradients, please consider Adam "
                "instead; or build the embedding with sparse=True"
            )

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name, called in (("lr", "learning rate"), ("eps", "epsilon value")):
            check_number(name, options[name])
            if options[name] == 0:
                raise ValueError(
                    f"Invalid {called}: {options[name]}. {name} is a number above 0 in "
                    "SparseAdam: leave it out, or choose another"
                )
        check_betas(options["betas"])

    def __setstate__(self, state):
        super().__setstate__(state)
        for kept in self.state.values():
            if isinstance(kept, dict) and isinstance(kept.get("step"), torch.Tensor):
                kept["step"] = int(kept["step"])


def rows_like(grad, rows, values):
    """A sparse tensor with the rows of a gradient, and other values."""
    return torch.sparse_coo_tensor(
        rows, values, grad.shape, is_coalesced=True, check_invariants=False
    )


def check_real_and_dense(groups):
    """Raise `ValueError` for parameters that are complex or sparse."""
    arrays = [
        ([place, inside], array_of(each))
        for place, group in enumerate(groups)
        for inside, each in enumerate(group["params"])
    ]
    sparse = [places for places, array in arrays if array.is_sparse]
    if sparse:
        raise ValueError(
            f"Sparse params at indices {sparse}: SparseAdam requires dense parameter "
            "tensors, and sparse gradients. Call .to_dense() on the parameters"
        )
    complex_ones = [places for places, array in arrays if array.is_complex()]
    if complex_ones:
        raise ValueError(
            f"Complex params at indices {complex_ones}: SparseAdam does not support "
            "complex parameters. Keep them as pairs of real numbers, by "
            "torch.view_as_real"
        )
