"""All benchmarks of the course, by name.

With this module one can: list them (`BENCHMARKS`), and pick those whose names begin
with some letters (`chosen`).
"""

from functools import partial

from benchmarks import (
    closures,
    compiled,
    course,
    doctor,
    engine,
    live_figure,
    memory,
    optimizers,
    scalar,
)
from benchmarks import methods as rarer
from benchmarks.kinds import Benchmark, Count, Mark

COMPILED = "ours, compiled step"
LBFGS = (Mark("ours", 0.9, 0.5),)
EVALUATIONS = (Mark("ours", 1.05, 1.0),)
ON_GPU = (Mark(COMPILED, 0.3, 0.1),)
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
        marks=(Mark("ours", 1.15, 1.0),),
    ),
    "engine-chain-mixed": Benchmark(
        "1,000 operations of 4 elements (mul, add, tanh, mul), forward and backward",
        engine.mixed_chain,
        block=5,
        operations=1_000,
        marks=(Mark("ours", 1.15, 1.0),),
    ),
    "engine-mlp": Benchmark(
        "one step, 784-256-128-10, batch 128, cross entropy, SGD with momentum",
        engine.mlp_step,
        block=5,
        marks=(Mark("ours", 0.95, 0.85),),
    ),
    "engine-moons": Benchmark(
        "one step on two moons, 2-16-16-1, batch 100, mean squared error, one thread",
        engine.moons_step,
        block=20,
        slow=("micrograd",),
        threads=1,
        marks=(Mark("ours", 0.9, 0.7),),
    ),
    "engine-digits": Benchmark(
        "one step on 64 digits, two convolutions, everything rebuilt, one thread",
        engine.digits_step,
        block=10,
        threads=1,
        marks=(Mark("ours", 0.9, 0.7),),
    ),
    "fast-moons": Benchmark(
        "a whole step as one graph: two moons, 2-16-16-1, batch 100, one thread",
        compiled.moons_step,
        block=20,
        threads=1,
        marks=(Mark(COMPILED, 0.25, 0.12), Mark(COMPILED, 0.8, 0.4, "JAX, jit")),
    ),
    "fast-mlp": Benchmark(
        "a whole step as one graph: 784-256-128-10, batch 128, SGD with momentum",
        compiled.mlp_step,
        block=5,
    ),
    "gpu-moons": Benchmark(
        "a whole step as a CUDA graph: two moons, 2-16-16-1, batch 100",
        compiled.moons_step_on_gpu,
        block=20,
        marks=ON_GPU,
    ),
    "gpu-mlp": Benchmark(
        "a whole step as a CUDA graph: 784-256-128-10, batch 128, SGD with momentum",
        compiled.mlp_step_on_gpu,
        block=20,
        marks=ON_GPU,
    ),
    "engine-memory": Count(
        "bytes saved for backward in 784-256-128-10, batch 128; each memory once, "
        "without parameters, inputs and targets",
        memory.saved_bytes,
        marks=(Mark("ours", 1.0, 1.0),),
    ),
    "optim-resnet-sgd": Benchmark(
        "one step of SGD with momentum, 62 parameters of a ResNet-18",
        optimizers.resnet_sgd,
        rounds=31,
        block=5,
        marks=(Mark("ours, fused", 1.0, 0.95),),
        takes_long=True,
    ),
    "optim-resnet-adam": Benchmark(
        "one step of Adam, 62 parameters of a ResNet-18",
        optimizers.resnet_adam,
        rounds=31,
        block=5,
        marks=(Mark("ours, fused", 1.0, 0.95),),
        takes_long=True,
    ),
    "optim-many-sgd": Benchmark(
        "one step of SGD with momentum, 500 parameters of 1,000 elements",
        optimizers.many_sgd,
        rounds=31,
        block=5,
        marks=(Mark("ours, fused", 0.75, 0.50),),
    ),
    "optim-many-adam": Benchmark(
        "one step of Adam, 500 parameters of 1,000 elements",
        optimizers.many_adam,
        rounds=31,
        block=5,
        marks=(Mark("ours, fused", 0.75, 0.30),),
    ),
    "lbfgs-digits": Benchmark(
        "LBFGS to convergence: logistic regression on the digits, 640 weights",
        closures.digits,
        rounds=5,
        marks=LBFGS,
        takes_long=True,
    ),
    "lbfgs-valley": Benchmark(
        "LBFGS to convergence: Rosenbrock's valley in 100 dimensions",
        closures.valley,
        rounds=5,
        marks=LBFGS,
    ),
    "lbfgs-wide": Benchmark(
        "50 iterations of LBFGS, 10 pairs: Rosenbrock's valley, 100,000 dimensions",
        closures.wide_valley,
        rounds=3,
        slow=("SciPy",),
        marks=LBFGS,
        takes_long=True,
    ),
    "lbfgs-digits-evaluations": Count(
        "the same on the digits: how often the function is evaluated",
        partial(closures.evaluations, closures.digits),
        "evaluations",
        EVALUATIONS,
        takes_long=True,
    ),
    "lbfgs-valley-evaluations": Count(
        "the same in 100 dimensions: how often the function is evaluated",
        partial(closures.evaluations, closures.valley),
        "evaluations",
        EVALUATIONS,
        takes_long=True,
    ),
    "lbfgs-wide-evaluations": Count(
        "the same in 100,000 dimensions: how often the function is evaluated",
        partial(closures.evaluations, closures.wide_valley),
        "evaluations",
        EVALUATIONS,
        takes_long=True,
    ),
    "doctor-first": Benchmark(
        "the first 14 steps of a network 64-64-32-10, batch 128, one thread: the loop "
        "doctor looks at everything",
        doctor.first_steps,
        threads=1,
        marks=(Mark("watched", 2.0, 1.5),),
    ),
    "doctor-run": Benchmark(
        "400 steps of the same network, of which the loop doctor looks at 12 closely",
        doctor.whole_run,
        rounds=7,
        threads=1,
        marks=(Mark("watched", 1.15, 1.05),),
    ),
    "live-figure": Benchmark(
        "from a changed control to the new picture, 770 x 385 pixels",
        live_figure.redraws,
    ),
    "course": Count(
        "all chapters executed, every output compared (nbval)",
        course.seconds,
        "s",
        (Mark("all chapters", 360, 180, unit=" s"),),
        on_request=True,
    ),
}
for name in rarer.METHODS:
    steps = partial(rarer.candidates, name)
    BENCHMARKS[f"optim-{name.lower()}"] = Benchmark(f"one step of {name}", steps)


def chosen(*beginnings: str) -> dict[str, Benchmark | Count]:
    """The benchmarks whose names begin so; none given, all that take no minutes.

    ValueError for a beginning that no name has.

    >>> list(chosen("scalar"))
    ['scalar-chain', 'scalar-moons']
    """
    if not beginnings:
        return {k: v for k, v in BENCHMARKS.items() if not v.on_request}
    for beginning in beginnings:
        if not any(name.startswith(beginning) for name in BENCHMARKS):
            raise ValueError(
                f"no benchmark begins with {beginning!r}; there are: "
                f"{', '.join(BENCHMARKS)}. Use the beginning of one of these names"
            )
    return {k: v for k, v in BENCHMARKS.items() if k.startswith(beginnings)}
