"""The minimum of the cubic through two points, from their values and slopes."""

import math

import torch

from helpers.optim.base.products import power_of_two

LEAST = 1e-30  # in whatever dtype: above, no square has been lost


def cubic_minimum(first, second, bounds=None):
    """The step where the cubic through two points is lowest.

    `first` and `second` are `Point`s at different steps, in any order. The result lies
    within `bounds`, a pair (lowest, highest); by default it lies between the points. It
    is the middle of the bounds if the cubic has no minimum, or a point is not finite.

    >>> from helpers.optim.line_search import Point
    >>> cubic_minimum(Point(0, 1.0, -2.0), Point(3, 4.0, 4.0))
    1.0
    >>> cubic_minimum(Point(0, 1.0, -2.0), Point(3, 4.0, 4.0), bounds=(2, 3))
    2
    >>> cubic_minimum(Point(0, 1.0, -2.0), Point(3, math.inf, math.nan))
    1.5

    The formula and its order of operations are those of torch.optim.LBFGS, so that
    the results are equal to the last bit, whether numbers or 0-d tensors come in. There
    a division of zero by zero makes the step NaN; here the middle is taken. Source:
    Nocedal and Wright, Numerical Optimization (2006), equation 3.59. Chapter 11 derives
    it.
    """
    left, right = (first, second) if first.step <= second.step else (second, first)
    lowest, highest = bounds or (left.step, right.step)
    step = turning_point(left, right)
    if math.isnan(step):
        return (lowest + highest) / 2.0
    return min(max(step, lowest), highest)


def turning_point(left, right):
    """Where the cubic turns upwards; NaN if nowhere, or nobody can say.

    The steps of torch are 0-d tensors. It divides a number by one of these by
    multiplying with the inverse, which rounds twice. So that is done here.
    """
    inverse = divide(1.0, left.step - right.step)
    chord = 3 * (left.value - right.value) * inverse
    d1 = left.slope + right.slope - chord
    slopes = d1, left.slope, right.slope
    square = discriminant(*slopes)
    if not LEAST <= abs(square) < math.inf:  # squares over- or underflow, perhaps
        slopes = scaled(*slopes)
        square = discriminant(*slopes)
    if not square >= 0:  # no turning point, or NaN
        return math.nan
    d1, slope, right_slope = slopes
    d2 = square_root(square)
    top = right_slope + d2 - d1
    bottom = right_slope - slope + 2 * d2
    return right.step - (right.step - left.step) * divide(top, bottom)


def discriminant(d1, left, right):
    """What equation 3.59 takes the root of."""
    return d1 * d1 - left * right


def scaled(*numbers):
    """Numbers divided by the power of two that brings them near 1, if that is finite.

    >>> scaled(3e200, -4e200)[0] / scaled(3e200, -4e200)[1]
    -0.75
    """
    size = float(max(map(abs, numbers)))
    if not 0 < size < math.inf:
        return numbers
    factor = 1 / power_of_two(size)
    return tuple(each * factor for each in numbers)


def square_root(number):
    """The square root of a float, or of a 0-d tensor in its own dtype, as torch has it.

    math.sqrt can differ from it in the last bit.
    """
    if not isinstance(number, torch.Tensor):
        number = torch.tensor(number, dtype=torch.float64, device="cpu")
        return number.sqrt().item()
    return number.sqrt()


def divide(top, bottom):
    """A quotient as tensors have it: dividing by zero gives infinity or NaN.

    >>> divide(1.0, 2.0), divide(-1.0, 0.0), divide(0.0, 0.0)
    (0.5, -inf, nan)
    """
    if bottom != 0:
        return top / bottom
    return math.copysign(math.inf, top) if top != 0 else math.nan
