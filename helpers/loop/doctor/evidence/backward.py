"""Evidence from backward: what was differentiated, and what it reached."""

import torch

from helpers.loop.doctor.evidence import gradients, graph
from helpers.loop.doctor.evidence.evidence import unseen


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
        facts = {"inside": evidence.stepping, **about(loss)}
        facts["retain"] = bool(argument(args, kwargs, 1, "retain_graph"))
        facts["create"] = bool(argument(args, kwargs, 2, "create_graph"))
        detailed = evidence.is_detailed
        if loss is not None and loss.grad_fn is not None:
            graph.mark(loss.grad_fn, "loss", evidence)
            if detailed:
                facts.update(self.look_at_graph(loss))
        event = evidence.add("backward", **facts)
        records = evidence.parameters.all
        if detailed:
            before = gradients.marks(records)
            event.facts["found"] = gradients.sizes(records)
        evidence.in_backward = True
        try:
            result = original(tensors, *args, **kwargs)
        finally:
            evidence.in_backward = False
        if detailed:
            after = gradients.marks(records)
            event.facts["reached"] = {n for n in after if after[n] != before.get(n)}
            event.facts["grads"] = gradients.sizes(records)
        event.facts["done"] = True
        return result

    def look_at_graph(self, loss):
        """How large the graph is, which leaves it ends in, how old its parts are."""
        seen = graph.walk(loss.grad_fn)
        leaves = {self.evidence.parameter(leaf).number for leaf in seen.leaves}
        return {
            "nodes": seen.count,
            "leaves": leaves,
            "operations": seen.operations,
            "oldest": seen.oldest,
        }

    def grad(self, original, outputs, *args, **kwargs):
        """Note a gradient that is handed back and not left in `.grad`."""
        loss = first_tensor(outputs)
        create = bool(argument(args, kwargs, 3, "create_graph"))
        self.evidence.add("grad", create=create, **about(loss))
        return original(outputs, *args, **kwargs)


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
    with unseen():
        is_cheap = loss.numel() == 1 and loss.device.type == "cpu"
        return {
            "loss": float(loss.detach())
            if is_cheap and not loss.is_complex()
            else None,
            "loss_id": id(loss),
            "is_leaf": loss.is_leaf,
            "requires_grad": loss.requires_grad,
            "shape": tuple(loss.shape),
            "dtype": loss.dtype,
            "made_by": type(loss.grad_fn).__name__ if loss.grad_fn is not None else "",
        }
