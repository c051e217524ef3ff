"""The node of a learner's own Function, and what its forward saved."""

import weakref

import torch

from helpers.autograd.graph.node import CHANGED, FREED, Node, Slot
from helpers.autograd.graph.saved_tensors import Packed, hooks_in_force
from helpers.autograd.graph.unbroadcast import unbroadcast
from helpers.autograd.tensor.tensor import Tensor, edge_of, lowered, wrap

COUNT = "function {} returned an incorrect number of gradients (expected {}, got {})"
NOT_A_TENSOR = (
    "function {} returned a gradient different than None at position {}, but the "
    "corresponding forward input was not a Variable"
)
SHAPE = (
    "Function {} returned an invalid gradient at index {} - got {} but expected shape "
    "compatible with {}"
)
DEVICE = (
    "Function {} returned an invalid gradient at index {} - expected device {} but "
    "got {}"
)


class FunctionNode(Node):
    """A record of one call of a Function's forward.

    Its edges are those of the arguments that are Tensors. The node holds the context;
    the context knows the node only weakly, so that no reference cycle keeps a finished
    graph alive. What forward left in the context can be read off the node too.

    Source: torch's PyNode. Built in chapter 02.
    """

    def __init__(self, function, ctx, args):
        self.function, self.ctx = function, ctx
        ctx._node = weakref.ref(self)
        self.is_tensor = [isinstance(each, Tensor) for each in args]
        tensors = [each for each in args if isinstance(each, Tensor)]
        self.edges = tuple(edge_of(each) for each in tensors)
        self.depth = 1 + max(edge.depth for edge in self.edges if edge is not None)
        self.inputs = [(each.shape, each.dtype, each.device) for each in tensors]
        self.saved = []  # Saved, or None
        self.made = []  # of each output: shape, dtype and device; None if no Tensor

    def __getattr__(self, name):
        return getattr(self.__dict__["ctx"], name)

    def name(self):
        """As torch's: the class's name, and "Backward"."""
        return f"{self.function.__name__}Backward"

    def edge_to(self, index):
        """The edge to one of its outputs."""
        return self if self.outputs == 1 else Slot(self, index)

    def backward(self, gradient, recording):
        """Run the class's backward on Tensors; check and hand on what it returns."""
        if self.saved is None:
            raise RuntimeError(FREED)
        arrived = gradient if self.outputs > 1 else [gradient]
        given = [self.given(*pair) for pair in zip(arrived, self.made, strict=True)]
        returned = self.function.backward_method()(self.ctx, *given)
        found = self.checked(returned)
        if recording:
            return [wrap(each) if is_raw(each) else each for each in found]
        return [None if each is None else lowered(each) for each in found]

    def given(self, gradient, like):
        """What backward is handed for one output: a Tensor, zeros, or None."""
        if gradient is not None:
            return wrap(gradient) if is_raw(gradient) else gradient
        if like is None or not self.ctx._materializes:
            return None
        shape, dtype, device = like
        return wrap(torch.zeros(shape, dtype=dtype, device=device))

    def checked(self, returned):
        """One gradient for each edge, of its input's shape and dtype, or None."""
        found = list(returned) if isinstance(returned, tuple) else [returned]
        count = len(self.is_tensor)
        if len(found) < count or any(each is not None for each in found[count:]):
            raise RuntimeError(COUNT.format(self.name(), count, len(found)))
        kept = []
        for place, (each, is_tensor) in enumerate(
            zip(found, self.is_tensor, strict=False)
        ):
            if is_tensor:
                kept.append(self.fitted(len(kept), each))
            elif each is not None:
                raise RuntimeError(NOT_A_TENSOR.format(self.name(), place + 1))
        return kept

    def fitted(self, index, gradient):
        """One gradient brought to its input's shape and dtype; RuntimeError if not."""
        if gradient is None or self.edges[index] is None:
            return None
        if not isinstance(gradient, (Tensor, torch.Tensor)):
            kind = type(gradient).__name__
            raise RuntimeError(f"expected Variable or None (got {kind})")
        shape, dtype, device = self.inputs[index]
        if not is_expandable(shape, gradient.shape):
            got, wanted = list(gradient.shape), list(shape)
            raise RuntimeError(SHAPE.format(self.name(), index, got, wanted))
        if gradient.device != device and gradient.dim() > 0:
            got = gradient.device
            raise RuntimeError(DEVICE.format(self.name(), index, device, got))
        return unbroadcast(gradient, (shape, dtype, device))

    def save(self, tensors):
        """Keep what `save_for_backward` was handed, at the versions of this moment."""
        self.saved = [None if each is None else Saved(each, self) for each in tensors]

    def unpacked(self):
        """The saved tensors; RuntimeError if freed, or changed since."""
        if self.saved is None:
            raise RuntimeError(FREED)
        return tuple(
            None if each is None else each.unpacked(self, place)
            for place, each in enumerate(self.saved)
        )

    def free(self):
        """Let go of the saved tensors."""
        self.saved = None


class Saved:
    """A tensor saved for backward: its array, its version, and where it came from."""

    def __init__(self, tensor, node):
        edge = edge_of(tensor)
        is_output = edge is not None and edge.node is node
        self.place = edge.index if is_output else None
        self.edge = None if is_output else edge  # its own node would make a cycle
        self.raw = lowered(tensor)
        self.version = self.raw._version
        hooks = hooks_in_force()
        if hooks is not None:
            self.raw = Packed(hooks, self.raw)

    def unpacked(self, node, place):
        """The tensor again; RuntimeError if its array was changed in place."""
        edge = self.edge if self.place is None else node.edge_to(self.place)
        if self.raw.__class__ is Packed:
            return wrap(self.raw.unpack(), edge)
        if self.raw._version != self.version:
            raise RuntimeError(
                CHANGED.format(
                    kind=self.raw.type(),
                    shape=list(self.raw.shape),
                    name=node.name(),
                    what=f"tensor {place} of save_for_backward",
                    now=self.raw._version,
                    then=self.version,
                )
            )
        if isinstance(self.edge, Tensor) and self.edge.data is self.raw:
            return self.edge  # the leaf itself
        return wrap(self.raw, edge)


class ErrorNode(Node):
    """What stands in the graph where a gradient can't be computed: it says why."""

    saved = ()

    def __init__(self, message, edges):
        self.message, self.edges = message, edges
        self.depth = 1 + max(edge.depth for edge in edges if edge is not None)

    def name(self):
        """Torch's name for it."""
        return "Error"

    def backward(self, gradient, recording):
        """RuntimeError with its message."""
        raise RuntimeError(self.message)


def is_expandable(shape, wanted):
    """Whether an array of `shape` can be broadcast to the shape `wanted`."""
    missing = len(wanted) - len(shape)
    pairs = zip(shape, wanted[max(missing, 0) :], strict=False)
    return missing >= 0 and all(have in (1, length) for have, length in pairs)


def is_raw(value):
    """Whether a value is a raw array: torch's tensor, not ours."""
    return isinstance(value, torch.Tensor)
