"""What a graph relies on, compared with what is there at the next call.

With this module one can: note all of it (`Conditions`), and say what has changed.
"""

import torch

from helpers.fast.arrays import in_words, is_module, specs
from helpers.fast.batch import form_of

PLAIN = (bool, int, float, str, type(None))
TABLES = "_parameters", "_buffers", "_modules", "_forward_pre_hooks", "_forward_hooks"


class Conditions:
    """What a step's Python code saw when it became a graph.

    Noted are form, shapes, dtypes and devices of the batch; the same of parameters,
    buffers and state, and which require grad; what hangs in the tables of the modules,
    and their attributes that are numbers or text, `training` among them; the options of
    the optimizer; answers to comparisons of its numbers; and torch's own modes.
    """

    def __init__(self, plan, call, assumptions):
        self.plan, self.assumptions = plan, assumptions
        self.form, self.leaves = form_of(call.batch), specs(call.leaves)
        self.arrays = specs(call.arrays)
        self.states, self.names = specs(call.states), call.names
        self.parameters = parameters_in(plan.optimizer)
        self.modules = list(seen_in(plan.model)) + list(seen_in(plan.criterion))
        self.groups = list(map(constants_of, plan.optimizer.param_groups))
        self.modes = modes(plan.device)

    def hold(self, call):
        """Whether the graph fits this call."""
        return next(self.changes(call), None) is None

    def changes(self, call):
        """What is different now, in words, one after the other."""
        yield from compared("batch", self.leaves, specs(call.leaves))
        if self.form != form_of(call.batch):
            yield "the batch is put together otherwise"
        yield from compared("parameters or buffers", self.arrays, specs(call.arrays))
        yield from compared("optimizer's state", self.states, specs(call.states))
        if self.names != call.names:
            yield "the optimizer's state has other names"
        if self.parameters != parameters_in(self.plan.optimizer):
            yield "the optimizer's groups hold other parameters"
            return
        for name, module, constants, tables in self.modules:
            yield from changes_in(name, module, constants, tables)
        groups = self.plan.optimizer.param_groups
        for place, (before, group) in enumerate(zip(self.groups, groups, strict=True)):
            if not before.items() <= group.items():
                yield f"options of group {place} were {differing(before, group)}"
        values = self.plan.numbers.values
        for ask, answer in self.assumptions:
            if ask(values) != answer:
                yield "a number of the optimizer's became 0, or is 0 no longer"
        if modes(self.plan.device) != self.modes:
            yield "autocast, or the default dtype, is another"


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


def seen_in(module):
    """Of each module its name, itself, its plain attributes, and what hangs in it."""
    if is_module(module):
        for name, each in module.named_modules():
            constants = {n: v for n, v in vars(each).items() if isinstance(v, PLAIN)}
            tables = [vars(each).get(table, {}) for table in TABLES]
            yield (
                name or type(each).__name__,
                each,
                constants,
                [(table, list(map(id, table.values()))) for table in tables],
            )


def changes_in(name, module, constants, tables):
    """In words, what is different about a module."""
    if not constants.items() <= vars(module).items():
        yield f"attributes of {name} were {differing(constants, vars(module))}"
    for table, ids in tables:
        if list(map(id, table.values())) != ids:
            yield f"tensors, parts or hooks of {name} were replaced"


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


def differing(before, now):
    """Those values of before that are others now."""
    missing = object()
    return {n: v for n, v in before.items() if now.get(n, missing) != v}


def modes(device):
    """Modes of torch that a forward pass obeys."""
    kind = device.type
    cast = torch.is_autocast_enabled(kind)
    return cast, cast and torch.get_autocast_dtype(kind), torch.get_default_dtype()
