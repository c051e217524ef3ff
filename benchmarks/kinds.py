"""What a benchmark is, and what it must reach.

With this module one can: describe one that takes time (`Benchmark`) or that counts
(`Count`), and say what must be reached and what is the goal (`Mark`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Mark:
    """What a candidate must reach and what is the goal, as ratios to another one.

    `than` names the other; unless given, it is the first. With a `unit` both are no
    ratios but numbers in it.

    >>> Mark("a", 1.2, 0.9).verdicts(1.0)
    ('holds', 'missed')
    """

    name: str
    must: float
    goal: float
    than: str | None = None
    unit: str = ""

    def verdicts(self, value: float) -> tuple[str, str]:
        """Whether a measured value is within what must be, and within the goal."""
        must = "holds" if value <= self.must else "DOES NOT HOLD"
        return must, "reached" if value <= self.goal else "missed"

    def subject(self) -> str:
        """Whom it is about, and compared with whom."""
        return self.name if self.than is None else f"{self.name} / {self.than}"


@dataclass(frozen=True)
class Benchmark:
    """What is measured, in words; a function that makes the candidates; how often.

    The candidates are functions by name; a sentence in the place of a function says why
    there is none, and in the place of all, why none can be. `block` and `slow` are as
    for `harness.interleaved`; `operations` is how many one run has; `threads` is how
    many torch may use, None for as many as it likes. A small run leaves out what
    `takes_long`.
    """

    title: str
    candidates: Callable[[], dict[str, Callable[[], object] | str] | str]
    rounds: int = 15
    block: int = 1
    slow: tuple[str, ...] = ()
    operations: int = 0
    threads: int | None = None
    marks: tuple[Mark, ...] = ()
    takes_long: bool = False
    on_request = False

    def small(self) -> "Benchmark":
        """The same, run once, with nothing to reach: to see that it works."""
        return replace(self, rounds=1, block=1, marks=())


@dataclass(frozen=True)
class Count:
    """What is counted, in words, a function that makes numbers by name, their unit.

    A small run leaves out what `takes_long`. One that is counted `on_request` takes
    minutes: its name must be given.
    """

    title: str
    numbers: Callable[[], dict[str, int]]
    unit: str = "bytes"
    marks: tuple[Mark, ...] = ()
    takes_long: bool = False
    on_request: bool = False

    def small(self) -> "Count":
        """The same, with nothing to reach."""
        return replace(self, marks=())
