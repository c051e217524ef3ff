"""How exercise 3.4 runs an answer: errors of the walk are told apart by their cause."""

from helpers.autograd import Tensor, tensor


class _NoHistory(RuntimeError):
    """What was differentiated was not computed from the point."""


class _AtAConstant(RuntimeError):
    """The function was called at a tensor that does not require grad."""


class _SeveralNumbers(RuntimeError):
    """What was differentiated is not one number."""


class _Freed(RuntimeError):
    """A graph was walked a second time."""


class _NotUnpacked(TypeError):
    """A tuple of gradients stands where a gradient should."""


class _OfTorch(TypeError):
    """PyTorch's own engine was asked."""


MOST_WALKS = 3  # two are needed; with a point of four numbers, rows take five

_CAUSES = (
    ("does not require grad", _NoHistory),
    ("iteration over a 0-d tensor", _NoHistory),  # a raw array was differentiated
    ("only for scalar outputs", _SeveralNumbers),
    ("a second time", _Freed),
    ("function torch.autograd", _OfTorch),
    ("tuple", _NotUnpacked),
    ("be converted to an index", _NotUnpacked),  # a tuple times a tensor
)


def _cause(error):
    """The kind of an error by its words; `error`'s own where they are others."""
    kinds = (kind for words, kind in _CAUSES if words in str(error))
    return next(kinds, type(error))


def product(answer, function, point, vector):
    """The answer's numbers at a fresh point, and whether it walked for each row."""
    at, seen, walks = tensor(point, requires_grad=True), [], []

    def watched(x):
        seen.append(x)
        inner = x * 1.0  # every walk to the point comes by
        if inner.requires_grad:
            inner.register_hook(walks.append)
        return function(inner)

    try:
        found = answer(watched, at, tensor(vector))
    except (RuntimeError, TypeError, AttributeError) as error:
        kind = _cause(error)
        if kind is _NoHistory and not all(x.requires_grad for x in seen):
            kind = _AtAConstant
        if kind is type(error):
            raise
        raise kind(str(error)).with_traceback(error.__traceback__) from None
    if isinstance(found, tuple | list) and any(isinstance(x, Tensor) for x in found):
        raise _NotUnpacked("grad returns a tuple, one gradient for each input")
    found = found.data if isinstance(found, Tensor) else found
    return {"product": found, "a walk for each row": len(walks) > MOST_WALKS}
