"""What a graph relies on, compared with what is there at the next call.

With this module one can: note all of it (`Conditions`), and say what has changed.
"""

import torch

from helpers.fast.arrays import PLAIN, differing, in_words, specs
from helpers.fast.batch import form_of
from helpers.fast.modules import Modules


class Conditions:
    """What a step's Python code saw when it became a graph.

    Noted are form, shapes, dtypes and devices of the batch; the same of parameters,
    buffers and state, and which require grad; what hangs in the tables of the modules,
    and their attributes that are numbers or text, `training` among them; the options of
    the optimizer; answers to comparisons of its numbers; and torch's own modes.
    """

    def __init__(self, plan, call, assumptions):
        self.plan, self.assumptions = plan, assumptions
        self.form, self.names = form_of(call.batch), call.names
        self.inputs, self.leaves = specs(call.inputs), specs(call.leaves)
        self.arrays, self.states = specs(call.arrays), specs(call.states)
        self.parameters = parameters_in(plan.optimizer)
        self.modules = Modules(plan.model, plan.criterion)
        self.groups = list(map(constants_of, plan.optimizer.param_groups))
        self.modes, self.values = modes(plan.device), plan.numbers.values

    def hold(self, call):
        """Whether the graph fits this call; a quick form of no `changes`."""
        return (
            self.inputs == specs(call.inputs)
            and self.names == call.names
            and self.modules.hold()
            and next(self.other_changes(call), None) is None
        )

    def changes(self, call):
        """What is different now, in words, one after the other."""
        yield from compared("batch", self.leaves, specs(call.leaves))
        yield from compared("parameters or buffers", self.arrays, specs(call.arrays))
        yield from compared("optimizer's state", self.states, specs(call.states))
        if self.names != call.names:
            yield "the optimizer's state has other names"
        yield from self.modules.changes()
        yield from self.other_changes(call)

    def other_changes(self, call):
        """In words, what is different apart from arrays and modules."""
        if self.form != form_of(call.batch):
            yield "the batch is put together otherwise"
        if self.parameters != parameters_in(self.plan.optimizer):
            yield "the optimizer's groups hold other parameters"
            return
        groups = self.plan.optimizer.param_groups
        for place, (before, group) in enumerate(zip(self.groups, groups, strict=True)):
            if not before.items() <= group.items():
                yield f"options of group {place} were {differing(before, group)}"
        if not self.answers_hold():
            yield "a number of the optimizer's became 0, or is 0 no longer"
        if modes(self.plan.device) != self.modes:
            yield "autocast, or the default dtype, is another"

    def answers_hold(self):
        """Whether all comparisons of numbers have the answers that the graph has."""
        values = self.plan.numbers.values  # a list of its own whenever one changes
        if values is not self.values:
            if any(ask(values) != answer for ask, answer in self.assumptions):
                return False
            self.values = values
        return True


def compared(what, before, now):
    """In words, the first difference between arrays."""
    if before == now:
        return
    pairs = zip(before, now, strict=False)
    for old, new in pairs:
        if old != new:
            was, becomes = in_words(old), in_words(new)
            if was == becomes:
                was, becomes = f"{was}, strides {old[1]}", f"strides {new[1]}"
            yield f"{what}: {was} became {becomes}"
            return
    yield f"{what}: {len(before)} tensors became {len(now)}"


def parameters_in(optimizer):
    """Which parameters stand in which group."""
    return [list(map(id, group["params"])) for group in optimizer.param_groups]


def constants_of(group):
    """The options of a group that a graph holds: whole numbers, truths, names."""
    return {
        name: value
        for name, value in group.items()
        if name != "lr" and isinstance(value, PLAIN) and not isinstance(value, float)
    }


def modes(device):
    """Modes of torch that a forward pass obeys."""
    kind = device.type
    cast = torch.is_autocast_enabled(kind)
    return cast, cast and torch.get_autocast_dtype(kind), torch.get_default_dtype()
