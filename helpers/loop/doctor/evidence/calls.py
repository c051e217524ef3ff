"""Evidence from the calls of torch's functions, in the first steps only.

Where each tensor came from is remembered, so that a loss can be followed back: to a
softmax, to a detach, to a line.
"""

import torch
from torch.overrides import TorchFunctionMode, _get_current_function_mode_stack

from helpers.loop.doctor.evidence import graph, values
from helpers.loop.doctor.evidence.averages import Averages
from helpers.loop.doctor.evidence.evidence import unseen
from helpers.loop.doctor.evidence.kinds import is_traced
from helpers.loop.doctor.evidence.origins import Origin
from helpers.loop.doctor.evidence.place import decorated, here


class Calls(TorchFunctionMode):
    """Sees every function of torch that the script calls."""

    def __init__(self, evidence):
        super().__init__()
        self.evidence = evidence
        self.origins = evidence.origins
        self.averages = Averages(evidence, self.origins)
        self.is_on = False

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = name_of(function)
        if not self.is_on or name in values.PLAIN or is_traced():
            return function(*args, **kwargs)
        facts, look = None, values.LOOKS_BEFORE.get(name)
        if look is not None:
            with unseen():
                facts = look(name, args, kwargs)
        grad_was_on = torch.is_grad_enabled()
        result = function(*args, **kwargs)
        with torch._C.DisableTorchFunction():
            self.see(name, args, kwargs, result, facts, grad_was_on)
        return result

    def see(self, name, args, kwargs, result, facts, grad_was_on):
        """Note a call that matters, and where its result came from."""
        given = tensors_in(args)
        if kwargs:
            given += tensors_in(kwargs.values())
        if facts is not None:
            facts["origins"] = [self.origins.of(each) for each in given]
            event = self.evidence.add(f"call_{facts.pop('sort')}", name=name, **facts)
            values.look_after(event, result)
        if name in values.LEAVES:
            if any(t.requires_grad or self.is_cut(t) for t in given):
                self.evidence.add("leaves_torch", name=name, size=given[0].numel())
            return
        parts = None
        if name in values.BLENDS:
            parts = self.averages.parts(name, args, kwargs)
        outputs = tensors_in([result])
        for output in outputs:
            if output.is_floating_point() or output.is_complex():
                self.trace(name, given, output, kwargs, grad_was_on)
        if parts is not None:
            is_list = name.startswith("_foreach")  # it returns nothing
            self.averages.keep(name, args[0] if is_list else result, parts)

    def is_cut(self, tensor):
        """Whether a tensor was computed from one with a graph, and has none."""
        origin = self.origins.of(tensor)
        return origin is not None and bool(origin.cuts)

    def trace(self, name, given, output, kwargs, grad_was_on):
        """Remember the origin of one output."""
        place = here()
        if output.requires_grad and graph.is_leaf(output):
            if self.origins.of(output) is None:  # else it is still what it was
                self.origins.put(output, Origin(name, place, frozenset()))
            return
        parents = [self.origins.of(each) for each in given]
        cuts = {cut for p in parents if p is not None for cut in p.cuts}
        has_graph = any(each.requires_grad for each in given)
        if has_graph and not output.requires_grad:
            is_parameter = all(graph.is_leaf(e) for e in given if e.requires_grad)
            what = "parameters" if is_parameter else "graph"
            if grad_was_on:
                cuts.add((name, place, what))
                self.evidence.cut_at.add((name, place))
            else:
                cuts.add(("no_grad", decorated(place), what))
        squashed = values.squash(name, given, kwargs)
        if squashed is None and name in values.SAME_VALUES and parents and parents[0]:
            squashed = parents[0].squashed
        self.origins.put(output, Origin(name, place, frozenset(cuts), squashed))
        if has_graph and output.requires_grad:
            self.see_terms(name, given, parents, place)

    def see_terms(self, name, given, parents, place):
        """Note an old loss that is used again, and a term of a sum without a graph."""
        if any(self.evidence.is_old_loss(each) for each in given):
            self.evidence.add("uses_old_loss", name=name)
        if name in values.SUMS and len(given) == 2 and given[0].numel() == 1:
            for each, origin in zip(given, parents, strict=True):
                if not each.requires_grad and origin is not None and origin.cuts:
                    self.evidence.add("constant_term", cuts=origin.cuts)

    # When it looks

    def start(self):
        """Begin to look, if nothing of the user's stands in the way."""
        stack = _get_current_function_mode_stack()
        if not any(mode is self or is_foreign(mode) for mode in stack):
            self.__enter__()
        self.is_on = True

    def rest(self):
        """Stop looking, and leave if nothing of the user's stands on top."""
        self.is_on = False
        stack = _get_current_function_mode_stack()
        if stack and stack[-1] is self:
            self.__exit__(None, None, None)

    def without(self, function, *args, **kwargs):
        """Call what is torch's own affair: a loader's work, or an optimizer's."""
        if not self.is_on:
            return function(*args, **kwargs)
        self.rest()
        try:
            return function(*args, **kwargs)
        finally:
            self.start()


def is_foreign(mode):
    """Whether a mode was entered by the user, who will leave it again."""
    return not isinstance(mode, Calls) and type(mode).__name__ != "DeviceContext"


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
    found = []
    for value in values:
        if isinstance(value, torch.Tensor):
            found.append(value)
        elif isinstance(value, list | tuple):
            found += tensors_in(value)
        elif isinstance(value, dict):
            found += tensors_in(value.values())
    return found
