"""Test problems in two to four coordinates, each a few equations to be met at once.

With this module one can descend where the scales of two coordinates lie far apart
(powell_badly_scaled, brown_badly_scaled), where a valley winds around an axis
(helical_valley), where a worse minimum lies near (freudenstein_roth), and from a start
close to a saddle (wood). Chapters 11 and 12 use them.
"""

from math import pi

import torch

from helpers.problems.least_squares import coordinates, least_squares


def _freudenstein_roth(point):
    x1, x2 = coordinates(point)
    return (
        -13 + x1 + ((5 - x2) * x2 - 2) * x2,
        -29 + x1 + ((x2 + 1) * x2 - 14) * x2,
    )


def _powell_badly_scaled(point):
    x1, x2 = coordinates(point)
    return 1e4 * x1 * x2 - 1, (-x1).exp() + (-x2).exp() - 1.0001


def _brown_badly_scaled(point):
    x1, x2 = coordinates(point)
    return x1 - 1e6, x2 - 2e-6, x1 * x2 - 2


def _helical_valley(point):
    x1, x2, x3 = coordinates(point)
    # Turns around the axis x3, from -1/4 to 3/4: the paper cuts where x2 < 0 = x1.
    turns = torch.atan2(-x1, x2) / (2 * pi) + 0.25
    radius = (x1**2 + x2**2).sqrt()
    return 10 * (x3 - 10 * turns), 10 * (radius - 1), x3


def _wood(point):
    x1, x2, x3, x4 = coordinates(point)
    return (
        10 * (x2 - x1**2),
        1 - x1,
        90**0.5 * (x4 - x3**2),
        1 - x3,
        10**0.5 * (x2 + x4 - 2),
        10**-0.5 * (x2 - x4),
    )


freudenstein_roth = least_squares(
    "Freudenstein and Roth",
    2,
    _freudenstein_roth,
    start=(0.5, -2.0),
    minimum=((5.0, 4.0),),
    worse_minimum_values=(48.98425367924001,),
)
powell_badly_scaled = least_squares(
    "Powell badly scaled",
    3,
    _powell_badly_scaled,
    start=(0.0, 1.0),
    minimum=((1.0981593296995e-05, 9.1061467398692),),
)
brown_badly_scaled = least_squares(
    "Brown badly scaled",
    4,
    _brown_badly_scaled,
    start=(1.0, 1.0),
    minimum=((1e6, 2e-6),),
)
helical_valley = least_squares(
    "helical valley",
    7,
    _helical_valley,
    start=(-1.0, 0.0, 0.0),
    minimum=((1.0, 0.0, 0.0),),
)
wood = least_squares(
    "Wood",
    14,
    _wood,
    start=(-3.0, -1.0, -3.0, -1.0),
    minimum=((1.0, 1.0, 1.0, 1.0),),
)
