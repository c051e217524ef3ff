"""An exhibit: a broken loop, with everything that is known of it.

With this module one can describe a broken loop (Exhibit) and read what comes before
every one of them (PRELUDE).
"""

import difflib
from dataclasses import dataclass, field

PRELUDE = """\
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs @ torch.randn(8, 3)).argmax(dim=1)
criterion, losses = nn.CrossEntropyLoss(), []
"""


@dataclass(frozen=True)
class Exhibit:
    """A loop with one thing wrong.

    Args:
        title: str, what is seen from outside; it does not give the cause away.
        key: str, the cause, one of `helpers.loop.doctor.KEYS`.
        source: str, the loop; `PRELUDE` comes before it.
        guilty: texts of the lines that a reader may point at.
        fix: pairs of text, what to write for what; every first one occurs once.
        symptom: one of `SYMPTOMS`.
        clues: names of questions in `helpers.museum.questions`.
        suspects: keys of other causes that look alike.
        why: str, what happens, in two sentences.
        seen: int, how many public reports of it were read, or of its group in
            `helpers.museum.reports`.
        reports: some of them, as "repository #number".
        asks: further clues, pairs of a question and an expression of the loop's names.
        damage: an expression of the loop's names that is true as long as the fault is
            there; for the symptom "hidden".
        number: int, its place in the museum, from 1; set by `helpers.museum`.
        room: str, set there too.

    >>> loop = Exhibit("flat", "lr-zero", "a = 0\\nb = a\\n", ("a = 0",),
    ...     (("a = 0", "a = 1"),), "flat", (), (), "", 1, ())
    >>> loop.guilty_lines, loop.fixed
    ({1}, 'a = 1\\nb = a\\n')
    """

    title: str
    key: str
    source: str
    guilty: tuple[str, ...]
    fix: tuple[tuple[str, str], ...]
    symptom: str
    clues: tuple[str, ...]
    suspects: tuple[str, ...]
    why: str
    seen: int
    reports: tuple[str, ...]
    asks: tuple[tuple[str, str], ...] = ()
    damage: str = ""
    number: int = field(default=0, compare=False)
    room: str = field(default="", compare=False)

    @property
    def file(self):
        """The name that the loop has as a file: exhibit_07.py."""
        return f"exhibit_{self.number:02}.py"

    @property
    def lines(self):
        """The lines of the source."""
        return self.source.splitlines()

    @property
    def guilty_lines(self):
        """The numbers of the lines to point at, from 1."""
        return {
            n for n, line in enumerate(self.lines, 1) if line.strip() in self.guilty
        }

    @property
    def fixed(self):
        """The source with its fix."""
        source = self.source
        for old, new in self.fix:
            if source.count(old) != 1:
                raise ValueError(
                    f"{self.title!r} is to be fixed at {old!r}, which stands there "
                    f"{source.count(old)} times; give a text that stands there once"
                )
            source = source.replace(old, new)
        return source

    @property
    def difference(self):
        """The lines that the fix takes out (-) and puts in (+), with neighbours."""
        compared = difflib.unified_diff(
            self.lines, self.fixed.splitlines(), lineterm="", n=1
        )
        found = [line for line in compared if not line.startswith(("---", "+++"))]
        told = [f"{line[0]} {line[1:]}" for line in found if not line.startswith("@@")]
        return "\n".join(told)

    @property
    def causes(self):
        """The causes to choose from: the right one among its look-alikes, by name."""
        return sorted({self.key, *self.suspects})

    @property
    def script(self):
        """The loop as a script of its own."""
        return f"{PRELUDE}\n{self.source}"


SYMPTOMS = {
    "flat": "the loss stays where it was, to the last digit",
    "grows": "the loss grows",
    "worse": "the loss falls, but stays above what the mended loop reaches",
    "nan": "the loss becomes nan",
    "raises": "the loop ends with an error",
    "negative": "the loss falls below zero",
    "hidden": "the loss looks fine; the damage is elsewhere",
}
