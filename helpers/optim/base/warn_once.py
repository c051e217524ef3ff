"""A warning that an optimizer gives once, of the line that called step()."""

import sys
import warnings
from pathlib import Path

import torch

HERE = str(Path(__file__).parents[1])  # helpers/optim
WRAPPERS = str(Path(torch.utils.__file__).parent)  # torch.no_grad around a step


def warn_once(optimizer, text):
    """Give a `UserWarning`, unless this optimizer has given the same before.

    >>> class Given:
    ...     pass
    >>> with warnings.catch_warnings(record=True) as seen:
    ...     warnings.simplefilter("always")
    ...     optimizer = Given()
    ...     warn_once(optimizer, "slow")
    ...     warn_once(optimizer, "slow")
    >>> len(seen)
    1
    """
    given = optimizer.__dict__.setdefault("_warnings_given", set())
    if text not in given:
        given.add(text)
        warnings.warn(text, stacklevel=2 + depth_below_user())


def depth_below_user() -> int:
    """How many of the callers of `warn_once` belong to this package or to torch."""
    frame, depth = sys._getframe(2), 0
    while frame.f_back and frame.f_code.co_filename.startswith((HERE, WRAPPERS)):
        frame, depth = frame.f_back, depth + 1
    return depth
