"""The `inputs` of `backward` and `grad`: the tensors whose gradients are wanted."""

import torch

from helpers.autograd.engine.grad_outputs import as_tuple
from helpers.autograd.engine.run_hooks import run_tensor_hooks
from helpers.autograd.graph.call import as_tensor
from helpers.autograd.tensor.tensor import Tensor, edge_of

UNUSED = (
    "One of the differentiated Tensors appears to not have been used in the graph. Set "
    "allow_unused=True if this is the desired behavior."
)


def inputs_of(tensors, name):
    """The `inputs` of a function, as a tuple; RuntimeError if there is none."""
    inputs = as_tuple(tensors)
    if not inputs:
        raise RuntimeError(
            f"`inputs` argument to `{name}()` cannot be empty; give at least one Tensor"
        )
    return inputs


class Inputs:
    """The tensors whose gradients are wanted, and the nodes on the way to them.

    Args:
        inputs: a tuple of Tensors.
        outputs: the Tensors that the pass starts from.
        fill: whether gradients are added to `.grad`, as by `backward`; else they are
            noted, as for `grad`.

    RuntimeError for an input that does not require grad.
    """

    def __init__(self, inputs, outputs, fill=False):
        for each in inputs:
            if not each.requires_grad:
                raise RuntimeError(
                    "One of the differentiated Tensors does not require grad"
                )
        self.inputs = inputs
        self.edges = [edge_of(each) for each in inputs]
        self.nodes = {edge.node for edge in self.edges if edge is not None}
        starts = [edge_of(output).node for output in outputs]
        self.at_work = nodes_above(self.nodes, starts)
        self.ways = self.at_work | self.nodes
        self.captured = {}
        if fill:
            self.at_work |= self.nodes
            for each in inputs:
                each.retain_grad()

    def let_pass(self, node, gradient, recording):
        """Note the gradient if it was asked for; tell whether the node is to work.

        Of one that is not, only the tensor hooks run, and only if it was asked for. As
        in torch, they come too late for what is noted at a node that is to work.
        """
        is_at_work = node in self.at_work
        if node in self.nodes:
            if node.hooks is not None and not is_at_work:
                gradient = run_tensor_hooks(node, gradient, recording)
            gradients = gradient if gradient.__class__ is list else [gradient]
            self.captured.update({(node, i): g for i, g in enumerate(gradients)})
        return is_at_work

    def wanted(self, edges, gradients):
        """Of a node's gradients those that lead to an input; None for the others."""
        return [
            None if edge is None or edge.node not in self.ways else gradient
            for edge, gradient in zip(edges, gradients, strict=True)
        ]

    def gradient_at(self, edge):
        """What arrived at an edge; None if nothing did."""
        return None if edge is None else self.captured.get((edge.node, edge.index))

    def gradients(self, allow_unused, zeros, recording):
        """A tuple of Tensors, one for each input.

        Where nothing arrived: zeros if wanted, which require grad if the pass was
        recorded; else None if allowed; else RuntimeError.
        """
        found = [self.gradient_at(edge) for edge in self.edges]
        if not (allow_unused or zeros) and any(each is None for each in found):
            raise RuntimeError(UNUSED)
        return tuple(
            zeros_like(tensor, recording) if each is None and zeros else as_tensor(each)
            for tensor, each in zip(self.inputs, found, strict=True)
        )


def zeros_like(tensor, requires_grad):
    """Zeros in the place of a gradient."""
    return Tensor(torch.zeros_like(tensor.data), requires_grad)


def nodes_above(goals, starts):
    """The nodes, on the ways down from `starts`, from which a goal can be reached.

    What a node leads to lies less deep than the node, so one pass by depth, from the
    leaves up, settles all.
    """
    below, stack = set(), list(starts)
    while stack:
        node = stack.pop()
        if node not in below:
            below.add(node)
            stack += [edge.node for edge in node.edges if edge is not None]
    above = set()
    for node in sorted(below, key=lambda each: each.depth):
        into = (edge.node for edge in node.edges if edge is not None)
        if any(each in above or each in goals for each in into):
            above.add(node)
    return above
