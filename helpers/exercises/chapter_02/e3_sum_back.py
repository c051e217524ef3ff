"""Exercise 2.3: the gradient of an input that was broadcast."""

import torch

from helpers.exercises.exercise import Exercise, Mistake


def sum_back(grad, shape):
    """Sum a gradient over the dimensions in which its input was stretched."""
    while grad.dim() > len(shape):
        grad = grad.sum(0)
    for dim, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(dim, keepdim=True)
    return grad


def _with(reduce):
    """The same walk over the dimensions with another reduction than the sum."""

    def back(grad, shape):
        while grad.dim() > len(shape):
            grad = reduce(grad, 0, False)
        for dim, size in enumerate(shape):
            if size == 1:
                grad = reduce(grad, dim, True)
        return grad

    return back


def _mean(grad, dim, keepdim):
    return grad.mean(dim, keepdim)


def _first(grad, dim, keepdim):
    return grad.narrow(dim, 0, 1) if keepdim else grad.select(dim, 0)


def _lacking_only(grad, shape):
    while grad.dim() > len(shape):
        grad = grad.sum(0)
    return grad


def _ones_only(grad, shape):
    for dim, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(dim, keepdim=True)
    return grad


def _from_the_right(grad, shape):
    while grad.dim() > len(shape):
        grad = grad.sum(-1)
    return _ones_only(grad, shape)


def _flattened(grad, shape):
    while grad.dim() > len(shape):
        grad = grad.sum(0)
    ones = [dim for dim, size in enumerate(shape) if size == 1]
    return grad.sum(ones) if ones else grad


def _ones_before_lacking(grad, shape):
    grad = _ones_only(grad, shape)
    while grad.dim() > len(shape):
        grad = grad.sum(0)
    return grad


def _one_lacking(grad, shape):
    if grad.dim() > len(shape):
        grad = grad.sum(0)
    return _ones_only(grad, shape) if grad.dim() == len(shape) else grad


def _first_one(grad, shape):
    grad = _lacking_only(grad, shape)
    return grad.sum(shape.index(1), keepdim=True) if 1 in shape else grad


def _no_dimension(grad, shape):
    lacking = grad.dim() - len(shape)
    ones = [lacking + dim for dim, size in enumerate(shape) if size == 1]
    return grad.sum([*range(lacking), *ones]).reshape(shape)


def _no_stretched_dimension(grad, shape):
    lacking = grad.dim() - len(shape)
    pairs = enumerate(zip(grad.shape[lacking:], shape, strict=True))
    stretched = [lacking + dim for dim, (large, small) in pairs if large != small]
    return grad.sum([*range(lacking), *stretched]).reshape(shape)


def _none_lacking(grad, shape):
    grad = grad.sum(tuple(range(grad.dim() - len(shape))))
    return _ones_only(grad, shape)


def _all_of_it(grad, shape):
    return grad.sum().expand(shape).clone()


NO_DIMENSION = (
    "With an empty list of dimensions torch's sum adds up everything. Where the list "
    "can be empty, ask first."
)
WRONG_SUMS = (
    Mistake(
        _with(_mean),
        "You take the mean. Each use of an element moves the loss by itself, so the "
        "pushes add up; nobody divides them.",
    ),
    Mistake(
        _with(_first),
        "You take the gradient at one of the places where the element was used. All of "
        "them count: add them.",
    ),
    Mistake(
        _lacking_only,
        "The dimensions that the input lacks are summed. Those where it has size 1 and "
        "the result has more were stretched as well.",
    ),
    Mistake(
        _ones_only,
        "The dimensions of size 1 are summed. Those that the input lacks, on "
        "the left, were stretched as well: sum them first.",
    ),
    Mistake(
        _from_the_right,
        "You sum dimensions on the right. Broadcasting lines shapes up at the last "
        "dimension, so the ones that an input lacks are the first.",
    ),
    Mistake(
        _flattened,
        "The sums are right and a dimension of size 1 got lost: keep it with "
        "keepdim=True. The gradient has the shape of its input.",
    ),
    Mistake(
        _ones_before_lacking,
        "While the dimensions that the input lacks are still there, dimension 0 of "
        "shape is not dimension 0 of grad. Sum those on the left first.",
    ),
    Mistake(
        _one_lacking,
        "An input may lack more than one dimension: sum over the first one as long as "
        "grad has too many.",
    ),
    Mistake(
        _first_one,
        "More than one dimension may have size 1, as in (1, 1): sum over each of them.",
    ),
    Mistake(_no_dimension, NO_DIMENSION),
    Mistake(_no_stretched_dimension, NO_DIMENSION),
    Mistake(_none_lacking, NO_DIMENSION),
    Mistake(
        _all_of_it,
        "You sum over everything. Only the dimensions in which the input was stretched "
        "are summed; along the others each element has its own gradient.",
    ),
)

SHAPES = (
    ((2, 3), (3,)),
    ((2, 3), (2, 1)),
    ((2, 3), (1, 3)),
    ((2, 2), (2,)),
    ((2, 3), (2, 3)),
    ((4, 2, 3), (2, 1)),
    ((3, 1), (3, 1)),
    ((2, 3), ()),
    ((2, 3), (1, 1)),
)


def _gradients():
    """A gradient of random numbers for each pair of shapes, and the input's shape."""
    generator = torch.Generator().manual_seed(0)
    return [
        (torch.randn(result, dtype=torch.float64, generator=generator), shape)
        for result, shape in SHAPES
    ]


EXERCISE = Exercise(
    number="2.3",
    title="Undo a broadcast",
    solution=sum_back,
    cases=_gradients,
    mistakes=WRONG_SUMS,
    refuses={
        "sum_to_size": "The sums are right, and sum_to_size has made them. Which "
        "dimensions does it sum? Write that with `sum`.",
    },
    compared_with="PyTorch's own gradients for nine pairs of shapes",
)
