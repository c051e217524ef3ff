"""Our optimizers and torch's, on both kinds of parameters: worlds for `compare`.

With this module one can
- write a scenario once, as a function of a world that has optimizers and makes
  parameters, for `tests.engines.compare(scenario, WORLDS)`,
- take copies of what an optimizer holds (`snapshot`) and compare two of them
  (`assert_same`),
- catch the error of a call (`raised_by`).
"""

from dataclasses import dataclass
from inspect import signature
from types import ModuleType

import torch

from helpers import optim
from helpers.autograd import Tensor
from tests.engines import raw

# Muon, for matrices, and SparseAdam, for sparse gradients, have tests of their own.
METHODS = ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW"]
METHODS += ["Adadelta", "Adamax", "NAdam", "RAdam", "ASGD", "Rprop", "Adafactor"]
REAL = ["Adafactor"]  # those that refuse complex numbers
WAITING = ["ASGD", "Adafactor"]  # whose steps read numbers from the device, as torch's
NUMBERS = {"NAdam": ["mu_product"], "ASGD": ["eta", "mu"]}  # 0-d state beside "step"
ROUND_OTHERWISE = ["NAdam", "RAdam", "ASGD", "Adafactor"]  # torch's lists and its loop


def options_of(method):
    """The names of the options that torch's constructor takes."""
    return list(signature(getattr(torch.optim, method)).parameters)


def taken(method, **options):
    """Those of some options that a method has."""
    return {name: options[name] for name in options if name in options_of(method)}


CAPTURABLE = [each for each in METHODS if "capturable" in options_of(each)]
DIFFERENTIABLE = [each for each in METHODS if "differentiable" in options_of(each)]
# Of these a copy of torch's own can't step: 2.15's Adafactor misses an option then.
UNCOPIED = ["Adafactor"] if torch.__version__.startswith("2.15.") else []
KERNELS = ["SGD", "Adagrad", "Adam", "AdamW"]  # which torch has fused kernels for


@dataclass(frozen=True)
class World:
    """Optimizers, and a kind of tensor for parameters and gradients."""

    name: str
    optim: ModuleType
    is_torchs: bool = True  # the tensors, not the optimizers

    def parameter(self, raw):
        """A leaf around a copy of an array, laid out in memory as it is."""
        copy = torch.as_tensor(raw).clone()
        return torch.nn.Parameter(copy) if self.is_torchs else Tensor(copy, True)

    def parameters(self, *raws):
        """A leaf for each array."""
        return [self.parameter(each) for each in raws]

    def leaf(self, *numbers):
        """A float64 leaf of one dimension."""
        return self.parameter(torch.tensor(numbers, dtype=torch.float64))

    def tensor(self, raw):
        """A tensor around a copy of an array; None stays None."""
        if raw is None:
            return None
        copy = torch.as_tensor(raw).clone()
        return copy if self.is_torchs else Tensor(copy)

    def give(self, parameters, gradients):
        """Put a gradient, or None, into each parameter."""
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = self.tensor(gradient)

    def make(self, method, params, **options):
        """An optimizer of this world, by the name of its method."""
        return getattr(self.optim, method)(params, **options)


TORCHS = World("torch", torch.optim)
OURS = World("ours on Parameter", optim)
OURS_ON_OURS = World("ours on Tensor", optim, is_torchs=False)
WORLDS = [TORCHS, OURS, OURS_ON_OURS]
OUR_WORLDS = [OURS, OURS_ON_OURS]


def copies(state):
    """A state's arrays, copied; SparseAdam counts steps by an int."""
    return {k: v if type(v) is int else raw(v).clone() for k, v in state.items()}


def snapshot(optimizer):
    """Copies of each parameter and of its state, which is None until it has one."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    return [
        (raw(p).clone(), copies(optimizer.state[p]) if p in optimizer.state else None)
        for p in parameters
    ]


def assert_same(got, expected, check_stride=True, **tolerance):
    """Assert that two snapshots agree, to the last bit unless a tolerance is given."""
    tolerance = tolerance or {"rtol": 0, "atol": 0}
    for (array, state), (array_there, state_there) in zip(got, expected, strict=True):
        compare = {"check_stride": check_stride, "equal_nan": True, **tolerance}
        torch.testing.assert_close(array, array_there, **compare)
        assert (state is None) == (state_there is None)
        assert list(state or ()) == list(state_there or ())
        torch.testing.assert_close(state or {}, state_there or {}, **compare)


def raised_by(function, *arguments):
    """The error that a call raises; None if it raises none."""
    try:
        function(*arguments)
    except Exception as error:
        return error
    return None
