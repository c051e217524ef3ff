"""What an exercise is made of.

With this module one can
- write an exercise (Exercise) with its known wrong answers (Mistake), also from
  independent faults (faulty),
- use an answer the usual way (call),
- hold what was found about an answer (Verdict).
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import torch

_BY_POSITION = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
)


def call(answer, *case):
    """Use an answer the usual way: call it, or take it as it is if it is a value.

    The default `probe` of an `Exercise`.

    >>> call(max, 1, 2), call(0.4)
    (2, 0.4)
    """
    return answer(*case) if callable(answer) else in_plain(answer)


def in_plain(value, levels=4):
    """A plain value with its fractions, and tensors of one number, as numbers.

    Args:
        value: anything; dicts and lists are copied, down to `levels` levels.
        levels: 0 or more. Default: 4.

    >>> in_plain({"a": Fraction(1, 4), "b": [torch.tensor(2.0)]})
    {'a': 0.25, 'b': [2.0]}
    """
    if levels and isinstance(value, dict):
        return {key: in_plain(item, levels - 1) for key, item in value.items()}
    if levels and isinstance(value, list):
        return [in_plain(item, levels - 1) for item in value]
    if isinstance(value, Fraction):
        return float(value)
    one = isinstance(value, torch.Tensor) and value.numel() == 1
    return value.item() if one else value


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer and what to tell the learner who gives it.

    Args:
        answer: of the kind the exercise asks for.
        message: a few sentences that name the misconception, for an answer that
            behaves the same on every case.

    >>> Mistake(12.0, "That is the derivative of y.").answer
    12.0
    """

    answer: Any
    message: str


def faulty(build, faults):
    """The mistakes that `build` makes of one fault at a time, as a tuple.

    >>> faulty(lambda sign=1: sign * 2.0, [({"sign": -1}, "Your sign is turned.")])
    (Mistake(answer=-2.0, message='Your sign is turned.'),)
    """
    return tuple(Mistake(build(**options), message) for options, message in faults)


@dataclass(frozen=True, eq=False)
class Exercise:
    """An exercise, its worked solution, and its known wrong answers.

    Args:
        number: "chapter.position", as the name of its file says.
        title: the notebook's heading.
        solution: a function, a class or a value.
        cases: `cases()` makes the argument tuples anew at each check; it gives `[()]`
            for a plain value.
        mistakes: looked up in order, and only for answers that are not right.
        compared_with: completes "correct, the same as ...".
        probe: `probe(answer, *case)` turns an answer into numbers, tensors, text, truth
            values, None, or tuples, lists, sets and dicts of them. Default: `call`.
        may_change_inputs: whether an answer may leave a case otherwise than it was.
            Default: False.
        tolerance: relative and absolute, 0 or more; float tensors get at least ten
            roundings of their dtype, and 0 means equal to the bit. Default: 1e-9.
        starting_point: what a stub that already runs does, in an exercise that asks for
            a repair: an answer that still behaves like it is not filled in yet.
        refuses: names of functions that the text rules out, each with what to tell a
            learner whose right answer calls one. Default: none.
        may_raise: classes of exceptions that the worked solution raises. Default: none.
        build: makes an answer out of options, each one a fault. Default: None.
        faults: pairs of options for `build` and the message. Each is a mistake, and two
            at once are tried for an answer that is like none. Default: none.

    Raises `ValueError` for a number that is not like "1.3" or an empty
    `compared_with`.

    >>> double = Exercise("1.1", "Twice", lambda x: 2 * x, lambda: [(1.0,), (3.0,)],
    ...                   (), "arithmetic on 2 points")
    >>> double.chapter
    1
    """

    number: str
    title: str
    solution: Any
    cases: Callable[[], Sequence[tuple]]
    mistakes: tuple[Mistake, ...]
    compared_with: str
    probe: Callable = call
    may_change_inputs: bool = False
    tolerance: float = 1e-9
    starting_point: Any = None
    refuses: Mapping[str, str] = field(default_factory=dict)
    may_raise: tuple[type, ...] = ()
    build: Callable | None = None
    faults: Sequence[tuple[dict, str]] = ()

    def __post_init__(self):
        parts = str(self.number).split(".")
        if len(parts) != 2 or not all(part.isdecimal() for part in parts):
            raise ValueError(
                f"number = {self.number!r}; allowed is chapter.position: write for "
                'example "1.3"'
            )
        if not self.compared_with:
            raise ValueError(
                f"compared_with is empty in exercise {self.number}; allowed is the end "
                'of "the same as ...": write for example "PyTorch on 5 points"'
            )

    @property
    def chapter(self):
        """The chapter's number, an int."""
        return int(self.number.split(".")[0])

    def input_names(self, count):
        """The names of a case's first `count` inputs, from the probe or the solution.

        Returns a list of text; None stands for an input without a name.
        """
        function = self.solution if self.probe is call else self.probe
        try:
            parameters = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):  # a value, or a function without a signature
            return [None] * count
        named = [each.name for each in parameters if each.kind in _BY_POSITION]
        names = named if self.probe is call else named[1:]
        return (names + [None] * count)[:count]


@dataclass(frozen=True)
class Verdict:
    """What was found about an answer.

    Args:
        number: the exercise's.
        status: "your turn", "correct", "mistake", "differs", "raised", "endless",
            "changed inputs", "wrong type", or "not judged" if our solution fails.
        text: what `check` prints.

    >>> Verdict("1.1", "your turn", "1.1 · your turn").status
    'your turn'
    """

    number: str
    status: str
    text: str
