"""Exercises in which several numbers are read off, and each can be misread.

With this module one can make the known mistakes of such an exercise from the known
wrong values of each number (`wrong_readings`).
"""

from itertools import product

from helpers.exercises.model import Mistake


def wrong_readings(right, wrong, most=2):
    """Mistakes with one to `most` wrong readings; the message is on the first of them.

    `right` is a dict, from a name to the right value. `wrong` has for each name, in the
    same order, a dict from a wrong value to what to tell the learner.

    >>> found = wrong_readings({"x": 1, "y": 2}, ({3: "Not that x."}, {4: "Not that."}))
    >>> [mistake.answer for mistake in found]
    [{'x': 1, 'y': 4}, {'x': 3, 'y': 2}, {'x': 3, 'y': 4}]
    """
    pairs = zip(right.values(), wrong, strict=True)
    choices = [{value: None} | others for value, others in pairs]
    for values in product(*choices):
        found = [known[value] for known, value in zip(choices, values, strict=True)]
        messages = list(filter(None, found))
        if 1 <= len(messages) <= most:
            yield Mistake(dict(zip(right, values, strict=True)), messages[0])
