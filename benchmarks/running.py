"""Benchmarks are run, and what comes out is put into words.

With this module one can: run one (`run`), which gives a `Report`: its text, what was
measured, and how that stands to what must be reached.
"""

from dataclasses import dataclass

from benchmarks.harness import SLOW_ROUNDS, Result, digits, interleaved, torch_threads
from benchmarks.kinds import Benchmark, Count, Mark
from benchmarks.peers import failure


@dataclass(frozen=True)
class Verdict:
    """A mark and the value that was measured for it, None if it wasn't."""

    mark: Mark
    value: float | None

    def __str__(self):
        """In a line.

        >>> print(Verdict(Mark("a", 1.2, 0.9), 1.0))
        a: 1.00; must be <= 1.2 (holds), goal <= 0.9 (missed)
        """
        mark, unit = self.mark, self.mark.unit
        if self.value is None:
            must, goal, value = "", "", "not measured"
        else:
            must, goal = (f" ({word})" for word in mark.verdicts(self.value))
            value = digits(self.value) + unit
        wishes = f"must be <= {mark.must}{unit}{must}, goal <= {mark.goal}{unit}{goal}"
        return f"{mark.subject()}: {value}; {wishes}"


@dataclass(frozen=True)
class Report:
    """A benchmark that was run: its table in lines, its times (None for a count).

    `notes` say what is absent, `verdicts` how the marks stand; `failed` is true where
    an error came instead of numbers.
    """

    heading: str
    table: str
    notes: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    result: Result | None = None
    failed: bool = False

    @property
    def text(self) -> str:
        """All of it, for a terminal."""
        parts = [self.heading, self.table, *self.notes, *map(str, self.verdicts)]
        return "\n".join(filter(None, parts)) + "\n"


def run(name: str, benchmark: Benchmark | Count) -> Report:
    """Measure one benchmark."""
    if isinstance(benchmark, Count):
        return counted(f"{name}: {benchmark.title}", benchmark)
    with torch_threads(benchmark.threads):
        candidates = benchmark.candidates()
        if isinstance(candidates, str):
            return not_run(name, benchmark, candidates)
        working, absent = sorted_out(candidates)
        return timed(f"{name}: {benchmark.title}", benchmark, working, absent)


def not_run(name, benchmark, reason) -> Report:
    """The report of a benchmark that isn't run, with the reason."""
    heading = f"{name}: {benchmark.title}"
    verdicts = tuple(Verdict(mark, None) for mark in benchmark.marks)
    return Report(heading, "", (f"not measured: {reason}",), verdicts)


def counted(heading, count) -> Report:
    """The report of a count."""
    numbers = count.numbers()
    first = next(iter(numbers))
    verdicts = [
        Verdict(
            mark,
            numbers[mark.name]
            if mark.unit
            else numbers[mark.name] / numbers[mark.than or first],
        )
        for mark in count.marks
    ]
    return Report(heading, table_of(numbers, count.unit), (), tuple(verdicts))


def timed(heading, benchmark, working, absent) -> Report:
    """The report of candidates that run, beside those that don't."""
    slow = tuple(each for each in benchmark.slow if each in working)
    result = interleaved(working, benchmark.rounds, block=benchmark.block, slow=slow)
    notes = [f"{each}: {reason}" for each, reason in absent.items()]
    notes += [f"{each}: in {SLOW_ROUNDS} rounds only, one run each" for each in slow]
    verdicts = tuple(Verdict(mark, ratio(mark, result)) for mark in benchmark.marks)
    table = result.table(benchmark.operations)
    return Report(heading, table, tuple(notes), verdicts, result)


def ratio(mark, result) -> float | None:
    """The ratio that a mark is about; None if one of the two wasn't measured."""
    than = mark.than or result.reference
    if {mark.name, than} <= result.seconds.keys():
        return result.ratio(mark.name, than)
    return None


def sorted_out(candidates) -> tuple[dict, dict]:
    """Candidates that run, and for each other one why it does not.

    Each is run once. The first is the reference: what it raises is raised.
    """
    working, absent = {}, {}
    for name, candidate in candidates.items():
        reason = candidate if isinstance(candidate, str) else None
        if reason is None and working:
            reason = trouble_in(candidate)
        if reason is None:
            working[name] = candidate
        else:
            absent[name] = reason
    return working, absent


def trouble_in(candidate) -> str | None:
    """What a candidate raises when it is run, in a line; None if it runs."""
    try:
        candidate()
    except Exception as error:  # it is shown in the table
        return failure(error)
    return None


def table_of(counted: dict[str, int], unit: str) -> str:
    """A line for each: its name, number, and ratio to the first.

    >>> print(table_of({"torch": 2000, "ours": 1000}, "bytes"))
    torch  2,000 bytes  1.00
    ours   1,000 bytes  0.50
    """
    width, first = max(map(len, counted)), next(iter(counted.values()))
    digits = max(len(f"{count:,}") for count in counted.values())
    return "\n".join(
        f"{name:{width}}  {count:{digits},} {unit}  {count / first:.2f}"
        for name, count in counted.items()
    )
