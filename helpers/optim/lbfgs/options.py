"""Check the options of LBFGS."""

from helpers.optim.base.options import check_count, check_finite, check_number
from helpers.optim.lbfgs.history import RULES

LINE_SEARCHES = (None, "strong_wolfe")


def check_lbfgs(options):
    """Raise unless each option of LBFGS makes sense.

    Raises `TypeError` for what is no number, `ValueError` for a number out of range,
    `RuntimeError` for another line search.
    """
    for name in ("lr", "tolerance_grad", "tolerance_change"):
        check_number(name, options[name])
        check_finite(name, options[name])
    for name in ("max_iter", "max_eval", "history_size"):
        check_count(name, options[name])
    if options["line_search_fn"] not in LINE_SEARCHES:
        raise RuntimeError(
            "only 'strong_wolfe' is supported; given is line_search_fn="
            f"{options['line_search_fn']!r}: set line_search_fn='strong_wolfe', or "
            "None for steps of fixed length"
        )
    if options["curvature"] not in RULES:
        raise ValueError(
            f"Invalid curvature: {options['curvature']!r}. Allowed are "
            f"{', '.join(map(repr, RULES))}: leave it out to do as torch does"
        )
