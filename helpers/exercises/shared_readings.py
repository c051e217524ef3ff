"""What exercises of several chapters share: numbers to read off, each misread."""

from itertools import product

from helpers.exercises.exercise import Mistake


def wrong_readings(right, wrong, most=2):
    """Mistakes with one to `most` wrong readings; the message is on the first of them.

    Args:
        right: a dict from a name to the right value.
        wrong: for each name, in the same order, a dict from a wrong value to what to
            tell the learner.
        most: how many values at once may be wrong, 1 or more. Default: 2.

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
