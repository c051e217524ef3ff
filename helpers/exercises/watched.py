"""Which functions an answer calls, by their names.

With this module one can watch an answer for names that an exercise rules out (watched).
"""

import functools
import sys


def watched(answer, names):
    """Give a function that does what `answer` does, and the set of names it called.

    Args:
        answer: anything; only a function is watched.
        names: those to look for, of functions in Python or in C, at any depth.

    >>> used, called = watched(lambda items: sorted(items)[0], {"sorted", "max"})
    >>> used([2, 1]), called
    (1, {'sorted'})
    """
    called = set()
    if not names or isinstance(answer, type) or not callable(answer):
        return answer, called

    def note(frame, event, argument):
        if event == "call":
            called.add(frame.f_code.co_name)
        elif event == "c_call":
            called.add(argument.__name__)

    @functools.wraps(answer)
    def used(*arguments, **options):
        before = sys.getprofile()
        sys.setprofile(note)
        try:
            return answer(*arguments, **options)
        finally:
            sys.setprofile(before)
            called.intersection_update(names)

    return used, called
