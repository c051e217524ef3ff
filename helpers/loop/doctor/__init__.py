"""The loop doctor: watches a training loop and says, in words, what is wrong with it.

With this module one can
- watch an unmodified script from the command line:
  `python -m helpers.loop.doctor train.py`,
- watch a loop in a notebook (watch, report, stop),
- read what was found as data (Finding, KEYS).

It needs torch alone, changes no result, and is silent on a loop that is healthy.
Chapter 16 builds a small one.
"""

from helpers.loop.doctor.finding import KEYS, Finding

__all__ = ["KEYS", "Finding", "report", "stop", "watch"]


def watch():
    """Begin to watch every training loop of this process, from nothing.

    Put it before the model and the optimizer are made: what is made earlier is known
    only from its first use. Watching again forgets what was seen.

    Chapter 16 builds a small one.
    """
    from helpers.loop.doctor import session

    session.begin()


def report():
    """Print what is wrong with the loops that were watched, and return the findings.

    Returns: a list of `Finding`, best supported first; empty for a healthy loop.

    Raises: `RuntimeError` if nothing is being watched.

    >>> import torch
    >>> from helpers.loop import doctor
    >>> doctor.watch()
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    >>> for _ in range(3):
    ...     model(torch.ones(4, 2)).square().mean().backward()
    ...     optimizer.step()
    >>> [finding.key for finding in doctor.report()]  # doctest: +ELLIPSIS
    Loop doctor: 1 finding
    1. zero-grad-missing
    ...
    ['zero-grad-missing']
    >>> doctor.stop()
    """
    from helpers.loop.doctor import session

    return session.report()


def stop():
    """End the watch: every name that was replaced is restored, every hook removed.

    What was seen stays; `report()` still tells it.
    """
    from helpers.loop.doctor import session

    session.end()
