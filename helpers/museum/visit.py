"""A visit to one exhibit: look, ask, judge, call the doctor, see the fix.

With this module one can visit an exhibit (Visit) without a mouse; each method returns
text that a cell shows as it is (Card).
"""

import textwrap
from functools import cached_property

from helpers.loop.doctor.sentences import as_text
from helpers.museum.causes import CAUSES
from helpers.museum.exhibit import SYMPTOMS
from helpers.museum.questions import QUESTIONS, ask
from helpers.museum.reports import seen
from helpers.museum.runs import run

WIDTH = 76


class Card(str):
    """Text that is shown without quotes."""

    def __repr__(self):
        return str(self)


class Visit:
    """One exhibit, run.

    Args:
        exhibit: an `Exhibit` of the museum.

    Attributes: `exhibit`; `run` and `mended`, the runs of the loop and of its fix, made
    when they are first asked for.

    >>> from helpers import museum
    >>> museum.visit(3).ask("calls")
    zero_grad 40, forward 40, backward 40, step 40

    Chapter 16 walks through them.
    """

    def __init__(self, exhibit):
        self.exhibit = exhibit

    @cached_property
    def run(self):
        """The run of the broken loop."""
        return run(self.exhibit.source, self.exhibit.file)

    @cached_property
    def mended(self):
        """The run of the fixed loop."""
        return run(self.exhibit.fixed, f"mended_{self.exhibit.number:02}.py")

    @property
    def questions(self):
        """The questions that are laid out, by name."""
        laid_out = {name: QUESTIONS[name][0] for name in self.exhibit.clues}
        return laid_out | {text: text for text, _ in self.exhibit.asks}

    def __repr__(self):
        exhibit = self.exhibit
        numbered = (f"{n:3}  {line}" for n, line in enumerate(exhibit.lines, 1))
        head = f"Exhibit {exhibit.number}. {exhibit.title}"
        return "\n".join([head, "", *numbered])

    def ask(self, name):
        """The answer to a question, measured.

        Args:
            name: str, a key of `questions`, or of all that the museum can answer.

        Raises: `ValueError` for a question that nobody can answer.
        """
        for text, expression in self.exhibit.asks:
            if name == text:
                return Card(self.run.ask(expression))
        if name not in QUESTIONS:
            raise ValueError(
                f"name = {name!r} is no question; ask one of {', '.join(QUESTIONS)}"
            )
        return Card(ask(self.run, name))

    def judge(self, line, cause):
        """Whether a line and a cause are right; a wrong cause is told what it predicts.

        Args:
            line: int, the number of a line of the source.
            cause: str, one of the exhibit's `causes`, or any key of `CAUSES`.

        Raises: `ValueError` for a line or a cause that there is not.
        """
        exhibit = self.exhibit
        if not 1 <= line <= len(exhibit.lines) or cause not in CAUSES:
            raise ValueError(
                f"line = {line!r}, cause = {cause!r}; give a line from 1 to "
                f"{len(exhibit.lines)}, and one of {', '.join(exhibit.causes)}"
            )
        at_line = line in exhibit.guilty_lines
        if cause == exhibit.key:
            words = "The cause is right, and so is the line." if at_line else OTHER_LINE
            return card(words + f" {exhibit.why}" * at_line)
        suspect = CAUSES[cause]
        words = f"If {suspect.words}, then {suspect.predicts}. "
        questions = [name for name in (suspect.question, suspect.also) if name]
        tests = [f"{QUESTIONS[name][0]} Here: {self.ask(name)}." for name in questions]
        words += " ".join(tests)
        if at_line:
            words = f"The line is right, the cause is not. {words}"
        return card(words)

    def doctor(self):
        """The doctor's report on the loop."""
        return Card(as_text(self.run.findings).rstrip("\n"))

    def fix(self):
        """The lines to change, how the mended loop does, and how often it is met."""
        exhibit = self.exhibit
        now = f"Before: {SYMPTOMS[exhibit.symptom]}. Mended: {self.outcome}."
        return Card("\n".join([exhibit.difference, "", card(now), card(seen(exhibit))]))

    @property
    def outcome(self):
        """In words, how the mended loop does."""
        healthy = self.mended.error is None and not self.mended.findings
        falls = self.mended.losses[-1] < self.mended.losses[0]
        if healthy and falls:
            return "its loss falls, and the doctor is silent"
        return "it is not healthy either"


OTHER_LINE = (
    "The cause is right, the line is not. Which line would you have to change, or "
    "move, to make the loop right?"
)


def card(words):
    """A paragraph of few columns."""
    return Card(textwrap.fill(words, WIDTH))
