"""Update rules compiled by torch: one kernel for each set of options and shapes."""

import warnings
from types import FunctionType

import torch

from helpers.optim.execution.functional import update_once

MOST_KERNELS = 16  # an option that changes at every step would compile for ever
ONE_THREAD = 1_000_000  # elements: fewer are done before a second thread has woken up


class CompiledRules:
    """The compiled forms of the rule of one optimizer.

    Options are part of a kernel, so that a new value means a new one. What changes at
    each step, the rate among it, comes as 0-d tensors and does not.
    """

    def __init__(self, update):
        self.update, self.compiled, self.warned = update, {}, False

    def run(self, rows, group, numbers):
        """Run the rule over rows, each a parameter, its gradient and its state."""
        changing = {"params", "param_names", "lr", "betas", *numbers}
        options = {name: group[name] for name in group if name not in changing}
        shapes = [(p.shape, p.stride(), p.dtype, p.device) for p, _, _ in rows]
        key = (repr(options), tuple(shapes), *rows[0][2])
        if key in self.compiled:
            self.compiled[key](rows, numbers)
        elif len(self.compiled) < MOST_KERNELS:
            rule = rule_over_rows(self.update, options)
            self.compiled[key] = first_run(rule, rows, numbers)
        else:
            self.warn_of_many()
            rule_over_rows(self.update, options)(rows, numbers)

    def warn_of_many(self):
        """Say once that no more kernels are made."""
        if not self.warned:
            warnings.warn(
                f"fused=True has compiled {MOST_KERNELS} kernels for one optimizer, "
                "since its options or shapes keep changing; new ones run without the "
                "compiler. "
                "Leave fused out if momentum or weight_decay change at each step",
                stacklevel=2,
            )
        self.warned = True


def first_run(rule, rows, numbers):
    """Compile a rule and run it; the kernel, or the plain rule if it can't be had."""
    size = sum(parameter.numel() for parameter, _, _ in rows)
    options = {"cpp.threads": 1} if size < ONE_THREAD else None
    kernel = torch.compile(rule, fullgraph=True, dynamic=False, options=options)
    try:
        kernel(rows, numbers)
    except torch._dynamo.exc.TorchDynamoException as error:
        warnings.warn(
            f"fused=True runs without the compiler, which failed: {reason_of(error)}. "
            "It needs a C++ compiler such as g++; or leave fused out",
            stacklevel=2,
        )
        rule(rows, numbers)
        return rule
    return kernel


def reason_of(error):
    """What an error of the compiler says, without the pages that follow.

    >>> reason_of(RuntimeError("inductor raised:\\nOSError: no g++\\n\\nSet ..."))
    'inductor raised: OSError: no g++'
    """
    return " ".join(str(error).partition("\n\n")[0].splitlines()[:2])


def rule_over_rows(update, constant):
    """A function that runs a rule over rows; it has a code object of its own.

    torch's compiler keeps what it has compiled by code object, eight forms at most. So
    that optimizers don't use up each other's, each function gets a copy of its code.
    """

    def over_rows(rows, numbers):
        options = {**constant, **numbers}
        for parameter, gradient, state in rows:
            gradient = -gradient if options.get("maximize") else gradient
            update_once(update, parameter, gradient, state, options)

    code = over_rows.__code__.replace()
    return FunctionType(code, globals(), "over_rows", None, over_rows.__closure__)
