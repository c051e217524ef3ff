"""Sparse gradients, as an embedding makes them: only the rows that it used move."""

import pytest
import torch

from tests.engines import compare, raw
from tests.optim.optimizers import (
    OUR_WORLDS,
    TORCHS,
    WORLDS,
    assert_same,
    raised_by,
    snapshot,
)

pytestmark = pytest.mark.filterwarnings("ignore:Sparse invariant checks")  # torch's
BATCHES = [[1, 3, 1], [0, 3], [2], [1, 1, 1]]
SETTINGS = [
    ("SGD", {}),
    ("SGD", {"maximize": True}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "nesterov": True}),
    ("Adagrad", {}),
    ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.5}),
    ("Adagrad", {"maximize": True}),
]


def train_embedding(world, method, **options):
    """An embedding, by an optimizer of a world over torch's parameters."""
    torch.manual_seed(0)
    embedding = torch.nn.Embedding(5, 3, sparse=True)
    optimizer = world.make(method, embedding.parameters(), lr=0.1, **options)
    for rows in BATCHES:
        optimizer.zero_grad()
        (embedding(torch.tensor(rows)) ** 2).sum().backward()
        assert embedding.weight.grad.is_sparse
        optimizer.step()
    return optimizer


def dense(taken):
    """A snapshot whose sparse state is spelled out."""
    return [
        (array, {name: value.to_dense() for name, value in (state or {}).items()})
        for array, state in taken
    ]


@pytest.mark.parametrize("method, options", SETTINGS, ids=str)
@pytest.mark.parametrize("way", [{}, {"foreach": False}, {"foreach": True}], ids=str)
def test_an_embedding_learns_as_torchs_does(method, options, way):
    ours = train_embedding(OUR_WORLDS[0], method, **options, **way)
    torchs = train_embedding(TORCHS, method, **options, **way)
    assert_same(dense(snapshot(ours)), dense(snapshot(torchs)))


@pytest.mark.parametrize("method", ["SGD", "Adagrad"])
def test_the_other_rows_stay(method):
    def scenario(world):
        (parameter,) = world.parameters(torch.ones(4, 2))
        rows = torch.sparse_coo_tensor([[1, 1]], torch.ones(2, 2), (4, 2))
        parameter.grad = world.tensor(rows)
        world.make(method, [parameter], lr=0.5).step()
        return [row == [1.0, 1.0] for row in raw(parameter).tolist()], parameter

    assert compare(scenario, WORLDS)[0] == [True, False, True, True]


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
def test_adagrad_takes_no_weight_decay_with_them(world):
    def step(world):
        (parameter,) = world.parameters(torch.ones(2, 2))
        parameter.grad = world.tensor(torch.eye(2).to_sparse())
        world.make("Adagrad", [parameter], weight_decay=0.1).step()

    error, there = raised_by(step, world), raised_by(step, TORCHS)
    assert type(error) is type(there) is RuntimeError
    assert str(there) == "weight_decay option is not compatible with sparse gradients"
    assert str(error).startswith(str(there))
    for part in ("would move every row", "Set weight_decay=0", "sparse=False"):
        assert part in str(error)
