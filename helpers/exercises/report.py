"""The wording of every check: one sentence for one finding, the same in all chapters.

With this module one can
- say what is wrong with an answer (differs, raised, endless, changed, wrong_type,
  replaced),
- say that there is no such exercise (unknown), or that it fails itself
  (solution_raises),
- set any of them as a block that starts with the exercise's number (block).
"""

import textwrap

from helpers.exercises.error_hints import hint
from helpers.exercises.values import describe, kind_of, show, show_pair

WIDTH = 79
TOGETHER = "\N{NO-BREAK SPACE}"  # a space at which no line ends

_HINTS = {
    ("None", None): "Is a `return` missing?",
    ("tensor", "number"): "`.item()` makes a number of a tensor with one element.",
    ("array", "number"): "`.item()` makes a number of an array with one element.",
    ("sequence", "tensor"): "`torch.tensor(...)` makes a tensor of numbers.",
    ("number", "tensor"): "`torch.tensor(...)` makes a tensor of a number.",
    ("array", "tensor"): "`torch.from_numpy(...)` makes a tensor of an array.",
    ("tensor", "sequence"): "`.tolist()` makes a list of a tensor.",
    ("array", "sequence"): "`.tolist()` makes a list of an array.",
    ("value", "number"): "Its `.data` or its `.grad` is a number.",
}


def block(number, text):
    """Set `text` behind the exercise's number, wrapped, further lines aligned.

    >>> print(block("6.2", "not yet. One line.\\nAnother."))
    6.2 · not yet. One line.
          Another.
    """
    head = f"{number} · "
    lines = []
    for paragraph in text.split("\n"):
        lines += _wrapped(paragraph, WIDTH - len(head)) or [""]
    return head + f"\n{' ' * len(head)}".join(lines)


def _wrapped(paragraph, width):
    lines = textwrap.wrap(
        paragraph, width, break_long_words=False, break_on_hyphens=False,
        subsequent_indent=" " * 10 * paragraph.startswith(("got ", "expected ")),
    )  # fmt: skip
    return [line.replace(TOGETHER, " ") for line in lines]


def differs(exercise, trial, found, related=""):
    """The first input where the results differ, the one got and the one expected.

    For a plain value the expected one stays secret. `related` is a sentence about all
    cases, or empty.
    """
    got, expected = show_pair(found.got, found.expected)
    if not trial.inputs and not callable(exercise.solution):
        place = f" at {found.path}" if found.path else ""
        known = f"You have {got}{place}: not the same as {exercise.compared_with}."
        return f"{known} {related}".rstrip()
    place = f" (at {found.path} of the result)" if found.path else ""
    return (
        f"The result differs {given(exercise, trial)}{place}.\n"
        f"got       {got}\nexpected  {expected}" + (related and f"\n{related}")
    )


def raised(exercise, trial, found):
    """The exception, the learner's line that raised it, and the input."""
    error = found.got
    message = f": {error.message}" if error.message else ""
    line = f"\nin the line  {error.line}" if error.line else ""
    advice = hint(error)
    return (
        f"It raises {error.kind.__name__} {given(exercise, trial)}{message}{line}"
        + (advice and f"\n{advice}")
    )


def endless(exercise, trial, seconds, stopped):
    """That the time was over, and whether the answer could be stopped."""
    where = f" {given(exercise, trial)}" if trial else ""
    end = (
        "It was stopped."
        if stopped
        else "It could not be stopped: restart the kernel to end it."
    )
    return (
        f"It did not finish within {seconds:g} seconds{where}. {end} Is there a loop "
        "whose end is never reached?"
    )


def changed(exercise, trial):
    """Which input was changed, with its value before and after."""
    position = trial.changed[0]
    before, after = show_pair(trial.inputs[position], trial.after[position])
    name = _name(exercise, position)
    return (
        f"It changes its input {name}: {before} before, {after} after. Whoever calls "
        "it still needs that input: compute something new instead."
    )


def replaced(names):
    """That an answer gave another meaning to functions that all code uses."""
    return (
        f"It gives another meaning to {', '.join(names[:3])}, for everything that runs "
        "in this kernel. That was undone: call functions, and leave their names alone."
    )


def solution_raises(error):
    """That the worked solution fails, so that nothing can be said of an answer."""
    return (
        f"not judged. The worked solution raises {error.kind.__name__} here: an error "
        "of the course, or something in this kernel was replaced. Restart the kernel; "
        "if it stays, please report it."
    )


def wrong_type(exercise, trial, found, related=""):
    """What kind of thing came, and what kind is expected; `related` as in differs."""
    got, expected = describe(found.got), describe(found.expected)
    place = f" at {found.path} of the result" if found.path else ""
    kinds = kind_of(found.got).name, kind_of(found.expected).name
    hint = (
        related
        or _HINTS.get(kinds)
        or _HINTS.get((kinds[0], None))
        or _opaque_hint(got)
    )
    where = f" {given(exercise, trial)}" if trial.inputs else ""
    return f"It gives {got}{place}{where}; expected is {expected}. {hint}".rstrip()


def _opaque_hint(words):
    if words.split()[1] in ("function", "method"):
        return "Are the parentheses of a call missing?"
    return "`list(...)` runs a generator." if words == "a generator" else ""


def unknown(number, others):
    """That there is no such exercise, and the nearest that there are.

    >>> unknown("6.9", ["6.5", "6.4", "6.3"])
    'There is no exercise 6.9. The nearest are 6.5 and 6.4.'
    """
    name = number if isinstance(number, str) else repr(number)
    if not isinstance(number, str):
        return f'The number of an exercise is text: write check("{name}", ...).'
    if not others:
        chapter = name.split(".")[0]
        return f"There is no exercise {name}: the course has no chapter {chapter}."
    nearest = " and ".join(others[:2])
    verb = "are" if len(others) > 1 else "is"
    return f"There is no exercise {name}. The nearest {verb} {nearest}."


def given(exercise, trial):
    """Name the inputs of a case: "for x = 1.0, y = 2.0"."""
    if not trial.inputs:
        return "when it runs"
    names = exercise.input_names(len(trial.inputs))
    shown = [show(value, width=60) for value in trial.inputs]
    pairs = zip(names, shown, strict=True)
    return "for " + ", ".join(
        f"{n} = {s}".replace(" ", TOGETHER) if n else s for n, s in pairs
    )


def _name(exercise, position):
    names = exercise.input_names(position + 1)
    return f"`{names[position]}`" if names[position] else f"number {position + 1}"
