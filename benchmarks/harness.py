"""Fair comparison of functions that do the same work.

With this module one can: time candidates in turn, round by round (`interleaved`), with
so many threads (`torch_threads`), and write the result as a table of medians and of
ratios to a reference (`Result.table`).
"""

import gc
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import torch

from helpers.devices import Timer

SLOW_ROUNDS = 2
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"))


@dataclass(frozen=True)
class Result:
    """The seconds that each candidate took in each round, and who is the reference."""

    seconds: dict[str, list[float]]
    reference: str

    def ratio(self, name: str, than: str | None = None) -> float:
        """How many times as long as another (the reference): the median of the rounds.

        >>> Result({"a": [1.0, 2.0, 1.0], "b": [2.0, 4.0, 9.0]}, "a").ratio("b")
        2.0
        """
        own, others = self.seconds[name], self.seconds[than or self.reference]
        pairs = zip(own, others, strict=False)  # a slow candidate has fewer rounds
        return median(own / other for own, other in pairs)

    def table(self, operations: int = 0) -> str:
        """A line for each candidate: its name, median time, and ratio.

        With `operations`, how many one run has, also the microseconds for each.

        >>> print(Result({"a": [1.0], "other": [0.002]}, "a").table())
        a      1.00 s   1.00
        other  2.00 ms  0.002
        """
        width = max(map(len, self.seconds))
        lines = []
        for name, times in self.seconds.items():
            middle = median(times)
            line = f"{name:{width}}  {in_words(middle):7}  {digits(self.ratio(name))}"
            if operations:
                line = f"{line:{width + 17}}  {middle / operations * 1e6:.2f} us each"
            lines.append(line)
        return "\n".join(lines)


def interleaved(
    candidates: dict[str, Callable[[], object]],
    rounds: int = 15,
    reference: str | None = None,
    device=None,
    block: int = 1,
    slow: tuple[str, ...] = (),
) -> Result:
    """Time the candidates in turn, `rounds` times each, after one round that is not.

    Args:
        candidates: functions without arguments, by name.
        rounds: how often each is timed, at least 1.
        reference: the name that ratios are taken to; unless given, the first.
        device: what to wait for before the clock stops; None is every device here.
        block: how many runs in a row are timed as one, and divided by that many. For
            short steps: it keeps one candidate's code warm, as in a real loop.
        slow: names of candidates so slow that one run in a block, and `SLOW_ROUNDS`
            rounds, must do.

    Each round starts with another candidate. Raises: ValueError for no rounds, and for
    a reference that is not among the candidates.

    >>> result = interleaved({"a": lambda: 1, "b": lambda: 2}, rounds=2)
    >>> {name: len(times) for name, times in result.seconds.items()}
    {'a': 2, 'b': 2}
    """
    names = list(candidates)
    reference = names[0] if reference is None else reference
    _check(names, rounds, reference, block)
    seconds = {name: [] for name in names}
    for name in names:
        candidates[name]()
    gc.collect()
    for turn in range(rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            if name in slow and turn >= SLOW_ROUNDS:
                continue
            runs = 1 if name in slow else block
            seconds[name].append(_seconds_of(candidates[name], runs, device))
    return Result(seconds, reference)


def _seconds_of(candidate, runs, device):
    """The seconds of one run, from so many in a row."""
    with Timer(device) as timer:
        for _ in range(runs):
            candidate()
    return timer.seconds / runs


def in_words(seconds: float) -> str:
    """A time in three digits and the unit that fits.

    >>> in_words(0.0123), in_words(4.2), in_words(3.5e-5)
    ('12.3 ms', '4.20 s', '35.0 us')
    """
    size, unit = next((u for u in UNITS if seconds >= u[0]), UNITS[-1])
    return f"{digits(seconds / size)} {unit}"


def digits(number: float) -> str:
    """Three digits, without an exponent."""
    if number >= 100:
        return f"{number:.0f}"
    return f"{number:.1f}" if number >= 10 else _small(number)


def _small(number: float) -> str:
    return f"{number:.2f}" if number >= 0.1 else f"{number:.3f}"


def _check(names, rounds, reference, block):
    if block < 1:
        raise ValueError(f"block = {block}; at least 1 run is needed in a block")
    if rounds < 1:
        raise ValueError(f"rounds = {rounds}; at least 1 is needed to have a median")
    if reference not in names:
        raise ValueError(
            f"reference = {reference!r} is no candidate; choose one of {names}"
        )


@contextmanager
def torch_threads(count: int | None):
    """Let torch use so many threads inside; None changes nothing."""
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
