"""All benchmarks of the course, by name.

With this module one can: list them (`BENCHMARKS`), pick those whose names begin with
some letters (`chosen`), and run one (`run`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from benchmarks import (
    closures,
    compiled,
    doctor,
    engine,
    live_figure,
    memory,
    optimizers,
    scalar,
)
from benchmarks import methods as rarer
from benchmarks.harness import SLOW_ROUNDS, Result, interleaved, torch_threads
from benchmarks.peers import failure


@dataclass(frozen=True)
class Benchmark:
    """What is measured, in words; a function that makes the candidates; how often.

    The candidates are functions by name; a sentence in the place of a function says why
    there is none. `block` and `slow` are as for `harness.interleaved`; `operations` is
    how many one run has; `threads` is how many torch may use, None for as many as it
    likes. `marks` holds for some candidates the ratios that they must reach and those
    that are the goal.
    """

    title: str
    candidates: Callable[[], dict[str, Callable[[], object] | str]]
    rounds: int = 15
    block: int = 1
    slow: tuple[str, ...] = ()
    operations: int = 0
    threads: int | None = None
    marks: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """What is counted, in words, a function that makes numbers by name, their unit."""

    title: str
    numbers: Callable[[], dict[str, int]]
    unit: str = "bytes"


LBFGS = {"ours": (0.8, 0.5)}
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
    "engine-chain": Benchmark(
        "1,000 multiplications of 4 elements, forward and backward",
        engine.mul_chain,
        block=5,
        operations=1_000,
        marks={"ours": (1.15, 1.0)},
    ),
    "engine-chain-mixed": Benchmark(
        "1,000 operations of 4 elements (mul, add, tanh, mul), forward and backward",
        engine.mixed_chain,
        block=5,
        operations=1_000,
        marks={"ours": (1.15, 1.0)},
    ),
    "engine-mlp": Benchmark(
        "one step, 784-256-128-10, batch 128, cross entropy, SGD with momentum",
        engine.mlp_step,
        block=5,
        marks={"ours": (0.95, 0.85)},
    ),
    "engine-moons": Benchmark(
        "one step on two moons, 2-16-16-1, batch 100, mean squared error, one thread",
        engine.moons_step,
        block=20,
        slow=("micrograd",),
        threads=1,
        marks={
            "ours": (0.9, 0.7),
            "ours, step compiled": (0.25, 0.12),
        },
    ),
    "engine-digits": Benchmark(
        "one step on 64 digits, two convolutions, everything rebuilt, one thread",
        engine.digits_step,
        block=10,
        threads=1,
        marks={"ours": (0.9, 0.7)},
    ),
    "fast-moons": Benchmark(
        "a whole step as one graph: two moons, 2-16-16-1, batch 100, one thread",
        compiled.moons_step,
        block=20,
        threads=1,
        marks={"ours, compiled step": (0.25, 0.12)},
    ),
    "engine-memory": Count(
        "bytes saved for backward in 784-256-128-10, batch 128; each memory once, "
        "without parameters, inputs and targets",
        memory.saved_bytes,
    ),
    "optim-resnet-sgd": Benchmark(
        "one step of SGD with momentum, 62 parameters of a ResNet-18",
        optimizers.resnet_sgd,
        rounds=31,
        block=5,
        marks={"ours, fused": (1.0, 0.95)},
    ),
    "optim-resnet-adam": Benchmark(
        "one step of Adam, 62 parameters of a ResNet-18",
        optimizers.resnet_adam,
        rounds=31,
        block=5,
        marks={"ours, fused": (1.0, 0.95)},
    ),
    "optim-many-sgd": Benchmark(
        "one step of SGD with momentum, 500 parameters of 1,000 elements",
        optimizers.many_sgd,
        rounds=31,
        block=5,
        marks={"ours, fused": (0.75, 0.50)},
    ),
    "optim-many-adam": Benchmark(
        "one step of Adam, 500 parameters of 1,000 elements",
        optimizers.many_adam,
        rounds=31,
        block=5,
        marks={"ours, fused": (0.75, 0.30)},
    ),
    "lbfgs-digits": Benchmark(
        "LBFGS to convergence: logistic regression on the digits, 640 weights",
        closures.digits,
        rounds=5,
        marks=LBFGS,
    ),
    "lbfgs-valley": Benchmark(
        "LBFGS to convergence: Rosenbrock's valley in 100 dimensions",
        closures.valley,
        rounds=5,
        marks=LBFGS,
    ),
    "lbfgs-evaluations": Count(
        "the same in 100 dimensions: how often the function is evaluated",
        partial(closures.evaluations, closures.valley),
        "evaluations",
    ),
    "lbfgs-wide": Benchmark(
        "50 iterations of LBFGS, 10 pairs: Rosenbrock's valley, 100,000 dimensions",
        closures.wide_valley,
        rounds=3,
        slow=("SciPy",),
        marks=LBFGS,
    ),
    "doctor-first": Benchmark(
        "the first 14 steps of a network 64-64-32-10, batch 128, one thread: the loop "
        "doctor looks at everything",
        doctor.first_steps,
        threads=1,
        marks={"watched": (2.5, 2.0)},
    ),
    "doctor-run": Benchmark(
        "400 steps of the same network, of which the loop doctor looks at 16 closely",
        doctor.whole_run,
        rounds=7,
        threads=1,
        marks={"watched": (1.25, 1.15)},
    ),
    "live-figure": Benchmark(
        "from a changed control to the new picture, 770 x 385 pixels",
        live_figure.redraws,
    ),
}
for name in rarer.METHODS:
    steps = partial(rarer.candidates, name)
    BENCHMARKS[f"optim-{name.lower()}"] = Benchmark(f"one step of {name}", steps)


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


@dataclass(frozen=True)
class Report:
    """A benchmark that was run: its text, and its times, None for a count."""

    text: str
    result: Result | None = None


def run(name: str, benchmark: Benchmark | Count) -> Report:
    """Measure one benchmark: its title and table, and what was measured."""
    heading = f"{name}: {benchmark.title}"
    if isinstance(benchmark, Count):
        return Report(f"{heading}\n{table_of(benchmark.numbers(), benchmark.unit)}\n")
    with torch_threads(benchmark.threads):
        working, absent = sorted_out(benchmark.candidates())
        slow = tuple(each for each in benchmark.slow if each in working)
        result = interleaved(
            working, benchmark.rounds, block=benchmark.block, slow=slow
        )
    lines = [heading, result.table(benchmark.operations)]
    lines += [f"{each}: {reason}" for each, reason in absent.items()]
    lines += [f"{each}: in {SLOW_ROUNDS} rounds only, one run each" for each in slow]
    lines += [mark_in_words(*item, result) for item in benchmark.marks.items()]
    return Report("\n".join(lines) + "\n", result)


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


def mark_in_words(name, mark, result) -> str:
    """How a ratio stands to what it must be and to the goal.

    >>> mark_in_words("a", (1.2, 0.9), Result({"a": [1.0]}, "a"))
    'a: 1.00; must be <= 1.2 (reached), goal <= 0.9 (missed)'
    """
    must, goal = mark
    if name not in result.seconds:
        return f"{name}: not measured; must be <= {must}, goal <= {goal}"
    ratio = result.ratio(name)
    said = ["reached" if ratio <= each else "missed" for each in mark]
    must, goal = (f"<= {each} ({word})" for each, word in zip(mark, said, strict=True))
    return f"{name}: {ratio:.2f}; must be {must}, goal {goal}"


def table_of(counted: dict[str, int], unit: str) -> str:
    """A line for each: its name, bytes, and ratio to the first.

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
