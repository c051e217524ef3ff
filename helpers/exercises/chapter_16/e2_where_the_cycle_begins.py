"""Exercise 16.2: a rule for gradients that are cleared between backward and step."""

from helpers.exercises.exercise import Exercise, Mistake, faulty


def cleared_in_between(events):
    """The lines of the clearings that left a step with nothing."""
    return build()(events)


def build(
    starts=("forward",),
    needs_backward=True,
    filled_again=True,
    step_ends=True,
    tells="clearing",
    clears=("zero_grad",),
):
    """The solution with some of its parts exchanged."""

    def cleared_in_between(events):
        lines, computed, cleared = [], False, None
        for kind, line in events:
            if kind in starts:
                computed, cleared = False, None
            elif kind == "backward":
                computed = True
                cleared = None if filled_again else cleared
            elif kind in clears and (computed or not needs_backward):
                computed, cleared = False, line
            elif kind == "step":
                if cleared is not None:
                    lines.append(cleared if tells == "clearing" else line)
                if step_ends:
                    computed, cleared = False, None
        return lines

    return cleared_in_between


def _each_line_once(events):
    return sorted(set(cleared_in_between(events)))


FAULTS = (
    (
        {"starts": ()},
        "You forget nothing at a forward pass. In z f s b the clearing belongs to the "
        "iteration before, and the step comes too early: that is another cause.",
    ),
    (
        {"needs_backward": False},
        "You count a clearing with no backward before it in its iteration. Where "
        "backward is never called, the clearing is not to blame.",
    ),
    (
        {"filled_again": False},
        "After b z b the step finds the second gradient. A backward fills what was "
        "cleared.",
    ),
    (
        {"step_ends": False},
        "You go on with the clearing after its step: a second step of the same "
        "iteration is counted again.",
    ),
    (
        {"tells": "step"},
        "You give the lines of the steps. Asked for are the clearings.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _each_line_once,
        "Each line comes once. Give one for each step: two steps are the evidence.",
    ),
)

NUMBERS = {"z": "zero_grad", "f": "forward", "b": "backward", "s": "step"}


def _events(letters, lines):
    """A log of letters, each with a line."""
    return [(NUMBERS[c], n) for c, n in zip(letters, lines, strict=True)]


def _cases():
    return [
        (_events("fbzs" * 2, [4, 5, 6, 7] * 2),),  # cleared too soon
        (_events("zfsb" * 3, [4, 5, 6, 7] * 3),),  # stepped too soon
        (_events("zfbs" * 2, [4, 5, 6, 7] * 2),),  # healthy
        (_events("fbsz" * 2, [4, 5, 6, 7] * 2),),  # healthy, cleared last
        (_events("fzs" * 2, [4, 5, 6] * 2),),  # no backward
        (_events("fbzbs" * 2, [4, 5, 6, 7, 8] * 2),),  # filled again
        (_events("fbzss" * 2, [4, 5, 6, 7, 8] * 2),),  # two steps
        (_events("fzbzs" + "fbs", [3, 4, 5, 6, 7, 3, 5, 7]),),
        ([],),
    ]


EXERCISE = Exercise(
    number="16.2",
    title="Where the cycle begins",
    solution=cleared_in_between,
    cases=_cases,
    mistakes=MISTAKES,
    compared_with="nine logs, six of them without such a fault",
    build=build,
    faults=FAULTS,
)
