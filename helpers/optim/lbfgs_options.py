"""What LBFGS refuses, options and saved state: what was given, is allowed, to do."""

from helpers.optim.curvature import RULES
from helpers.optim.options import check_finite, check_number
from helpers.optim.parameters import arrays_of

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


def check_count(name, value):
    """Raise `TypeError` or `ValueError` unless an option is an integer from 1 up."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(
            f"Invalid {name} value: {value!r} of type {type(value).__name__}. {name} "
            f"is an integer from 1 up: set {name}=20, say"
        )
    if value < 1:
        raise ValueError(
            f"Invalid {name} value: {value}. {name} is an integer from 1 up: set "
            f"{name}=20, say"
        )


def check_vectors(parameters, state_dict):
    """Raise `ValueError` if vectors in a saved state are longer or shorter than ours.

    What is no state of LBFGS is left to those who check the whole.
    """
    arrays = arrays_of(parameters)
    length = sum(each.numel() * (2 if each.is_complex() else 1) for each in arrays)
    saved = state_dict.get("state", {}).get(0, {})
    vectors = [saved[name] for name in ("d", "prev_flat_grad") if name in saved]
    vectors += [*saved.get("old_dirs", []), *saved.get("old_stps", [])]
    for vector in vectors:
        if vector is not None and vector.numel() != length:
            raise ValueError(
                f"loaded state dict has vectors of {vector.numel()} numbers, and the "
                f"parameters of this optimizer have {length}: the model has changed "
                "since it was saved. Build the same model, or start LBFGS afresh"
            )
