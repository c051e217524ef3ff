"""Exercise 3.5: an in-place error although no number has changed."""

import torch

from helpers.exercises.exercise import Exercise, Mistake


def provoke(x, y):
    """Change the saved result in place, by a factor of one."""
    with torch.no_grad():
        y.mul_(1)


def _wrong_one(x, y):
    x.mul_(1)


def _numbers_changed(x, y):
    y.add_(1)


def _numbers_cleared(x, y):
    y.detach().zero_()


def _cleared_unseen(x, y):
    y.data.zero_()


def _cut_off(x, y):
    y.detach_()


def _new_array(x, y):
    y = y * 1  # noqa: F841 -- the mistake


def _unseen(x, y):
    y.data.mul_(1)


def _freed(x, y):
    y.sum().backward()


def _raised_by_hand(x, y):
    raise RuntimeError("modified by an inplace operation")


CHANGED = (
    "It raises, with reason: the numbers are other ones now. Find a change in place "
    "that leaves every number as it was."
)
UNCOUNTED = (
    "Nothing is raised, because no change was counted. y * 1, a clone and a sum are "
    "new arrays; only methods with an underscore at the end work in place. And y.data "
    "is the same memory with a counter of its own."
)
WRONG_ALARMS = (
    Mistake(
        _wrong_one,
        "Nothing is raised: you changed x, and exp saved its result, y.",
    ),
    Mistake(_numbers_changed, CHANGED),
    Mistake(_numbers_cleared, CHANGED),
    Mistake(_unseen, UNCOUNTED),
    Mistake(_new_array, UNCOUNTED),
    Mistake(
        _cleared_unseen,
        "The numbers are other ones now, and no alarm: the way round of what is asked "
        "for. The change went through memory whose counter is not y's.",
    ),
    Mistake(
        _cut_off,
        "That is another error: y was cut off from its graph, and there is nothing to "
        "walk. Leave the graph, and change an array in place.",
    ),
    Mistake(
        _freed,
        "That is another error: the graph is freed, because you have walked it "
        "already. Leave the walk to the check, and change an array in place.",
    ),
    Mistake(
        _raised_by_hand,
        "Your function raises. It should return, and y.sum().backward() should raise.",
    ),
)


def _pair():
    """A non-leaf x and y = exp(x), in PyTorch."""
    leaf = torch.tensor([0.5, 1.0], requires_grad=True)
    x = leaf * 2.0
    return [(x, x.exp())]


_ERRORS = ("inplace operation", "a second time", "does not require grad")


def _alarm(answer, x, y):
    """What has changed, and what backward says."""
    before = [x.detach().clone(), y.detach().clone()]
    answer(x, y)
    same = torch.equal(before[0], x.detach()) and torch.equal(before[1], y.detach())
    try:
        y.sum().backward()
        error = "none"
    except RuntimeError as raised:
        words = (each for each in _ERRORS if each in str(raised))
        error = next(words, "another")
    only_x = x._version > 0 and y._version == 0
    return {"all numbers as they were": same, "error": error, "x alone": only_x}


EXERCISE = Exercise(
    number="3.5",
    title="An alarm without a fire",
    solution=provoke,
    cases=_pair,
    probe=_alarm,
    may_change_inputs=True,
    mistakes=WRONG_ALARMS,
    compared_with="PyTorch's own in-place error, with the numbers untouched",
)
