"""Exercise 3.4: the Hessian times a vector, without the Hessian.

With this module one can: check an answer to it (`EXERCISE`).
"""

from helpers.autograd import Tensor, grad, tensor
from helpers.exercises.model import Exercise, Mistake


def hessian_times(function, point, vector):
    """Differentiate the gradient's product with a constant vector."""
    (slope,) = grad(function(point), point, create_graph=True)
    (product,) = grad((slope * vector).sum(), point)
    return product


def _slope(function, point):
    return grad(function(point), point, create_graph=True)[0]


def _not_recorded(function, point, vector):
    (slope,) = grad(function(point), point)
    return grad((slope * vector).sum(), point)[0]


def _retained_only(function, point, vector):
    (slope,) = grad(function(point), point, retain_graph=True)
    return grad((slope * vector).sum(), point)[0]


def _detached(function, point, vector):
    slope = _slope(function, point).detach()
    return grad((slope * vector).sum(), point)[0]


def _directional(function, point, vector):
    return (_slope(function, point) * vector).sum()


def _slope_times(function, point, vector):
    return _slope(function, point) * vector


def _row_sums(function, point, vector):
    return grad(_slope(function, point).sum(), point)[0] * vector


def _row_sums_alone(function, point, vector):
    return grad(_slope(function, point).sum(), point)[0]


def _outer_product(function, point, vector):
    slope = _slope(function, point)
    return slope * (slope * vector).sum()


def _squared(function, point, vector):
    slope = _slope(function, point)
    return slope * slope * vector


NOT_RECORDED = (
    "The first gradient has no history, so it cannot be differentiated: an engine that "
    "is fed raw arrays leaves no trace. The first call needs create_graph=True; "
    "retain_graph alone keeps the old graph and records no new one."
)
ROW_SUMS = (
    "You differentiated the sum of the gradient's entries. That adds up each row of "
    "the Hessian, which is its product with a vector of ones. Multiply with the vector "
    "before you sum."
)
NO_SECOND = (
    "There is one derivative in your answer; the Hessian holds second ones. "
    "Differentiate the number g · v once more."
)
WRONG_PRODUCTS = (
    Mistake(_not_recorded, NOT_RECORDED),
    Mistake(_retained_only, NOT_RECORDED),
    Mistake(_detached, NOT_RECORDED),
    Mistake(_row_sums, ROW_SUMS),
    Mistake(_row_sums_alone, ROW_SUMS),
    Mistake(
        _directional,
        "g · v is one number: how fast the function rises along v. Its gradient is "
        "what is asked for.",
    ),
    Mistake(_slope_times, NO_SECOND),
    Mistake(
        _outer_product,
        "g (g · v) is the product with g times g transposed, made of first derivatives "
        "only. For the Hessian, differentiate g · v.",
    ),
    Mistake(
        _squared,
        "A squared gradient is no second derivative. For x to the power 4 at 1 they "
        "are 16 and 12. Differentiate g · v.",
    ),
)


def _quartic(x):
    return (x * x * x * x).sum() + x.sum() * x.sum()


def _waves(x):
    return (x.sin() * x.sum()).sum()


def _functions():
    """Two functions whose Hessians are full matrices, at places of 3 and 2 numbers."""
    return [
        (_quartic, [1.0, -0.5, 2.0], [1.0, 2.0, -1.0]),
        (_waves, [0.3, 1.2], [-2.0, 0.5]),
    ]


def _product(answer, function, point, vector):
    """The answer's numbers, at a fresh point that requires grad."""
    at = tensor(point, requires_grad=True)
    found = answer(function, at, tensor(vector))
    return found.data if isinstance(found, Tensor) else found


EXERCISE = Exercise(
    number="3.4",
    title="A Hessian you never build",
    solution=hessian_times,
    cases=_functions,
    probe=_product,
    tolerance=1e-5,
    mistakes=WRONG_PRODUCTS,
    compared_with="the whole Hessian times the vector, for two functions",
)
