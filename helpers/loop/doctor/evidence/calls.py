"""Evidence from the calls of torch's functions, in the first steps only.

Where each tensor came from is remembered, so that a loss can be followed back: to a
softmax, to a detach, to a line.
"""

import weakref

import torch
from torch.overrides import TorchFunctionMode, _get_current_function_mode_stack

from helpers.loop.doctor.evidence import values
from helpers.loop.doctor.evidence.evidence import unseen
from helpers.loop.doctor.evidence.place import here

LOOKS = 600  # calls that are looked at after a switch to evaluation


class Origin:
    """Where a tensor came from.

    Attributes: `name` of the function; `place`; `cuts`, the (name, place) of calls on
    the way at which the graph ended; `squashed`, the name and dim of a softmax or
    sigmoid whose output this is, or None.
    """

    __slots__ = ("cuts", "name", "place", "squashed")

    def __init__(self, name, place, cuts, squashed):
        self.name = name
        self.place = place
        self.cuts = cuts
        self.squashed = squashed


class Origins:
    """The origin of every tensor that lives, by identity."""

    def __init__(self):
        self._found = {}

    def of(self, tensor):
        """The origin of a tensor, or None."""
        reference, origin = self._found.get(id(tensor), (None, None))
        return origin if reference is not None and reference() is tensor else None

    def put(self, tensor, origin):
        """Remember where a tensor came from."""
        key = id(tensor)
        forget = weakref.ref(tensor, lambda _: self._found.pop(key, None))
        self._found[key] = (forget, origin)


class Calls(TorchFunctionMode):
    """Sees every function of torch that the script calls."""

    def __init__(self, evidence):
        super().__init__()
        self.evidence = evidence
        self.origins = Origins()
        self.is_on = False
        self.looks = 0

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if not self.is_on:
            return function(*args, **kwargs)
        name = name_of(function)
        look = values.LOOKS_BEFORE.get(name)
        facts = None
        if look is not None:
            with unseen():
                facts = look(name, args, kwargs)
        grad_was_on = torch.is_grad_enabled()
        result = function(*args, **kwargs)
        if name not in values.PLAIN:
            with torch._C.DisableTorchFunction():
                self.see(name, args, kwargs, result, facts, grad_was_on)
        return result

    def see(self, name, args, kwargs, result, facts, grad_was_on):
        """Note a call that matters, and where its result came from."""
        given = tensors_in((args, kwargs))
        if facts is not None:
            facts["origins"] = [self.origins.of(each) for each in given]
            event = self.evidence.add(f"call_{facts.pop('sort')}", name=name, **facts)
            values.look_after(event, result)
        leaves = values.LEAVES.get(name)
        if leaves and any(t.requires_grad or self.is_cut(t) for t in given):
            self.evidence.add("leaves_torch", name=name, size=given[0].numel())
        for output in tensors_in(result):
            if output.is_floating_point() or output.is_complex():
                self.trace(name, given, output, kwargs, grad_was_on)

    def is_cut(self, tensor):
        """Whether a tensor was computed from one with a graph, and has none."""
        origin = self.origins.of(tensor)
        return origin is not None and bool(origin.cuts)

    def trace(self, name, given, output, kwargs, grad_was_on):
        """Remember the origin of one output."""
        parents = [self.origins.of(each) for each in given]
        cuts = {cut for p in parents if p is not None for cut in p.cuts}
        has_graph = any(each.requires_grad for each in given)
        if has_graph and not output.requires_grad:
            is_parameter = all(e.is_leaf for e in given if e.requires_grad)
            how = name if grad_was_on else "no_grad"
            cuts.add((how, here(), "parameters" if is_parameter else "graph"))
        squashed = values.squash(name, given, kwargs)
        origin = Origin(name, here(), frozenset(cuts), squashed)
        if squashed is None and name in values.SAME_VALUES and parents and parents[0]:
            origin.squashed = parents[0].squashed
        self.origins.put(output, origin)

    # When it looks

    def start(self):
        """Begin to look, if nothing of the user's stands in the way."""
        stack = _get_current_function_mode_stack()
        if self not in stack and not any(is_foreign(mode) for mode in stack):
            self.__enter__()
        self.is_on = True

    def rest(self):
        """Stop looking, and leave if nothing of the user's stands on top."""
        self.is_on = False
        stack = _get_current_function_mode_stack()
        if stack and stack[-1] is self:
            self.__exit__(None, None, None)


def is_foreign(mode):
    """Whether a mode was entered by the user, who will leave it again."""
    return type(mode).__name__ != "DeviceContext"


def name_of(function):
    """The name of a function; an attribute's is `data`, or `data=` when written."""
    name = getattr(function, "__name__", "")
    if name == "__get__":
        return getattr(function.__self__, "__name__", "")
    if name == "__set__":
        return getattr(function.__self__, "__name__", "") + "="
    return name


def tensors_in(values):
    """The tensors of nested values, in order."""
    if isinstance(values, torch.Tensor):
        return [values]
    if isinstance(values, dict):
        values = values.values()
    elif not isinstance(values, list | tuple):
        return []
    return [tensor for value in values for tensor in tensors_in(value)]
