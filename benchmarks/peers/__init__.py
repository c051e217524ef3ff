"""Other libraries that compute gradients, for comparison.

Each module here knows one of them and has, as far as the library can, `chain(problem)`
and `step(problem)`: functions that take a problem of `benchmarks.problems` and return a
candidate. What it leaves out, and why, says its `left_out`.

A library is imported only when it is asked for, and none is needed: what can't run
becomes a line of the table that says why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

INSTALL = "pip install -r benchmarks/requirements.txt"


@dataclass(frozen=True)
class Peer:
    """A library: the package to import, and the module here that knows it."""

    package: str
    module: str


PEERS = {
    "JAX, jit": Peer("jax", "with_jax"),
    "HIPS autograd": Peer("autograd", "with_autograd"),
    "DeZero": Peer("dezero", "with_dezero"),
    "tinygrad, jit": Peer("tinygrad", "with_tinygrad"),
    "micrograd": Peer("micrograd", "with_micrograd"),
}


def candidates(task: str, problem) -> dict[str, Callable[[], float] | str]:
    """For each peer its candidate for "chain" or "step", or why there is none."""
    return {name: candidate(peer, task, problem) for name, peer in PEERS.items()}


def candidate(peer: Peer, task: str, problem) -> Callable[[], float] | str:
    """A function that runs one step in a peer, or a sentence why there is none."""
    found = find_spec(peer.package)
    if found is None or found.origin is None:  # nothing, or a mere folder of that name
        return f"not installed ({INSTALL})"
    try:
        module = import_module(f"benchmarks.peers.{peer.module}")
        reason = module.left_out(task, problem)
        return f"left out: {reason}" if reason else getattr(module, task)(problem)
    except Exception as error:  # a stranger's code, on whatever is installed here
        return failure(error)


def failure(error: Exception) -> str:
    """One line for what a candidate raised.

    >>> failure(ValueError("no such thing"))
    'raised ValueError: no such thing'
    """
    first = (str(error).strip() or "without a message").splitlines()[0]
    return f"raised {type(error).__name__}: {first[:120]}"
