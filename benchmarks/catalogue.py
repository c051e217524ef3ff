"""All benchmarks of the course, by name.

With this module one can: list them (`BENCHMARKS`), pick those whose names begin with
some letters (`chosen`), and run one (`run`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import live_figure, scalar
from benchmarks.harness import interleaved


@dataclass(frozen=True)
class Benchmark:
    """What is measured, in words; a function that makes the candidates; how often."""

    title: str
    candidates: Callable[[], dict[str, Callable[[], object]]]
    rounds: int = 15


BENCHMARKS = {
    "scalar-chain": Benchmark(
        "a chain of 1,000 operations on one number, forward and backward",
        scalar.chain,
    ),
    "scalar-moons": Benchmark(
        "one training step on two moons: network 2-16-16-1, 100 points",
        scalar.moons_step,
        rounds=5,
    ),
    "live-figure": Benchmark(
        "from a changed control to the new picture, 770 x 385 pixels",
        live_figure.redraws,
    ),
}


def chosen(beginning: str = "") -> dict[str, Benchmark]:
    """The benchmarks whose names begin so. ValueError if there are none.

    >>> list(chosen("scalar"))
    ['scalar-chain', 'scalar-moons']
    """
    found = {k: v for k, v in BENCHMARKS.items() if k.startswith(beginning)}
    if not found:
        raise ValueError(
            f"no benchmark begins with {beginning!r}; there are: "
            f"{', '.join(BENCHMARKS)}. Use the beginning of one of these names"
        )
    return found


def run(name: str, benchmark: Benchmark) -> str:
    """Measure one benchmark; its title and table as text."""
    result = interleaved(benchmark.candidates(), benchmark.rounds)
    return f"{name}: {benchmark.title}\n{result.table()}\n"
