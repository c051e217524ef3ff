"""The base class of methods that call the closure again: one group, one vector."""

import torch

from helpers.optim.base.parameters import arrays_of
from helpers.optim.optimizer import Optimizer


class ClosureOptimizer(Optimizer):
    """Base class of methods that see all parameters as one vector.

    There is one parameter group, and one state, that of the first parameter, where
    torch's LBFGS keeps it. `state_names` says what it may hold; vectors in it are flat
    and as long as all parameters together.

    Args:
        params: parameters, (name, parameter) pairs or one group, as for `Optimizer`.
        defaults: a dict of all options.

    Raises: what `Optimizer` raises, and `ValueError` for a second group. Chapter 11
    builds `ConjugateGradient` on it, chapter 12 `LBFGS`.

    >>> weight = torch.nn.Parameter(torch.ones(2))
    >>> ClosureOptimizer([weight], {}).memory()
    {'func_evals': 0, 'n_iter': 0}
    """

    added_later = {}  # options that older state dicts lack: none
    state_names = "func_evals", "n_iter"

    def add_param_group(self, param_group):
        """Add the one group. Raises `ValueError` for a second one."""
        if self.param_groups:
            raise ValueError(
                f"{type(self).__name__} doesn't support per-parameter options "
                "(parameter groups), and 2 were given: all parameters are one vector, "
                "which moves along one direction. Put them into one list: "
                "[*first, *second]"
            )
        super().add_param_group(param_group)

    def check_group(self, group):
        """Raise what the defaults raise: the one group has all options."""
        self.check_options(group)

    def memory(self) -> dict:
        """The state, which counts evaluations and iterations from the first step on."""
        state = self.state[self.param_groups[0]["params"][0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        return state

    def check_state(self, place, parameter, values):
        """Raise `ValueError` if a loaded vector is shorter or longer than ours."""
        length = length_of(self.param_groups[0]["params"])
        for name in self.state_names:
            check_vector_length(name, values.get(name), length)


def check_vector_length(name, value, length):
    """Raise `ValueError` if a vector, or one in a list of them, has another length."""
    for each in value if isinstance(value, list) else [value]:
        is_vector = isinstance(each, torch.Tensor) and each.dim() == 1
        if is_vector and len(each) != length:
            raise ValueError(
                f"loaded state dict has a vector of {len(each)} numbers in {name!r}, "
                f"and the parameters here hold {length}: the model has changed since "
                "it was saved. Build it as it was, or start afresh, without loading"
            )


def length_of(parameters) -> int:
    """How many real numbers parameters hold; a complex number is two.

    >>> length_of([torch.ones(2, 3), torch.tensor(1j)])
    8
    """
    arrays = arrays_of(parameters)
    return sum(each.numel() * (1 + each.is_complex()) for each in arrays)
