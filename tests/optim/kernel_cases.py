"""What tests of torch's kernels share: settings, and a count of what goes to them."""

from collections import Counter

from helpers import optim
from tests.optim.optimizers import KERNELS

OPTIONS = {
    "SGD": [{"momentum": 0.9}, {"momentum": 0.5, "nesterov": True}, {"momentum": 0}],
    "Adagrad": [{}, {"lr_decay": 0.1, "initial_accumulator_value": 0.5}],
    "Adam": [{}, {"amsgrad": True}, {"decoupled_weight_decay": True}],
    "AdamW": [{}, {"amsgrad": True, "betas": (0.5, 0.6)}],
}
COMMON = [{}, {"weight_decay": 0.1}, {"maximize": True}]


def count_kernels(monkeypatch):
    """How many parameters go to a kernel from now on, by the class that has it."""
    counted = Counter()
    for name in KERNELS[:3]:
        kind = getattr(optim, name)

        def counting(self, parameters, *others, step=kind.fused_step, name=name):
            counted[name] += len(parameters)
            step(self, parameters, *others)

        monkeypatch.setattr(kind, "fused_step", counting)
    return counted
