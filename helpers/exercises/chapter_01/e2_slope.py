"""Exercise 1.2: a measured slope, with one evaluation on each side."""

import math

from helpers.exercises.exercise import Exercise, Mistake


def slope_of(function, at, step):
    """Measure the slope of a function of one number by a central difference."""
    return (function(at + step) - function(at - step)) / (2 * step)


def _forward_difference(function, at, step):
    return (function(at + step) - function(at)) / step


def _backward_difference(function, at, step):
    return (function(at) - function(at - step)) / step


def _without_two(function, at, step):
    return (function(at + step) - function(at - step)) / step


def _not_divided(function, at, step):
    return function(at + step) - function(at - step)


def _falling(function, at, step):
    return (function(at - step) - function(at + step)) / (2 * step)


def _without_sign(function, at, step):
    return abs(function(at + step) - function(at - step)) / (2 * step)


def _half(function, at, step):
    return (function(at + step) - function(at - step)) / 2


def _second_divided(function, at, step):
    return function(at + step) - function(at - step) / (2 * step)


def _precedence(function, at, step):
    return (function(at + step) - function(at - step)) / 2 * step


ONE_SIDE = (
    "You evaluate on one side only. The error of that slope shrinks with the step; "
    "with a place on each side it shrinks with the step squared."
)
WRONG_SLOPES = (
    Mistake(_forward_difference, ONE_SIDE),
    Mistake(_backward_difference, ONE_SIDE),
    Mistake(
        _without_two,
        "Your slope is twice too large: from at - step to at + step it is two steps.",
    ),
    Mistake(
        _not_divided,
        "That is how far the function rose, not how steep it is: divide by the "
        "distance between the two places.",
    ),
    Mistake(
        _falling,
        "Your slope has the wrong sign: subtract the value on the left from the value "
        "on the right.",
    ),
    Mistake(
        _without_sign,
        "A slope has a sign: where the function falls it is negative.",
    ),
    Mistake(
        _half,
        "You divide by 2. The distance between the two places is 2 * step.",
    ),
    Mistake(
        _second_divided,
        "The division takes hold of the second value only. Put the difference in "
        "parentheses.",
    ),
    Mistake(
        _precedence,
        "`/ 2 * step` divides by 2 and then multiplies by step. Put the distance in "
        "parentheses: `/ (2 * step)`.",
    ),
)


def _cube(x):
    return x**3


def _functions():
    """A polynomial and a wave, at places and steps where one-sided slopes show."""
    rising = [(_cube, 2.0, 1e-3), (math.sin, 1.0, 0.1), (math.exp, -0.5, 0.01)]
    return [*rising, (math.cos, 1.0, 0.1)]


EXERCISE = Exercise(
    number="1.2",
    title="A step to each side",
    solution=slope_of,
    cases=_functions,
    mistakes=WRONG_SLOPES,
    compared_with="the central difference of x³, sin, cos and exp",
)
