"""Functions with known minima, for watching an optimizer at work.

With this package one can
- take a valley of any steepness (quadratic_bowl),
- take a known hard case (rosenbrock, rosenbrock_chain, beale, powell),
- take one with several minima (himmelblau, double_well, rastrigin),
- take an easy one (booth), or one that has no minimum at all (saddle),
- run over the 35 test problems of Moré, Garbow and Hillstrom
  (MORE_GARBOW_HILLSTROM), or take one of them by its name (meyer, watson, ...),
- read off its minimum, its value there, a start and a box to draw (Problem).
"""

from helpers.problems.any_size import (
    brown_almost_linear,
    extended_powell,
    extended_rosenbrock,
    trigonometric,
    variably_dimensioned,
)
from helpers.problems.classic import (
    beale,
    booth,
    double_well,
    himmelblau,
    powell,
    quadratic_bowl,
    rastrigin,
    rosenbrock,
    rosenbrock_chain,
    saddle,
)
from helpers.problems.curves import (
    bard,
    biggs_exp6,
    box_three_dimensional,
    brown_dennis,
    gaussian,
    gulf,
    jennrich_sampson,
    kowalik_osborne,
    meyer,
    osborne_1,
    osborne_2,
)
from helpers.problems.linear import (
    linear_full_rank,
    linear_rank_1,
    linear_rank_1_zero,
)
from helpers.problems.more_garbow_hillstrom import MORE_GARBOW_HILLSTROM
from helpers.problems.neighbours import (
    broyden_banded,
    broyden_tridiagonal,
    discrete_boundary_value,
    discrete_integral_equation,
)
from helpers.problems.problem import Problem
from helpers.problems.some_sizes import chebyquad, penalty_1, penalty_2, watson
from helpers.problems.systems import (
    brown_badly_scaled,
    freudenstein_roth,
    helical_valley,
    powell_badly_scaled,
    wood,
)

__all__ = [
    "MORE_GARBOW_HILLSTROM",
    "Problem",
    "bard",
    "beale",
    "biggs_exp6",
    "booth",
    "box_three_dimensional",
    "brown_almost_linear",
    "brown_badly_scaled",
    "brown_dennis",
    "broyden_banded",
    "broyden_tridiagonal",
    "chebyquad",
    "discrete_boundary_value",
    "discrete_integral_equation",
    "double_well",
    "extended_powell",
    "extended_rosenbrock",
    "freudenstein_roth",
    "gaussian",
    "gulf",
    "helical_valley",
    "himmelblau",
    "jennrich_sampson",
    "kowalik_osborne",
    "linear_full_rank",
    "linear_rank_1",
    "linear_rank_1_zero",
    "meyer",
    "osborne_1",
    "osborne_2",
    "penalty_1",
    "penalty_2",
    "powell",
    "powell_badly_scaled",
    "quadratic_bowl",
    "rastrigin",
    "rosenbrock",
    "rosenbrock_chain",
    "saddle",
    "trigonometric",
    "variably_dimensioned",
    "watson",
    "wood",
]
