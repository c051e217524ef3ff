"""A training step written down as one graph of operations on raw arrays."""

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.proxy_tensor import make_fx

from helpers.fast.conditions import Conditions
from helpers.fast.errors import CaptureError, in_capture
from helpers.fast.modules import Modules
from helpers.fast.rehearsal import Rehearsal


class Capture:
    """One graph of a step, and the conditions under which it is the right one.

    Args:
        plan: the step's `Plan`.
        call: the `Call` whose shapes it is made for.

    `graph` is a torch.fx.GraphModule: called with `call.inputs` it changes
    parameters, buffers and state in place, and returns the losses, then state that
    wasn't there before, which `added` names.

    Source: torch.fx's make_fx, which runs Python once, with tensors that hold no
    numbers, and writes down each operation.
    """

    def __init__(self, plan, call):
        rehearsal = Rehearsal(plan, call.batch)
        self.graph = trace(rehearsal, plan, call)
        self.added = rehearsal.added
        self.conditions = Conditions(plan, call, rehearsal.assumptions)

    def run(self, call):
        """The results of the graph as it is; `Compiler` puts a faster one here."""
        return self.graph(*call.inputs)

    def write_added(self, plan, arrays):
        """Put state that the graph made where the optimizer keeps it."""
        for (parameter, name), array in zip(self.added, arrays, strict=True):
            plan.optimizer.state[parameter][name] = array


def trace(rehearsal, plan, call):
    """The graph of a rehearsal."""
    counts = len(call.arrays), len(call.states), 1, len(call.leaves)

    def flat(*arrays):
        arrays, states, numbers, leaves = split(arrays, counts)
        return rehearsal(arrays, states, numbers[0], leaves)

    before = Modules(plan.model, plan.criterion)
    fake = FakeTensorMode(allow_non_fake_inputs=True)
    examples = [fake.from_tensor(array.detach()) for array in call.inputs]
    try:
        with in_capture(), fake, torch.no_grad():
            graph = make_fx(flat)(*examples)
    finally:
        changed = before.undo()
    if changed:
        raise CaptureError(
            f"The forward pass changed {changed}, which is no tensor. A graph repeats "
            "what happens to tensors and nothing else, so that would stay as it is: "
            "keep it in a buffer, change it outside of forward, or pass fallback=True "
            "for the plain loop"
        )
    return graph


def split(values, counts):
    """Consecutive parts of a sequence, of so many each."""
    values = iter(values)
    return [[next(values) for _ in range(count)] for count in counts]
