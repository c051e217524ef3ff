"""The gradients that were asked for, when they are not simply those of all leaves.

With this module one can: let the engine walk only where an asked-for tensor lies
(`Targets.lead_through`), and collect what arrived there (`Targets.results`).
"""

from helpers.autograd.engine.accumulate import accumulate
from helpers.autograd.tensor.tensor import Tensor, edge_of, wrap

UNUSED = (
    "One of the differentiated Tensors appears to not have been used in the graph. Set "
    "allow_unused=True if this is the desired behavior."
)


class Targets:
    """The tensors whose gradients are wanted, and the nodes that lead to them.

    RuntimeError for a tensor that does not require grad.
    """

    def __init__(self, inputs, roots):
        for each in inputs:
            if not each.requires_grad:
                raise RuntimeError(
                    "One of the differentiated Tensors does not require grad"
                )
        self.inputs = inputs
        self.edges = [edge_of(each) for each in inputs]
        self.nodes = {edge.node for edge in self.edges}
        self.way = nodes_toward(self.nodes, [edge_of(root).node for root in roots])
        self.found = {}

    def concern(self, node):
        """Whether what arrives at a node matters; if not, its hooks rest too."""
        return node in self.way or node in self.nodes

    def lead_through(self, node, gradient):
        """Note the gradient if it was asked for; tell whether to go on from here."""
        if node in self.nodes:
            gradients = gradient if gradient.__class__ is list else [gradient]
            self.found.update({(node, i): g for i, g in enumerate(gradients)})
        return node in self.way

    def gradient_of(self, edge):
        """What arrived at an edge; None if nothing did."""
        return self.found.get((edge.node, edge.index))

    def results(self, allow_unused, materialize):
        """A tuple of Tensors, one for each input; None, zeros or an error if unused."""
        return tuple(
            self.result(tensor, self.gradient_of(edge), allow_unused, materialize)
            for tensor, edge in zip(self.inputs, self.edges, strict=True)
        )

    def result(self, tensor, gradient, allow_unused, materialize):
        """The gradient of one input, as a Tensor."""
        if gradient is not None:
            return gradient if isinstance(gradient, Tensor) else wrap(gradient)
        if not allow_unused:
            raise RuntimeError(UNUSED)
        return wrap(tensor.data.new_zeros(tensor.shape)) if materialize else None

    def accumulate(self, recording):
        """Add what arrived to the `.grad` of each input, once."""
        for tensor, edge in dict(zip(self.inputs, self.edges, strict=True)).items():
            gradient = self.gradient_of(edge)
            if gradient is not None:
                accumulate(tensor, gradient, recording)


def nodes_toward(goals, roots):
    """The nodes below `roots` from which a goal can be reached; not the goals' own.

    Deepest nodes can only be reached last, so one pass upward by depth settles all.
    """
    below, stack = set(), [root for root in roots if root is not None]
    while stack:
        node = stack.pop()
        if node not in below:
            below.add(node)
            stack += [edge.node for edge in node.edges if edge is not None]
    toward = set()
    for node in sorted(below, key=lambda each: each.depth):
        into = (edge.node for edge in node.edges if edge is not None)
        if any(each in toward or each in goals for each in into):
            toward.add(node)
    return toward
