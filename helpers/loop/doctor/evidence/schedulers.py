"""Evidence from schedulers: made, stepped, fed, saved and loaded."""

import torch
from torch.optim import lr_scheduler

from helpers.loop.doctor.evidence.optimizers import plain

NUMBERS = (
    "T_max",
    "T_0",
    "total_steps",
    "step_size",
    "milestones",
    "total_iters",
    "gamma",
    "patience",
    "mode",
    "_milestones",
)


class Schedulers:
    """Watches every class of torch's that has a `step`, and what derives from them."""

    def __init__(self, evidence, patches, optimizers):
        self.evidence = evidence
        self.patches = patches
        self.optimizers = optimizers
        self.depth = 0  # steps inside steps: a chain's, and those of a constructor
        self.wrapped = set()

    def begin(self):
        """Wrap the step and the constructor of every class."""
        for owner in vars(lr_scheduler).values():
            if isinstance(owner, type) and is_scheduler(owner):
                self.wrap(owner)

    def wrap(self, owner):
        """Wrap what a class defines itself."""
        if owner in self.wrapped:
            return
        self.wrapped.add(owner)
        self.patches.wrap(owner, "step", self.step)
        self.patches.wrap(owner, "__init__", self.constructed)
        self.patches.wrap(owner, "load_state_dict", self.loaded)
        self.patches.wrap(owner, "state_dict", self.saved)

    def constructed(self, original, scheduler, *args, **kwargs):
        """Meet a scheduler when it has been made; its own first step doesn't count."""
        for owner in type(scheduler).__mro__:
            if is_scheduler(owner) and owner.__module__ != lr_scheduler.__name__:
                self.wrap(owner)
        self.depth += 1
        try:
            original(scheduler, *args, **kwargs)
        finally:
            self.depth -= 1
        if self.depth == 0:
            self.meet(scheduler)

    def meet(self, scheduler):
        """The record of a scheduler."""
        record, new = self.evidence.meet(self.evidence.schedulers, scheduler)
        if new:
            optimizer = getattr(scheduler, "optimizer", None)
            record.optimizer = (
                self.optimizers.meet(optimizer)
                if isinstance(optimizer, torch.optim.Optimizer)
                else None
            )
            record.base = plain((getattr(scheduler, "base_lrs", None) or [None])[0])
            record.numbers = {
                name: vars(scheduler)[name]
                for name in NUMBERS
                if name in vars(scheduler)
            }
            self.evidence.add("scheduler", scheduler=record)
        return record

    def step(self, original, scheduler, *args, **kwargs):
        """Note a step that the user makes, with the rates before and after."""
        if self.depth:
            return original(scheduler, *args, **kwargs)
        record = self.meet(scheduler)
        before = rates(scheduler)
        event = self.evidence.add("schedule", scheduler=record, before=before)
        given = args[0] if args else kwargs.get("metrics", kwargs.get("epoch"))
        event.facts["given"] = plain(given)
        self.depth += 1
        try:
            return original(scheduler, *args, **kwargs)
        finally:
            self.depth -= 1
            event.facts["after"] = rates(scheduler)

    def loaded(self, original, scheduler, *args, **kwargs):
        """Note that state was loaded."""
        result = original(scheduler, *args, **kwargs)
        if self.depth == 0:
            self.evidence.add("scheduler_loaded", scheduler=self.meet(scheduler))
        return result

    def saved(self, original, scheduler, *args, **kwargs):
        """Note that the state was asked for."""
        result = original(scheduler, *args, **kwargs)
        if self.depth == 0:
            self.evidence.add("scheduler_saved", scheduler=self.meet(scheduler))
        return result


def is_scheduler(owner):
    """Whether a class is a scheduler."""
    return isinstance(owner, type) and issubclass(owner, lr_scheduler.LRScheduler)


def rates(scheduler):
    """The rates of the scheduler's optimizer now."""
    optimizer = getattr(scheduler, "optimizer", None)
    return [plain(group["lr"]) for group in getattr(optimizer, "param_groups", [])]
