"""The 35 problems of a paper that optimizers have been compared on since 1981.

With this module one can run an optimizer over all of them, by their numbers in
Moré, Garbow and Hillstrom, Testing unconstrained optimization software, ACM
Transactions on Mathematical Software 7 (1981), 17-41 (MORE_GARBOW_HILLSTROM).

>>> MORE_GARBOW_HILLSTROM[14]
Problem('Wood')
>>> len(MORE_GARBOW_HILLSTROM)
35
"""

from helpers.problems import (
    any_size,
    classic,
    curves,
    linear,
    neighbours,
    some_sizes,
    systems,
)

MORE_GARBOW_HILLSTROM = {
    1: classic.rosenbrock,
    2: systems.freudenstein_roth,
    3: systems.powell_badly_scaled,
    4: systems.brown_badly_scaled,
    5: classic.beale,
    6: curves.jennrich_sampson,
    7: systems.helical_valley,
    8: curves.bard,
    9: curves.gaussian,
    10: curves.meyer,
    11: curves.gulf,
    12: curves.box_three_dimensional,
    13: classic.powell,
    14: systems.wood,
    15: curves.kowalik_osborne,
    16: curves.brown_dennis,
    17: curves.osborne_1,
    18: curves.biggs_exp6,
    19: curves.osborne_2,
    20: some_sizes.watson(),
    21: any_size.extended_rosenbrock(),
    22: any_size.extended_powell(),
    23: some_sizes.penalty_1(),
    24: some_sizes.penalty_2(),
    25: any_size.variably_dimensioned(),
    26: any_size.trigonometric(),
    27: any_size.brown_almost_linear(),
    28: neighbours.discrete_boundary_value(),
    29: neighbours.discrete_integral_equation(),
    30: neighbours.broyden_tridiagonal(),
    31: neighbours.broyden_banded(),
    32: linear.linear_full_rank(),
    33: linear.linear_rank_1(),
    34: linear.linear_rank_1_zero(),
    35: some_sizes.chebyquad(),
}
