"""Evidence from modules: called in which mode, switched, saved and loaded."""

import functools
import weakref

import torch
from torch.nn.modules import module as base

from helpers.loop.doctor.evidence import graph, place
from helpers.loop.doctor.evidence.calls import tensors_in
from helpers.loop.doctor.evidence.kinds import (
    first,
    is_criterion,
    is_moody,
    kind,
    weak,
)

MARKED = 8  # outputs of one call that are marked at most


class Modules:
    """Watches the calls of all modules; only the outermost is an event of its own."""

    def __init__(self, evidence, patches, on_switch):
        self.evidence = evidence
        self.patches = patches
        self.on_switch = on_switch  # called with the mode after a switch
        self.root = None  # the event of the outermost call that runs
        self.used = None  # numbers of the parameters used in it; None if not in detail
        self.changed = True  # whether a module got new parts since the last call
        self.changes = {}  # where, by the identity of the module
        self.switching = False
        self.switched = 0  # how often a module was switched
        self.saving = False

    def begin(self):
        """Wrap the call, and hook what is added."""
        owner = torch.nn.Module
        self.patches.put(owner, "__call__", self.watched(owner.__call__))
        for name in ("train", "zero_grad", "state_dict", "load_state_dict"):
            self.patches.wrap(owner, name, getattr(self, name))
        added = [
            base.register_module_parameter_registration_hook(self.after_change),
            base.register_module_module_registration_hook(self.after_change),
        ]
        for hook in added:
            self.patches.on_undo(hook.remove)

    def watched(self, original):
        """A call of a module: an event, unless it is part of another call."""

        @functools.wraps(original)
        def __call__(module, *args, **kwargs):
            if self.root is not None:
                output = original(module, *args, **kwargs)
                if self.used is not None:
                    self.note_used(module)
                return output
            if self.evidence.in_backward or is_criterion(module):
                return original(module, *args, **kwargs)
            self.root = event = self.before(module, args)
            try:
                output = original(module, *args, **kwargs)
            finally:
                self.root = None
            self.after(module, event, output)
            return output

        return __call__

    def before(self, module, args):
        """A call begins."""
        record, evidence = self.meet(module), self.evidence
        event = evidence.add(
            "forward",
            module=record,
            training=module.training,
            grad=torch.is_grad_enabled(),
            inside=evidence.stepping,
            modes=self.modes(record),
            asleep=record.asleep,
        )
        self.used = set() if evidence.is_detailed else None
        if self.used is not None:
            event.facts["used"] = self.used
        return event

    def after(self, module, event, output):
        """A call ends: what came out is marked."""
        if self.used is not None:
            self.note_used(module)
        tensor = first(output)
        if tensor is None:
            return
        outputs = (tensor,) if tensor is output else tensors_in([output])[:MARKED]
        with torch._C.DisableTorchFunction():
            event.facts["output_grad"] = tensor.requires_grad
            self.evidence.saw_half |= tensor.dtype == torch.float16
            for each in outputs:
                if each.grad_fn is not None:
                    graph.mark(each.grad_fn, "forward", event, self.evidence)

    def note_used(self, module):
        """The call of a model or of a part of it ended: note its own parameters."""
        own = module._parameters
        if own:
            with torch._C.DisableTorchFunction():
                self.used.update(
                    self.evidence.parameter(p).number
                    for p in own.values()
                    if p is not None and p.requires_grad
                )

    def after_change(self, module, name, value):
        """A module gets a parameter, or a part."""
        self.changed = True
        if self.evidence.modules.all:  # before that, all of them are being built
            self.changes[id(module)] = place.here()

    def meet(self, module):
        """The record of a module that is called by itself, its parameters named."""
        record, new = self.evidence.meet(self.evidence.modules, module)
        if new:
            record.change = None  # where it got a part since it was first called
        if new or self.changed or record.is_stale:
            if self.changed:
                self.note_changes()
            with torch._C.DisableTorchFunction():
                self.look_at(record, module)
        return record

    def note_changes(self):
        """Which of the known modules got a new part since the last call, and where."""
        for known in self.evidence.modules.all:
            known.is_stale = True
            module = known.object()
            for part in module.modules() if module is not None else ():
                known.change = self.changes.get(id(part), known.change)
        self.changed = False
        self.changes.clear()

    def look_at(self, record, module):
        """Which parameters a module has, and which parts that know two modes."""
        self.name_parameters(record, module)
        record.norms = {
            self.evidence.parameter(p).number
            for part in module.modules()
            if "Norm" in kind(part)
            for p in part.parameters(recurse=False)
        }
        record.moody = [weakref.ref(p) for p in module.modules() if is_moody(p)]
        record.is_stale, record.modes = False, None

    def modes(self, record):
        """How many norms and dropouts of a model are in training, and how many not.

        They are counted anew after the first steps only when a module was switched.
        """
        if record.modes is None or record.switched != self.switched:
            found = [part() for part in record.moody]
            awake = [part for part in found if part is not None and part.training]
            record.modes = len(awake), len(found) - len(awake)
            record.asleep = {n for part in awake for n in self.frozen_in(part)}
            record.switched = None if self.evidence.is_detailed else self.switched
        return record.modes

    def frozen_in(self, part):
        """The numbers of a norm's parameters, if all of them are frozen."""
        own = [p for p in part._parameters.values() if p is not None]
        if any(p.requires_grad for p in own):
            return []
        return [self.evidence.parameter(p).number for p in own]

    def name_parameters(self, record, module):
        """Name the parameters of a module; what it registers is its own."""
        named = list(module.named_parameters())
        record.parameters = [self.evidence.parameter(p) for _, p in named]
        for known, (name, _) in zip(record.parameters, named, strict=True):
            if not known.name:
                known.name, known.module = name, record

    def train(self, original, module, mode=True):
        """Note that a module is switched by the user, not by its parent."""
        if self.switching:
            return original(module, mode)
        self.switching = True
        self.switched += 1
        try:
            result = original(module, mode)
        finally:
            self.switching = False
        self.evidence.add("train", mode=mode, class_name=kind(module))
        self.on_switch(mode)
        return result

    def zero_grad(self, original, module, *args, **kwargs):
        """Note which parameters were cleared."""
        result = original(module, *args, **kwargs)
        cleared = {self.evidence.parameter(p).number for p in module.parameters()}
        self.evidence.add(
            "zero_grad",
            by=self.evidence.modules.find(module),
            cleared=cleared,
            inside=self.evidence.stepping,
        )
        return result

    def state_dict(self, original, module, *args, **kwargs):
        """Note which tensors were handed out; they share memory with the module's."""
        if self.saving:
            return original(module, *args, **kwargs)
        self.saving = True
        try:
            result = original(module, *args, **kwargs)
        finally:
            self.saving = False
        event = self.evidence.add(
            "state_dict", module=id(module), class_name=kind(module)
        )
        event.facts["tensors"] = weak(result)
        return result

    def load_state_dict(self, original, module, state_dict, *args, **kwargs):
        """Note whether a module is handed its own memory."""
        own = {p.data_ptr() for p in module.parameters() if p.numel()}
        given = [v for v in state_dict.values() if isinstance(v, torch.Tensor)]
        shared = [v for v in given if v.data_ptr() in own and v.numel()]
        result = original(module, state_dict, *args, **kwargs)
        self.evidence.add(
            "load_state_dict",
            numbers={self.evidence.parameter(p).number for p in module.parameters()},
            class_name=kind(module),
            is_own=bool(shared),
        )
        return result
