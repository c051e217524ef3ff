"""Node: the record of one operation, with edges to where gradients go from it."""

from torch.autograd import graph
from torch.utils.hooks import RemovableHandle

from helpers.autograd.graph.accumulate_grad import as_function
from helpers.autograd.graph.call import call_node
from helpers.autograd.graph.hooks import add_hook, hooks_of
from helpers.autograd.graph.unbroadcast import differentiate_complex, unbroadcast

FREED = (
    "Trying to backward through the graph a second time (or directly access saved "
    "tensors after they have already been freed). Saved intermediate values of the "
    "graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if "
    "you need to access saved tensors after calling backward."
)


class Node:
    """A record of one operation: what it saved, and where gradients go from here.

    Args:
        operation: the `Operation`, which holds the formulas.
        edges: for each input that could have a gradient, the Node, Slot or leaf that
            it came from; None if it needs none.
        saved: what the formulas read, raw arrays and plain values, in the order of
            `operation.saves`.
        versions: how often each array of `saved` had been changed in place by then, as
            torch counts it; None for what is no array.
        depth: 1 + the depth of the deepest edge. A leaf has depth 0, so a node always
            lies above everything it was computed from.
        unbroadcast_to: for each edge None, or the (shape, dtype, device) that its
            gradient is brought to: decided in the forward pass, where broadcasting
            happens.
        outputs: how many; `backward` of a node with several takes a list of gradients,
            None for an output to which none came.

    Source: torch.autograd.graph.Node. Built in chapters 02 and 03.

    >>> from helpers.autograd import tensor
    >>> y = tensor(2.0, requires_grad=True) * 3
    >>> y.grad_fn.name()
    'MulBackward0'
    >>> y.grad_fn.next_functions
    ((<AccumulateGrad>, 0), (None, 0))
    """

    index = 0  # an edge to a Node is an edge to its first output
    unbroadcast_to = None
    outputs = 1
    hooks = None
    is_complex = False  # whether formulas meet complex numbers
    absent = ()  # the names of optional inputs that were no tensors

    def __init__(self, operation, edges, saved, versions, depth):
        self.operation = operation
        self.edges = edges
        self.saved = saved
        self.versions = versions
        self.depth = depth
        # The walk asks every node for these: an object answers faster than its class.
        self.unbroadcast_to = self.hooks = None
        self.is_complex = False

    @property
    def node(self):
        """An edge's node: this one."""
        return self

    def backward(self, gradient, recording):
        """The gradients for `edges`, given that of the output.

        Raw arrays go in and come out; with `recording`, Tensors, so that the same
        formulas build a graph of their own. RuntimeError if what was saved is freed or
        was changed in place.
        """
        if self.saved is None:
            raise RuntimeError(FREED)
        if self.is_complex:
            gradients = differentiate_complex(self, gradient, recording)
        else:
            gradients = self.operation.differentiate(self, gradient, recording)
        if self.unbroadcast_to is None:
            return gradients
        return map(unbroadcast, gradients, self.unbroadcast_to)

    def free(self):
        """Let go of what was saved; backward then refuses to come here again.

        A node that saved no array, such as a sum's, may be passed again, as in torch.
        """
        versions = self.versions
        if versions and (versions[0] is not None or self.holds_arrays()):
            self.saved = None

    def holds_arrays(self):
        """Whether something of an array's was saved; torch makes one of a number too.

        Only in the place of an input: the 2 in x * 2 is one for torch, the 2 in
        x.add(y, alpha=2) is not.
        """
        if self.versions.count(None) < len(self.versions):
            return True
        return any(self.saved[i] is not None for i in self.operation.input_places)

    def error_of_change(self, place):
        """The error to raise when a saved array was changed after it was saved."""
        array = self.saved[place]
        is_list = array.__class__ is Arrays
        message = CHANGED.format(
            kind="arrays" if is_list else array.type(),
            shape=[] if is_list else list(array.shape),
            what=self.operation.saves[place],
            name=self.name(),
            now=array._version,
            then=self.versions[place],
        )
        return RuntimeError(message)

    def name(self) -> str:
        """Like torch's: the operation's name and "Backward0"."""
        if self.absent:
            return self.operation.optional[self.absent[0]]
        return self.operation.node_name

    @property
    def next_functions(self):
        """The nodes that gradients go to from here: pairs (node, which output)."""
        edges = self.edges
        if self.absent:
            pairs = zip(self.operation.inputs, edges, strict=True)
            edges = [edge for name, edge in pairs if name not in self.absent]
        return tuple(as_function(edge) for edge in edges)

    def __call__(self, *gradients):
        """The gradients of the inputs, given those of the outputs; no hook runs."""
        return call_node(self, gradients)

    @property
    def metadata(self):
        """A dict in which the user may note something about this node."""
        return self.__dict__.setdefault("_metadata", {})

    def register_hook(self, hook) -> RemovableHandle:
        """Call hook(gradients of inputs, gradients of outputs) after this node ran.

        Both are tuples of Tensors or None; a tuple that it returns replaces the first.
        """
        return add_hook(hooks_of(self).after, hook)

    def register_prehook(self, hook) -> RemovableHandle:
        """Call hook(gradients of outputs) before this node runs.

        A tuple that it returns replaces them.
        """
        return add_hook(hooks_of(self).before, hook)

    def __repr__(self):
        return f"<{self.name().rpartition('::')[2]}>"


CHANGED = (
    "one of the variables needed for gradient computation has been modified by an "
    "inplace operation: [{kind} {shape}], which {name} saved as {what}, is at version "
    "{now}; expected version {then} instead. Change it after backward(), or write the "
    "operation without the underscore, so that it makes a new tensor"
)


class Slot:
    """An edge to one output of a node that has several.

    >>> from helpers.autograd import tensor
    >>> first, second = tensor([1.0, 2.0], requires_grad=True).unbind()
    >>> second.grad_fn.name(), second.edge.index
    ('UnbindBackward0', 1)
    """

    __slots__ = ("node", "index", "depth")

    def __init__(self, node, index):
        self.node = node
        self.index = index
        self.depth = node.depth


class Arrays(list):
    """A list of arrays that is saved as one thing, and has a version as one has.

    >>> import torch
    >>> kept = Arrays([torch.zeros(1), torch.zeros(2)])
    >>> _ = kept[1].add_(1)
    >>> kept._version
    (0, 1)
    """

    @property
    def _version(self):
        return tuple([each._version for each in self])


graph.Node.register(Node)
