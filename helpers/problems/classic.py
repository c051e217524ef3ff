"""Well-known functions to draw and to descend on, most of two coordinates.

With this module one can
- take a valley of any steepness (quadratic_bowl),
- take a known hard case (rosenbrock, rosenbrock_chain, beale, powell),
- take one with several minima (himmelblau, double_well, rastrigin),
- take an easy one (booth), or one that has no minimum at all (saddle).
"""

from math import inf, pi

from helpers.problems.problem import Problem


def quadratic_bowl(curvatures=(1.0, 100.0), start=None):
    """Make the bowl f(x) = sum of curvature_i * x_i**2 / 2, with its minimum 0 at 0.

    `curvatures` are n positive numbers, the eigenvalues of the Hessian: the largest
    decides which learning rates are safe (below 2 / largest), their ratio how slow the
    rest is. `start` has n coordinates; the default is -8 along the first and 1 along
    the others. Raises `ValueError` for no curvature, one that is not positive, or a
    start of another length. Chapters 06 and 07 descend on it.

    >>> import torch
    >>> quadratic_bowl()(torch.tensor([2.0, 1.0]))
    tensor(52.)
    """
    curvatures = tuple(float(curvature) for curvature in curvatures)
    if not curvatures or min(curvatures) <= 0:
        raise ValueError(
            f"curvatures = {curvatures}; allowed are one or more positive numbers: "
            "for a negative curvature take problems.saddle"
        )
    start = (-8.0,) + (1.0,) * (len(curvatures) - 1) if start is None else tuple(start)
    if len(start) != len(curvatures):
        raise ValueError(
            f"start = {start} has {len(start)} coordinates; allowed are "
            f"{len(curvatures)}, one for each curvature: add or drop some"
        )

    def function(point):
        terms = (c * point[..., i] ** 2 for i, c in enumerate(curvatures))
        return sum(terms) / 2

    return Problem(
        name="quadratic bowl",
        function=function,
        minimum=((0.0,) * len(curvatures),),
        start=start,
        box=tuple((-max(2.0, 1.25 * abs(x)), max(2.0, 1.25 * abs(x))) for x in start),
        source="textbook: Nocedal and Wright, Numerical Optimization (2006)",
    )


def rosenbrock_chain(dimensions=100):
    """Make Rosenbrock's valley in n dimensions, each coordinate bound to the next.

    f(x) = sum of 100 (x[i+1] - x[i]**2)**2 + (1 - x[i])**2. Its global minimum is 0 at
    (1, ..., 1); from n = 4 on there is a worse local minimum near (-1, 1, ..., 1).
    `dimensions` is 2 or more, else `ValueError`. Chapter 12 uses it.

    >>> import torch
    >>> rosenbrock_chain(3)(torch.zeros(3))
    tensor(2.)
    """
    if dimensions < 2:
        raise ValueError(
            f"dimensions = {dimensions}; allowed is 2 or more: the valley is drawn "
            "between two neighbouring coordinates"
        )
    return Problem(
        name=f"Rosenbrock chain of {dimensions}",
        function=_rosenbrock,
        minimum=((1.0,) * dimensions,),
        start=((-1.2, 1.0) * dimensions)[:dimensions],
        box=((-2.0, 2.0),) * dimensions,
        source="Shang and Qiu, A note on the extended Rosenbrock function, "
        "Evolutionary Computation 14 (2006), 119-126",
    )


def _rosenbrock(point):
    here, following = point[..., :-1], point[..., 1:]
    return (100 * (following - here**2) ** 2 + (1 - here) ** 2).sum(-1)


def _beale(point):
    x, y = point[..., 0], point[..., 1]
    return (
        (1.5 - x + x * y) ** 2
        + (2.25 - x + x * y**2) ** 2
        + (2.625 - x + x * y**3) ** 2
    )


def _powell(point):
    x1, x2, x3, x4 = (point[..., i] for i in range(4))
    pairs = (x1 + 10 * x2) ** 2 + 5 * (x3 - x4) ** 2
    return pairs + (x2 - 2 * x3) ** 4 + 10 * (x1 - x4) ** 4


def _himmelblau(point):
    x, y = point[..., 0], point[..., 1]
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def _double_well(point):
    x, y = point[..., 0], point[..., 1]
    return x**2 + (y**2 - 1) ** 2


def _rastrigin(point):
    return (point**2 - 10 * (2 * pi * point).cos() + 10).sum(-1)


def _booth(point):
    x, y = point[..., 0], point[..., 1]
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2


def _saddle(point):
    return point[..., 0] ** 2 - point[..., 1] ** 2


_CATALOGUE = (
    "Jamil and Yang, A literature survey of benchmark functions for global "
    "optimisation problems, International Journal of Mathematical Modelling and "
    "Numerical Optimisation 4 (2013), 150-194"
)

rosenbrock = Problem(
    name="Rosenbrock",
    function=_rosenbrock,
    minimum=((1.0, 1.0),),
    start=(-1.2, 1.0),
    box=((-2.0, 2.0), (-1.0, 3.0)),
    source="Rosenbrock, An automatic method for finding the greatest or least value of "
    "a function, The Computer Journal 3 (1960), 175-184; problem 1 of Moré, Garbow and "
    "Hillstrom (1981)",
)
beale = Problem(
    name="Beale",
    function=_beale,
    minimum=((3.0, 0.5),),
    start=(1.0, 1.0),
    box=((-4.5, 4.5), (-4.5, 4.5)),
    source="Moré, Garbow and Hillstrom, Testing unconstrained optimization software, "
    "ACM Transactions on Mathematical Software 7 (1981), 17-41, problem 5",
)
powell = Problem(
    name="Powell singular",
    function=_powell,
    minimum=((0.0, 0.0, 0.0, 0.0),),
    start=(3.0, -1.0, 0.0, 1.0),
    box=((-4.0, 4.0),) * 4,
    source="Powell, An iterative method for finding stationary values of a function of "
    "several variables, The Computer Journal 5 (1962), 147-151; problem 13 of Moré, "
    "Garbow and Hillstrom (1981)",
)
himmelblau = Problem(
    name="Himmelblau",
    function=_himmelblau,
    minimum=(
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    ),
    start=(0.0, 0.0),
    box=((-5.0, 5.0), (-5.0, 5.0)),
    source="Himmelblau, Applied Nonlinear Programming (1972)",
)
double_well = Problem(
    name="double well",
    function=_double_well,
    minimum=((0.0, -1.0), (0.0, 1.0)),
    start=(1.5, 0.01),
    box=((-2.0, 2.0), (-2.0, 2.0)),
    source="textbook: two minima with a saddle at (0, 0) between them",
)
rastrigin = Problem(
    name="Rastrigin",
    function=_rastrigin,
    minimum=((0.0, 0.0),),
    start=(3.3, -2.2),
    box=((-5.12, 5.12), (-5.12, 5.12)),
    source=_CATALOGUE,
)
booth = Problem(
    name="Booth",
    function=_booth,
    minimum=((1.0, 3.0),),
    start=(-5.0, 5.0),
    box=((-10.0, 10.0), (-10.0, 10.0)),
    source=_CATALOGUE,
)
saddle = Problem(
    name="saddle",
    function=_saddle,
    minimum=(),
    minimum_value=-inf,
    start=(1.5, 0.001),
    box=((-2.0, 2.0), (-2.0, 2.0)),
    source="textbook: the hyperbolic paraboloid, flat at (0, 0) and without a minimum",
)
