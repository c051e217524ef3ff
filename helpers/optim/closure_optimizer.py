"""The base class of methods that call the closure again: one group, one vector."""

import torch

from helpers.optim.base.parameters import arrays_of
from helpers.optim.optimizer import Optimizer


class ClosureOptimizer(Optimizer):
    """Base class of methods that see all parameters as one vector.

    There is one parameter group, and one state, that of the first parameter, where
    torch's LBFGS keeps it. `memory_names` says what it may hold; vectors in it are flat
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
    memory_names = "func_evals", "n_iter"

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

    def memory(self) -> dict:
        """The state, which counts evaluations and iterations from the first step on."""
        state = self.state[self.param_groups[0]["params"][0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        return state

    def load_state_dict(self, state_dict):
        """Continue where the optimizer stood whose `state_dict()` is given.

        Raises: what `Optimizer.load_state_dict` raises, and `ValueError` for vectors of
        another length; nothing is changed then.
        """
        before = self.__getstate__()
        super().load_state_dict(state_dict)
        try:
            check_loaded(self)
        except ValueError:
            self.__setstate__(before)
            raise


def check_loaded(optimizer):
    """Raise `ValueError` if the state of an optimizer is another method's or size's."""
    parameters = optimizer.param_groups[0]["params"]
    names, kind = optimizer.memory_names, type(optimizer).__name__
    for name, value in optimizer.state.get(parameters[0], {}).items():
        if name not in names:
            raise ValueError(
                f"loaded state dict belongs to another optimizer: it has {name!r}, and "
                f"{kind} keeps {', '.join(names)}. Load what {kind} saved"
            )
        check_vector_length(name, value, length_of(parameters))


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
