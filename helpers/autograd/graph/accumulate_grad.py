"""AccumulateGrad: how a leaf shows in a graph."""

from torch.autograd import graph
from torch.utils.hooks import RemovableHandle

from helpers.autograd.graph.hooks import add_hook, hooks_of
from helpers.autograd.tensor.tensor import Tensor


class AccumulateGrad:
    """How a leaf shows in a printed graph: the node that fills its `.grad`.

    The leaf itself is the edge; this view of it is made on demand, and two views of one
    leaf are equal. Source: torch's AccumulateGrad. Built in chapter 02.
    """

    next_functions = ()

    def __init__(self, variable):
        self.variable = variable

    def name(self) -> str:
        """Always torch's name for it."""
        return "torch::autograd::AccumulateGrad"

    def register_hook(self, hook) -> RemovableHandle:
        """Call hook((), (gradient,)) after the leaf's `.grad` was updated."""
        return add_hook(hooks_of(self.variable).after, hook)

    def register_prehook(self, hook) -> RemovableHandle:
        """Call hook((gradient,)) before; a tuple that it returns replaces it."""
        return add_hook(hooks_of(self.variable).before, hook)

    def __eq__(self, other):
        return isinstance(other, AccumulateGrad) and self.variable is other.variable

    def __hash__(self):
        return hash(self.variable)

    def __repr__(self):
        return "<AccumulateGrad>"


def as_function(edge):
    """What an edge leads to, as `next_functions` tells it: (node, which output)."""
    if edge is None:
        return None, 0
    if isinstance(edge, Tensor):
        return AccumulateGrad(edge), 0
    return edge.node, edge.index


graph.Node.register(AccumulateGrad)
