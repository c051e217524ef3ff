"""Where tensors came from."""

import weakref


class Origin:
    """Where a tensor came from.

    Attributes: `name` of the function; `place`; `cuts`, the (name, place, what) of
    calls on the way at which the graph ended; `squashed`, the name and dim of a softmax
    or sigmoid whose output this is, or None; `parts`, for a weighted sum the weight of
    each tensor by where it lies, or None.
    """

    __slots__ = ("cuts", "name", "parts", "place", "squashed")

    def __init__(self, name, place, cuts, squashed=None):
        self.name = name
        self.place = place
        self.cuts = cuts
        self.squashed = squashed
        self.parts = None


class Origins:
    """The origin of every tensor that lives, by identity."""

    def __init__(self):
        self._found = {}

    def of(self, tensor):
        """The origin of a tensor, or None."""
        reference, origin = self._found.get(id(tensor), (None, None))
        return origin if reference is not None and reference() is tensor else None

    def forget(self, tensor):
        """The origin of a tensor, which is not remembered any more; or None."""
        origin = self.of(tensor)
        self._found.pop(id(tensor), None)
        return origin

    def put(self, tensor, origin):
        """Remember where a tensor came from."""
        key = id(tensor)
        forget = weakref.ref(tensor, lambda _: self._found.pop(key, None))
        self._found[key] = (forget, origin)
