"""Evidence from modules: called in which mode, switched, saved and loaded."""

import weakref

import torch
from torch.nn.modules import module as base

from helpers.loop.doctor.evidence import graph

CRITERIA = "torch.nn.modules.loss"


class Modules:
    """Watches the calls of all modules; only the outermost is an event of its own."""

    def __init__(self, evidence, patches):
        self.evidence = evidence
        self.patches = patches
        self.stack = []  # (module, facts of its parts, event) of the calls that run
        self.switching = False
        self.saving = False

    def begin(self):
        """Hook every call, and wrap what has no hook."""
        before = base.register_module_forward_pre_hook(self.before)
        after = base.register_module_forward_hook(self.after)
        self.patches.on_undo(before.remove)
        self.patches.on_undo(after.remove)
        owner = torch.nn.Module
        for name in ("train", "zero_grad", "state_dict", "load_state_dict"):
            self.patches.wrap(owner, name, getattr(self, name))

    def before(self, module, args):
        """A call begins; an outermost one is an event."""
        if self.stack and self.stack[0][2].steps != self.evidence.steps:
            self.stack.clear()  # a call that raised never ended
        if self.stack:
            self.stack.append((module, None, None))
            return
        if self.evidence.in_backward or is_criterion(module):
            return
        record = self.meet(module)
        event = self.evidence.add(
            "forward",
            module=record,
            training=module.training,
            grad=torch.is_grad_enabled(),
            inside=self.evidence.stepping,
            size=batch_size(args),
        )
        if self.evidence.is_detailed:
            event.facts["parts"] = []
        event.facts["modes"] = modes(record)
        self.stack.append((module, None, event))

    def after(self, module, args, output):
        """A call ends; in detail its parts are facts of the outermost call."""
        while self.stack and self.stack[-1][0] is not module:
            if not any(entry[0] is module for entry in self.stack):
                return
            self.stack.pop()
        if not self.stack:
            return
        root = self.stack[0][2]
        self.stack.pop()
        tensor = first(output)
        if "parts" in root.facts and tensor is not None:
            part = self.part(module, args, tensor)
            root.facts["parts"].append(part)
        if not self.stack and tensor is not None:
            root.facts["output_grad"] = tensor.requires_grad
            root.facts["output_shape"] = tuple(tensor.shape)
            if tensor.grad_fn is not None:
                root.facts["mark"] = weakref.ref(
                    graph.mark(tensor.grad_fn, "forward", self.evidence)
                )

    def part(self, module, args, output):
        """What is known of one call inside a model."""
        given = first(args)
        own = list(module.parameters(recurse=False))
        return {
            "kind": type(module).__name__,
            "module": id(module),
            "training": module.training,
            "grad": torch.is_grad_enabled(),
            "input_grad": given is not None and given.requires_grad,
            "output_grad": output.requires_grad,
            "parameters": [self.evidence.parameter(p).number for p in own],
        }

    def meet(self, module):
        """The record of a module that is called by itself, its parameters named."""
        record, new = self.evidence.meet(self.evidence.modules, module)
        if new or self.evidence.is_detailed:
            self.name_parameters(record, module)
            record.moody = [
                (name, part) for name, part in module.named_modules() if is_moody(part)
            ]
            record.moody = [(name, weakref.ref(part)) for name, part in record.moody]
        return record

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
        try:
            result = original(module, mode)
        finally:
            self.switching = False
        self.evidence.add(
            "train", module=id(module), mode=mode, class_name=kind(module)
        )
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
            module=id(module),
            class_name=kind(module),
            is_own=bool(shared),
            tensors=[id(value) for value in given],
        )
        return result


def kind(module):
    """The name of a module's class."""
    return type(module).__name__


def is_criterion(module):
    """Whether a module is one of torch's losses."""
    return type(module).__module__ == CRITERIA


def is_moody(module):
    """Whether a module computes something else in training: norms and dropout."""
    if isinstance(module, torch.nn.modules.dropout._DropoutNd):
        return module.p > 0
    return getattr(module, "running_mean", None) is not None


def modes(record):
    """How many norms and dropouts of a model are in training mode, and how many not."""
    found = [part() for _, part in record.moody]
    training = sum(part.training for part in found if part is not None)
    return training, len(found) - training


def first(values):
    """The first tensor of nested values, or None."""
    if isinstance(values, torch.Tensor):
        return values
    if isinstance(values, dict):
        values = values.values()
    if isinstance(values, list | tuple | type({}.values())):
        for value in values:
            found = first(value)
            if found is not None:
                return found
    return None


def batch_size(args):
    """The first size of the first tensor of a call."""
    given = first(args)
    return None if given is None or given.ndim == 0 else given.shape[0]


def weak(state_dict):
    """Weak references to the tensors of a state dict, and to the dict itself."""
    found = [weakref.ref(v) for v in state_dict.values() if isinstance(v, torch.Tensor)]
    return found
