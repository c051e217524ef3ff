"""The `inputs` of `backward` and `grad`: the tensors whose gradients are wanted."""

from helpers.autograd.engine.accumulate import accumulate
from helpers.autograd.engine.grad_outputs import as_tuple
from helpers.autograd.tensor.tensor import Tensor, edge_of, wrap

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

    RuntimeError for an input that does not require grad.
    """

    def __init__(self, inputs, outputs):
        for each in inputs:
            if not each.requires_grad:
                raise RuntimeError(
                    "One of the differentiated Tensors does not require grad"
                )
        self.inputs = inputs
        self.edges = [edge_of(each) for each in inputs]
        self.nodes = {edge.node for edge in self.edges}
        starts = [edge_of(output).node for output in outputs]
        self.above = nodes_above(self.nodes, starts)
        self.captured = {}

    def need(self, node):
        """Whether what arrives at a node matters; if not, its hooks rest too."""
        return node in self.above or node in self.nodes

    def pass_through(self, node, gradient):
        """Note the gradient if it was asked for; tell whether to go on from here."""
        if node in self.nodes:
            gradients = gradient if gradient.__class__ is list else [gradient]
            self.captured.update({(node, i): g for i, g in enumerate(gradients)})
        return node in self.above

    def gradient_at(self, edge):
        """What arrived at an edge; None if nothing did."""
        return self.captured.get((edge.node, edge.index))

    def gradients(self, allow_unused, materialize):
        """A tuple of Tensors, one for each input; None, zeros or an error if unused."""
        return tuple(
            self.gradient(tensor, self.gradient_at(edge), allow_unused, materialize)
            for tensor, edge in zip(self.inputs, self.edges, strict=True)
        )

    def gradient(self, tensor, gradient, allow_unused, materialize):
        """The gradient of one input, as a Tensor."""
        if gradient is not None:
            return gradient if isinstance(gradient, Tensor) else wrap(gradient)
        if not allow_unused:
            raise RuntimeError(UNUSED)
        return wrap(tensor.data.new_zeros(tensor.shape)) if materialize else None

    def accumulate(self, recording):
        """Add what arrived to the `.grad` of each input, once."""
        for tensor, edge in dict(zip(self.inputs, self.edges, strict=True)).items():
            gradient = self.gradient_at(edge)
            if gradient is not None:
                accumulate(tensor, gradient, recording)


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
