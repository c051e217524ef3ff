"""Views: tensors that look into the memory of another.

With this module one can: make one (`View`), and find whose memory it is (`root_of`).

When a view, or what it looks into, is changed in place, everything that shares the
memory gets a new history: the root at once, each view when it is next asked. A view
therefore remembers how it was taken, and takes itself again.
"""

from helpers.autograd.grad_mode import enable_grad, is_grad_enabled
from helpers.autograd.tensor import Tensor, edge_of

STALE = (
    "A view was created in no_grad mode and its base or another view of its base has "
    "been modified inplace with grad mode enabled. Take the view inside the grad mode "
    "in which it is used, or clone() it"
)


class View(Tensor):
    """A tensor that shares the memory of `parent`.

    Args:
        data: the raw view.
        edge: where its gradient goes, at the time it is taken.
        parent: the Tensor it was taken from; may be a View itself.
        take: the function that took it: parent -> view, for Tensors and raw arrays.
        one_of_several: True for the pieces of split, chunk and unbind, which torch
            lets nobody change in place.

    Source: torch's DifferentiableViewMeta. Built in chapter 03.

    >>> from helpers.autograd import tensor
    >>> x = tensor([1.0, 2.0], requires_grad=True) * 1
    >>> first = x[0]
    >>> first.mul_(10).item(), x.tolist(), x.grad_fn.name()
    (10.0, [10.0, 2.0], 'CopySlices')
    """

    def __init__(self, data, edge, parent, take, one_of_several=False):
        self.data = data
        self._edge = edge
        self._seen = data._version
        self.parent = parent
        self.take = take
        self.one_of_several = one_of_several
        self.taken_unrecorded = not is_grad_enabled()

    @property
    def edge(self):
        """Where its gradient goes; found anew if the memory changed since."""
        version = self.data._version
        if version != self._seen:
            self._edge = self.edge_after_change()
            self._seen = version
        return self._edge

    @edge.setter
    def edge(self, edge):
        self._edge, self._seen = edge, self.data._version

    def edge_after_change(self):
        """The edge of the same view, taken again from what its parent is now."""
        if edge_of(self.parent) is None:
            return None
        if self.taken_unrecorded:
            raise RuntimeError(STALE)
        with enable_grad():
            return edge_of(self.take(self.parent))

    def taken_from(self, other):
        """The same view of another tensor, or raw array, that is like the root."""
        if isinstance(self.parent, View):
            other = self.parent.taken_from(other)
        return self.take(other)

    @property
    def _base(self):
        return root_of(self)


def root_of(tensor):
    """The tensor whose memory a view looks into; of any other, itself."""
    while isinstance(tensor, View):
        tensor = tensor.parent
    return tensor
