"""Evidence from optimizers: made, cleared, stepped, saved and loaded."""

from numbers import Real

import torch
from torch.optim import optimizer as base

from helpers.loop.doctor.evidence import gradients
from helpers.loop.doctor.evidence.evidence import unseen
from helpers.loop.doctor.evidence.kinds import is_traced


class Optimizers:
    """Watches `torch.optim.Optimizer` and everything derived from it."""

    def __init__(self, evidence, patches, calls):
        self.evidence = evidence
        self.patches = patches
        self.calls = calls
        self.own_zero_grads = set()  # classes with a zero_grad of their own

    def begin(self):
        """Hook every step, and wrap what has no hook."""
        wrap, owner = self.patches.wrap, torch.optim.Optimizer
        wrap(owner, "__init__", self.constructed)
        wrap(owner, "zero_grad", self.zero_grad)
        wrap(owner, "state_dict", self.state_dict)
        wrap(owner, "load_state_dict", self.load_state_dict)
        before = base.register_optimizer_step_pre_hook(self.before_step)
        after = base.register_optimizer_step_post_hook(self.after_step)
        self.patches.on_undo(before.remove)
        self.patches.on_undo(after.remove)

    def constructed(self, original, optimizer, *args, **kwargs):
        """Meet an optimizer when it has been made."""
        original(optimizer, *args, **kwargs)
        self.meet(optimizer)

    def meet(self, optimizer):
        """The record of an optimizer, with its parameters as they are now."""
        record, new = self.evidence.meet(self.evidence.optimizers, optimizer)
        given = [id(p) for group in optimizer.param_groups for p in group["params"]]
        if new or given != record.given:
            record.given = given
            record.groups = [
                [self.evidence.parameter(p) for p in group["params"]]
                for group in optimizer.param_groups
            ]
            record.parameters = [each for group in record.groups for each in group]
            record.numbers = {each.number for each in record.parameters}
        if new:
            record.is_loaded = False
            self.evidence.add("optimizer", optimizer=record, options=options(optimizer))
            self.wrap_own_zero_grad(type(optimizer))
        return record

    def look_again(self, record):
        """Which parameters are frozen now."""
        for each in record.parameters:
            parameter = each.object()
            if parameter is not None:
                each.requires_grad = parameter.requires_grad

    def wrap_own_zero_grad(self, kind):
        """A class between this one and torch's may define zero_grad anew."""
        for owner in kind.__mro__:
            if owner is torch.optim.Optimizer:
                break
            if "zero_grad" in owner.__dict__ and owner not in self.own_zero_grads:
                self.own_zero_grads.add(owner)
                self.patches.wrap(owner, "zero_grad", self.zero_grad)

    def zero_grad(self, original, optimizer, *args, **kwargs):
        """Note which parameters were cleared."""
        result = self.calls.without(original, optimizer, *args, **kwargs)
        record = self.evidence.optimizers.find(optimizer) or self.meet(optimizer)
        self.evidence.add(
            "zero_grad",
            by=record,
            cleared=record.numbers,
            inside=self.evidence.stepping,
        )
        return result

    def before_step(self, optimizer, args, kwargs):
        """Note what a step finds."""
        evidence = self.evidence
        detailed = evidence.is_detailed and not is_traced()
        with torch._C.DisableTorchFunction():
            record = self.meet(optimizer)
            if detailed:
                self.look_again(record)
        facts = {
            "optimizer": record,
            "rates": rates(optimizer),
            "closure": any(callable(a) for a in (*args[1:], *kwargs.values())),
        }
        if detailed:
            facts["grads"] = gradients.sizes(record.parameters)
            facts["half_zero"] = gradients.zeros_in_half(
                record.parameters, evidence.saw_half
            )
            record.values = values(record.parameters)
        event = evidence.add("step", **facts)
        record.last_step = event
        evidence.stepping = record
        record.is_looking = self.calls.is_on and not facts["closure"]
        if record.is_looking:
            self.calls.rest()  # what a step calls is torch's own affair

    def after_step(self, optimizer, args, kwargs):
        """Note how far a step went."""
        record = self.evidence.optimizers.find(optimizer)
        self.evidence.stepping = None
        if record is None:
            return  # the watch began inside of this step
        if record.is_looking:
            self.calls.start()
        before = record.__dict__.pop("values", None)
        if before is not None:
            record.last_step.facts["moves"] = moves(record.parameters, before)

    # What refuses hooks, since they would not run in a graph, may let these be.
    before_step.only_looks = after_step.only_looks = True

    def state_dict(self, original, optimizer, *args, **kwargs):
        """Note that the state was asked for."""
        result = original(optimizer, *args, **kwargs)
        self.evidence.add("optimizer_saved", optimizer=self.meet(optimizer))
        return result

    def load_state_dict(self, original, optimizer, *args, **kwargs):
        """Note that state was loaded."""
        result = original(optimizer, *args, **kwargs)
        record = self.meet(optimizer)
        record.is_loaded = True
        self.evidence.add("optimizer_loaded", optimizer=record)
        return result


def options(optimizer):
    """The options of each group, numbers as plain numbers."""
    return [
        {name: plain(value) for name, value in group.items() if name != "params"}
        for group in optimizer.param_groups
    ]


def rates(optimizer):
    """The rate of each group; none if a group has none, or none that can be read."""
    found = [plain(group.get("lr")) for group in optimizer.param_groups]
    return found if all(isinstance(rate, Real) for rate in found) else []


def plain(value):
    """A 0-d tensor as a number; anything else as it is."""
    if isinstance(value, torch.Tensor) and value.numel() == 1 and not is_traced():
        with unseen():
            return value.item()
    return value


def values(records):
    """Copies of the parameters by number, or None if they are too many to copy."""
    found = {r.number: r.object() for r in records}
    if not all(gradients.is_readable(p) for p in found.values()):
        return None
    with unseen():
        if sum(p.numel() for p in found.values()) > gradients.SMALL:
            return None
        return {number: p.clone() for number, p in found.items()}


def moves(records, before):
    """By number: the length of the step, and the length of the parameter before it."""
    found = {record.number: record.object() for record in records}
    with unseen():
        same = {
            n: p
            for n, p in found.items()
            if gradients.is_readable(p) and p.shape == before[n].shape
        }
        far = [p - before[n] for n, p in same.items()]
        lengths = gradients.lengths([*far, *(before[n] for n in same)])
    pairs = zip(lengths[: len(far)], lengths[len(far) :], strict=True)
    return dict(zip(same, pairs, strict=True))
