"""One step of each rarer optimizer, `helpers.optim` beside `torch.optim`.

With this module one can: make candidates for a step of a method (`candidates`), over
the parameters of a perceptron, its matrices alone for Muon, a table with a sparse
gradient for SparseAdam (`METHODS` says which).
"""

import torch

import helpers.optim
from benchmarks.optimizers import step_of

MATRICES = [(256, 784), (128, 256), (10, 128)]
PERCEPTRON = [*MATRICES, (256,), (128,), (10,)]
METHODS = {
    "Adadelta": PERCEPTRON,
    "Adafactor": PERCEPTRON,
    "Adamax": PERCEPTRON,
    "ASGD": PERCEPTRON,
    "Muon": MATRICES,
    "NAdam": PERCEPTRON,
    "RAdam": PERCEPTRON,
    "Rprop": PERCEPTRON,
    "SparseAdam": [(10_000, 64)],
}
ONE_WAY = ["Muon", "SparseAdam"]  # without lists, in torch as well


def candidates(method) -> dict:
    """A step in each form that torch has and in ours, over the method's shapes."""
    ways = {"loop": False} if method in ONE_WAY else {"loop": False, "foreach": True}
    made = {}
    for name, module in (("torch", torch.optim), ("ours", helpers.optim)):
        for way, foreach in ways.items():
            options = {} if method in ONE_WAY else {"foreach": foreach}
            kind = getattr(module, method)
            made[f"{name}, {way}"] = step_of(
                kind, options, METHODS[method], is_sparse=method == "SparseAdam"
            )
    return made
