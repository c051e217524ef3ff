"""Views: tensors that look into the memory of another.

When a view, or what it looks into, is changed in place, everything that shares the
memory gets a new history: the root at once, each view when it is next asked. A view
therefore remembers how it was taken, and takes itself again.
"""

from helpers.autograd.grad_mode import enable_grad, is_grad_enabled
from helpers.autograd.graph.hooks import move_retaining
from helpers.autograd.tensor.tensor import Tensor, edge_of

UNRECORDED = (
    "A view was created in no_grad mode and {what} modified inplace with grad mode "
    "enabled. Take the view inside the grad mode in which it is used, or clone() it"
)
ONE_OF_SEVERAL = (
    "Output {index} of {node} is a view and {what} modified inplace. This view is the "
    "output of a function that returns multiple views. Such functions do not allow the "
    "output views to be modified inplace. You should replace the inplace operation by "
    "an out-of-place one."
)
INDIRECTLY = "its base or another view of its base has been"


class View(Tensor):
    """A tensor that shares the memory of `parent`.

    Args:
        data: the raw view.
        edge: where its gradient goes, at the time it is taken.
        parent: the Tensor it was taken from; may be a View itself.
        take: the function that took it: parent -> view, for Tensors and raw arrays. It
            may hold no tensors, since graphs hold it.
        one_of_several: True for the pieces of split, chunk and unbind, which torch
            lets nobody change in place; nor views of them.

    A view that was taken under no_grad says that it requires grad if its root does, as
    torch has it; but no gradient flows through it.

    Source: torch's DifferentiableViewMeta. Built in chapter 03.

    >>> from helpers.autograd import tensor
    >>> x = tensor([1.0, 2.0], requires_grad=True) * 1
    >>> first = x[0]
    >>> first.mul_(10).item(), x.tolist(), x.grad_fn
    (10.0, [10.0, 2.0], <CopySlices>)
    """

    def __init__(self, data, edge, parent, take, one_of_several=False):
        self.data = data
        self._edge = edge
        self._version_of_edge = data._version
        self.parent = parent
        self.take = take
        self.taken_unrecorded = not is_grad_enabled()
        self.one_of_several = one_of_several
        if isinstance(parent, View) and not (one_of_several or self.taken_unrecorded):
            self.one_of_several = parent.one_of_several
            self.taken_unrecorded = parent.taken_unrecorded

    @property
    def edge(self):
        """Where its gradient goes; found anew if the memory changed since."""
        version = self.data._version
        if version != self._version_of_edge:
            if root_of(self).requires_grad:
                self.take_again()
            self._version_of_edge = version
        return self._edge

    @edge.setter
    def edge(self, edge):
        self._edge, self._version_of_edge = edge, self.data._version

    def take_again(self):
        """Get the history of the same view of what its root is now.

        As in torch it leads straight to the root, past the views in between.
        """
        self.refuse_a_change(INDIRECTLY)
        with enable_grad():
            edge = edge_of(taken(root_of(self), steps_to(self)))
        move_retaining(self, self._edge, edge)
        self._edge = edge

    @Tensor.requires_grad.getter
    def requires_grad(self):
        """Whether it, or the tensor whose memory it shows, requires grad."""
        has_own = self._edge is not None or self._leaf_requires_grad
        return has_own or root_of(self).requires_grad

    def refuse_a_change(self, what):
        """Raise torch's errors for views that may not be changed; `what` "is being"."""
        if self.taken_unrecorded:
            raise RuntimeError(UNRECORDED.format(what=what))
        if self.one_of_several:
            node = None if self._edge is None else self._edge.node
            index = 0 if self._edge is None else self._edge.index
            raise RuntimeError(ONE_OF_SEVERAL.format(index=index, node=node, what=what))

    @property
    def _base(self):
        return root_of(self)


def root_of(tensor):
    """The tensor whose memory a view looks into; of any other, itself."""
    while isinstance(tensor, View):
        tensor = tensor.parent
    return tensor


def steps_to(view):
    """The functions that take a view from its root, in order; they hold no tensor."""
    steps = []
    while isinstance(view, View):
        steps.append(view.take)
        view = view.parent
    return steps[::-1]


def taken(root, steps):
    """The view of a root, Tensor or raw array, that steps take."""
    for step in steps:
        root = step(root)
    return root
