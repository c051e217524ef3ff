"""Test problems that fit a curve to measurements, by the sum of squared errors.

With this module one can descend on fits of sums of exponentials (jennrich_sampson,
box_three_dimensional, biggs_exp6, osborne_1, osborne_2, brown_dennis), of single peaks
(gaussian, gulf) and of other laws (bard, meyer, kowalik_osborne). What is measured
stands in helpers.problems.measurements. Chapters 11 and 12 use them.
"""

from math import cos, exp, log, sin

from helpers.problems import measurements as measured
from helpers.problems.least_squares import coordinates, least_squares, like


def _jennrich_sampson(point):
    x1, x2 = coordinates(point)
    i = like(point, range(1, 11))
    return (2 + 2 * i - ((i * x1).exp() + (i * x2).exp()),)


def _bard(point):
    x1, x2, x3 = coordinates(point)
    u = like(point, range(1, 16))
    v = 16 - u
    w = u.minimum(v)
    return (like(point, measured.BARD) - (x1 + u / (v * x2 + w * x3)),)


def _gaussian(point):
    height, sharpness, centre = coordinates(point)
    t = like(point, ((8 - i) / 2 for i in range(1, 16)))
    peak = height * (-sharpness * (t - centre) ** 2 / 2).exp()
    return (peak - like(point, measured.GAUSSIAN),)


def _meyer(point):
    x1, x2, x3 = coordinates(point)
    t = like(point, range(50, 130, 5))
    return (x1 * (x2 / (t + x3)).exp() - like(point, measured.MEYER),)


_GULF_TIMES = [i / 100 for i in range(1, 100)]
_GULF_PLACES = [25 + (-50 * log(t)) ** (2 / 3) for t in _GULF_TIMES]


def _gulf(point):
    width, centre, power = coordinates(point)
    distance = (like(point, _GULF_PLACES) - centre).abs()
    return ((-(distance**power) / width).exp() - like(point, _GULF_TIMES),)


def _box(point):
    x1, x2, x3 = coordinates(point)
    times = [i / 10 for i in range(1, 11)]
    t = like(point, times)
    fixed = like(point, (exp(-t) - exp(-10 * t) for t in times))
    return ((-t * x1).exp() - (-t * x2).exp() - x3 * fixed,)


def _kowalik_osborne(point):
    x1, x2, x3, x4 = coordinates(point)
    u = like(point, measured.KOWALIK_OSBORNE_AT)
    rate = x1 * (u**2 + u * x2) / (u**2 + u * x3 + x4)
    return (like(point, measured.KOWALIK_OSBORNE) - rate,)


def _brown_dennis(point):
    x1, x2, x3, x4 = coordinates(point)
    times = [i / 5 for i in range(1, 21)]
    growth = x1 + like(point, times) * x2 - like(point, map(exp, times))
    wave = x3 + x4 * like(point, map(sin, times)) - like(point, map(cos, times))
    return (growth**2 + wave**2,)


def _osborne_1(point):
    x1, x2, x3, x4, x5 = coordinates(point)
    t = like(point, range(0, 330, 10))
    curve = x1 + x2 * (-t * x4).exp() + x3 * (-t * x5).exp()
    return (like(point, measured.OSBORNE_1) - curve,)


def _biggs_exp6(point):
    x1, x2, x3, x4, x5, x6 = coordinates(point)
    times = [i / 10 for i in range(1, 14)]
    y = like(point, (exp(-t) - 5 * exp(-10 * t) + 3 * exp(-4 * t) for t in times))
    t = like(point, times)
    return (x3 * (-t * x1).exp() - x4 * (-t * x2).exp() + x6 * (-t * x5).exp() - y,)


def _osborne_2(point):
    x = coordinates(point)
    t = like(point, (i / 10 for i in range(65)))
    curve = x[0] * (-t * x[4]).exp()
    for peak in 1, 2, 3:
        height, sharpness, centre = x[peak], x[peak + 4], x[peak + 7]
        curve = curve + height * (-((t - centre) ** 2) * sharpness).exp()
    return (like(point, measured.OSBORNE_2) - curve,)


jennrich_sampson = least_squares(
    "Jennrich and Sampson",
    6,
    _jennrich_sampson,
    start=(0.3, 0.4),
    minimum=((0.25782521367036, 0.25782521367036),),
    minimum_value=124.3621823556148,
)
bard = least_squares(
    "Bard",
    8,
    _bard,
    start=(1.0, 1.0, 1.0),
    minimum=((0.082410559749789, 1.1330360920297, 2.3436951786425),),
    minimum_value=8.214877306579e-3,
    worse_minimum_values=(17.4286,),
)
gaussian = least_squares(
    "Gaussian",
    9,
    _gaussian,
    start=(0.4, 1.0, 0.0),
    minimum=((0.39895613783876, 1.0000190844878, 0.0),),
    minimum_value=1.12793276962e-8,
)
meyer = least_squares(
    "Meyer",
    10,
    _meyer,
    start=(0.02, 4000.0, 250.0),
    minimum=((0.0056096364710512, 6181.3463462832, 345.22363462404),),
    minimum_value=87.94585517083,
)
gulf = least_squares(
    "Gulf research and development",
    11,
    _gulf,
    start=(5.0, 2.5, 0.15),
    minimum=((50.0, 25.0, 1.5),),
)
box_three_dimensional = least_squares(
    "Box three-dimensional",
    12,
    _box,
    start=(0.0, 10.0, 20.0),
    minimum=((1.0, 10.0, 1.0), (10.0, 1.0, -1.0)),
)
kowalik_osborne = least_squares(
    "Kowalik and Osborne",
    15,
    _kowalik_osborne,
    start=(0.25, 0.39, 0.415, 0.39),
    minimum=((0.19280693457904, 0.19128232873437, 0.12305650692632, 0.13606233068379),),
    minimum_value=3.07505603849237e-4,
    worse_minimum_values=(1.02734e-3,),
)
brown_dennis = least_squares(
    "Brown and Dennis",
    16,
    _brown_dennis,
    start=(25.0, 5.0, -5.0, -1.0),
    minimum=((-11.594439904762, 13.203630051207, -0.40343948817686, 0.23677877445574),),
    minimum_value=85822.20162635634,
)
osborne_1 = least_squares(
    "Osborne 1",
    17,
    _osborne_1,
    start=(0.5, 1.5, -1.0, 0.01, 0.02),
    minimum=(
        (
            0.37541005210695,
            1.9358469127123,
            -1.4646871366134,
            0.012867534640057,
            0.022122699661673,
        ),
    ),
    minimum_value=5.46489469748272e-5,
)
biggs_exp6 = least_squares(
    "Biggs EXP6",
    18,
    _biggs_exp6,
    start=(1.0, 2.0, 1.0, 1.0, 1.0, 1.0),
    minimum=((1.0, 10.0, 1.0, 5.0, 4.0, 3.0), (4.0, 10.0, 3.0, 5.0, 1.0, 1.0)),
    worse_minimum_values=(5.6556499255e-3,),
)
osborne_2 = least_squares(
    "Osborne 2",
    19,
    _osborne_2,
    start=(1.3, 0.65, 0.65, 0.7, 0.6, 3.0, 5.0, 7.0, 2.0, 4.5, 5.5),
    minimum=(
        (
            *(1.3099771546273, 0.43155379460299, 0.63366169896072, 0.59943053478592),
            *(0.75418322632801, 0.90428857985963, 1.365811835237, 4.8236988172272),
            *(2.3986848661318, 4.5688745976677, 5.6753414705806),
        ),
    ),
    minimum_value=0.04013773629354776,
)
