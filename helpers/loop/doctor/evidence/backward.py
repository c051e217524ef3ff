"""Evidence from backward: what was differentiated, and what it reached."""

import torch

from helpers.loop.doctor.evidence import gradients, graph
from helpers.loop.doctor.evidence.kinds import is_traced
from helpers.loop.doctor.evidence.origins import Origin
from helpers.loop.doctor.evidence.place import here

OFTEN = 16  # backward calls, after which the graphs that are still alive are counted


class Backward:
    """Watches `torch.autograd.backward`, through which `loss.backward()` goes."""

    def __init__(self, evidence, patches):
        self.evidence = evidence
        self.patches = patches

    def begin(self):
        """Wrap the two functions that differentiate."""
        self.patches.wrap(torch.autograd, "backward", self.backward)
        self.patches.wrap(torch.autograd, "grad", self.grad)

    def backward(self, original, tensors, *args, **kwargs):
        """Note the loss before, the gradients before and after."""
        evidence = self.evidence
        loss = first_tensor(tensors)
        retain = bool(argument(args, kwargs, 1, "retain_graph"))
        detailed, before = evidence.is_detailed and not is_traced(), {}
        with torch._C.DisableTorchFunction():
            event = self.begun(loss, retain, detailed)
            if detailed:
                before = gradients.marks(evidence.parameters.all)
                event.facts["found"] = gradients.sizes(evidence.parameters.all)
        evidence.in_backward = True
        try:
            result = original(tensors, *args, **kwargs)
        finally:
            evidence.in_backward = False
        if detailed:
            with torch._C.DisableTorchFunction():
                self.look_at_gradients(event, before)
            if loss is not None:
                evidence.put_old_loss(loss)
        event.facts["done"] = True
        return result

    def begun(self, loss, retain, detailed):
        """The event of a backward that begins, with the facts of its loss."""
        evidence = self.evidence
        facts = {"inside": evidence.stepping, "retain": retain, **about(loss)}
        has_graph = loss is not None and loss.grad_fn is not None
        if has_graph and detailed:
            facts.update(self.look_at_graph(loss))
        event = evidence.add("backward", **facts)
        if has_graph:
            graph.mark(loss.grad_fn, "loss", event, evidence)
        if evidence.log.counts["backward"] % OFTEN == 0:
            graph.note_kept(evidence)
        return event

    def look_at_gradients(self, event, before):
        """Which gradients a backward has changed, and how large all are now."""
        records = self.evidence.parameters.all
        after = gradients.marks(records)
        event.facts["reached"] = {n for n in after if after[n] != before.get(n)}
        event.facts["grads"] = gradients.sizes(records)

    def look_at_graph(self, loss):
        """How large the graph is, and how old its parts are."""
        seen = graph.walk(loss.grad_fn)
        leaves = {self.meet(leaf) for leaf in seen.leaves}
        return {
            "nodes": seen.count,
            "leaves": leaves,
            "oldest": seen.oldest,
            "forwards": seen.forwards,
            "cuts": self.cuts_of(loss),
        }

    def meet(self, leaf):
        """The number of a leaf; one that nobody has was made where its origin says."""
        record = self.evidence.parameter(leaf)
        origin = self.evidence.origins.of(leaf)
        if record.module is None and origin is not None:
            record.place = origin.place
        return record.number

    def cuts_of(self, loss):
        """Where graphs ended on the way to a loss."""
        origin = self.evidence.origins.of(loss)
        return origin.cuts if origin is not None else frozenset()

    def grad(self, original, outputs, *args, **kwargs):
        """Note a gradient that is handed back and not left in `.grad`."""
        create = argument(args, kwargs, 3, "create_graph")
        self.evidence.add("grad")
        result = original(outputs, *args, **kwargs)
        if self.evidence.is_detailed and not create:
            cut = ("autograd.grad", here(), "graph")
            for tensor in result:
                if isinstance(tensor, torch.Tensor):
                    origin = Origin("grad", cut[1], frozenset({cut}))
                    self.evidence.origins.put(tensor, origin)
        return result


def first_tensor(tensors):
    """The first of some tensors; None for what is no tensor of torch."""
    if not isinstance(tensors, torch.Tensor):
        tensors = next(iter(tensors), None)
    return tensors if isinstance(tensors, torch.Tensor) else None


def argument(args, kwargs, position, name):
    """An optional argument, by position (after the first) or by name."""
    return args[position] if len(args) > position else kwargs.get(name)


def about(loss):
    """Plain facts of a loss."""
    if loss is None:
        return {"loss": None}
    is_cheap = loss.numel() == 1 and loss.is_cpu and not loss.is_complex()
    is_cheap = is_cheap and not is_traced()
    return {
        "loss": float(loss.item()) if is_cheap else None,
        "loss_id": id(loss),
        "is_leaf": loss.is_leaf,
        "requires_grad": loss.requires_grad,
    }
