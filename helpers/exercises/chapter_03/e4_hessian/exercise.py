"""Exercise 3.4: the Hessian times a vector, without the Hessian."""

from helpers.autograd import grad, tensor
from helpers.exercises.chapter_03.e4_hessian.probe import product
from helpers.exercises.exercise import Exercise, Mistake


def hessian_times(function, point, vector):
    """Differentiate the gradient's product with a constant vector."""
    (slope,) = grad(function(point), point, create_graph=True)
    (product,) = grad((slope * vector).sum(), point)
    return product


def _slope(function, point):
    return grad(function(point), point, create_graph=True)[0]


def _added_to_the_first(function, point, vector):
    function(point).backward(create_graph=True)
    (point.grad * vector).sum().backward()
    return point.grad


def _cleared_in_place(function, point, vector):
    function(point).backward(create_graph=True)
    slope = point.grad
    point.grad.zero_()
    (slope * vector).sum().backward()
    return point.grad


def _returned_as_tuple(function, point, vector):
    return grad((_slope(function, point) * vector).sum(), point)


def _first_as_tuple(function, point, vector):
    slope = grad(function(point), point, create_graph=True)
    return grad((slope * vector).sum(), point)[0]


def _not_summed(function, point, vector):
    return grad(_slope(function, point) * vector, point)[0]


def _averaged(function, point, vector):
    return grad((_slope(function, point) * vector).mean(), point)[0]


def _walked_again(function, point, vector):
    return [grad(entry, point)[0] for entry in _slope(function, point)]


def _row_by_row(function, point, vector):
    slope = _slope(function, point)
    rows = [grad(entry, point, retain_graph=True)[0] for entry in slope]
    return tensor([(row * vector).sum().item() for row in rows])


def _along_vector(function, point, vector):
    vector.requires_grad_()
    return grad((_slope(function, point) * vector).sum(), vector)[0]


def _times_too_early(function, point, vector):
    return grad((function(point) * vector).sum(), point)[0]


def _at_the_vector(function, point, vector):
    return grad(function(vector), point)[0]


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
    "retain_graph alone keeps the old graph and records no new one. And .data, "
    "detach() and no_grad() would cut the history off."
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
NOT_UNPACKED = (
    "A call of grad returns a tuple, one gradient for each input, even if there is "
    "only one. Take the first with [0], or unpack it: (g,) = grad(...)."
)
WRONG_PRODUCTS = (
    Mistake(_returned_as_tuple, NOT_UNPACKED),
    Mistake(_first_as_tuple, NOT_UNPACKED),
    Mistake(
        _added_to_the_first,
        "This is Hv + g: backward() adds, and the gradient g was in point.grad already "
        "when the second walk came. grad returns the product alone; with backward(), "
        "keep g under another name and set point.grad = None in between.",
    ),
    Mistake(
        _cleared_in_place,
        "zero_() wrote zeros into point.grad, and g is the same tensor: you "
        "differentiated zeros. Set point.grad = None instead, or use grad, which "
        "leaves .grad alone.",
    ),
    Mistake(
        _not_summed,
        "You asked for the gradient of several numbers at once. Only one number has a "
        "gradient: g · v is the sum of the products.",
    ),
    Mistake(_averaged, "A mean divides by n. g · v is the sum of the products."),
    Mistake(
        _walked_again,
        "You walked a graph that an earlier walk has freed. Row by row you would build "
        "the whole Hessian; the number g · v needs one walk.",
    ),
    Mistake(
        _row_by_row,
        "The product is right, and you walk once for each row: that builds the "
        "Hessian, n rows of n numbers. One walk for the number g · v is enough.",
    ),
    Mistake(
        _along_vector,
        "The gradient of g · v with respect to v is g again. Ask how it changes along "
        "the point.",
    ),
    Mistake(
        _times_too_early,
        "You multiplied the function with v, before there was a gradient: that is g "
        "times the sum of v. First g, then g · v.",
    ),
    Mistake(
        _at_the_vector,
        "The function was called at a tensor that does not require grad, so there is "
        "nothing to walk. Call it at the point, as it is.",
    ),
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
    """Two functions whose Hessians are full matrices, at places of 4 and 2 numbers."""
    return [
        (_quartic, [1.0, -0.5, 2.0, 0.25], [1.0, 2.0, -1.0, 0.5]),
        (_waves, [0.3, 1.2], [-2.0, 0.5]),
    ]


EXERCISE = Exercise(
    number="3.4",
    title="A Hessian you never build",
    solution=hessian_times,
    cases=_functions,
    probe=product,
    tolerance=1e-5,
    mistakes=WRONG_PRODUCTS,
    compared_with="the whole Hessian times the vector, for two functions",
)
