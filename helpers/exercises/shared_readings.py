"""What exercises of several chapters share: numbers to read off, each misread."""

from helpers.exercises.exercise import Mistake


def wrong_readings(right, wrong):
    """One mistake for each wrong reading; a check puts several of them together.

    Args:
        right: a dict from a name to the right value.
        wrong: for each name, in the same order, a dict from a wrong value to what to
            tell the learner.

    >>> found = wrong_readings({"x": 1, "y": 2}, ({3: "Not that x."}, {4: "Not that."}))
    >>> [mistake.answer for mistake in found]
    [{'x': 3, 'y': 2}, {'x': 1, 'y': 4}]
    """
    return tuple(
        Mistake(right | {name: value}, message)
        for name, values in zip(right, wrong, strict=True)
        for value, message in values.items()
    )
