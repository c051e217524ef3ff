"""Lists in the place of an index: when one counts as a tuple; masks that don't fit."""

import numpy as np
import pytest
import torch

from tests.engines import caught_warnings, compare, error_of

START = torch.arange(12.0, dtype=torch.float64).reshape(3, 4)
INDICES = """
[[1, 2], [0, 0]]
[slice(None), [2, 3]]
[1, 2]
[None, 1]
[..., 1]
[T(1), 2]
[T(1), T(2)]
[T([0, 1]), T([0, 1])]
[T([True, False, True])]
[[0, 1]]
[True, False, True]
[[True, False, True], [True, False, False, True]]
[(0, 1), (1, 2)]
[1, (0, 1)]
[range(2)]
range(2)
[np.array([0, 1]), 1]
np.array([[1, 2], [0, 0]])
[np.int64(1), np.int64(2)]
[np.int64(1), slice(1, 3)]
[[[0, 1], [1, 2]]]
[[0, 1]] * 31
[[0, 1]] * 32
([[0, 1], [1, 1]],)
[]
[[]]
[slice(0, 2), None, ...]
[[0, 1], True]
{0: 1}
{0, 1}
iter([1])
'ab'
[True]
[False]
T([True, False])
T([[True, False, True]] * 3)
T([[[True]]])
(slice(None), T([True, False, True]))
(T([True, False, True]), 1)
(None, T([True, False, True]), None)
(..., T([[True, False, True, True]] * 3))
(T([True, False, True, True]), T([True, False, True]))
(1, 2, T([True]))
""".strip().splitlines()


def at(engine, index):
    """The index that a text stands for; T makes tensors of the engine's own."""
    return eval(index, {"T": engine.tensor, "np": np})


@pytest.mark.filterwarnings("ignore:Using a non-tuple sequence")
@pytest.mark.parametrize("index", INDICES)
def test_reading_and_writing_mean_what_they_mean_in_torch(index):
    def reading(engine):
        x, made = engine.leaf_of(START), []

        def read():
            made.append(x[at(engine, index)])
            (made[0] * made[0]).sum().backward()

        return error_of(read), made, x.grad

    def writing(engine):
        x = engine.leaf_of(START)
        y = x * 1

        def write():
            y[at(engine, index)] = x.sum()
            (y * y).sum().backward()

        return error_of(write), y.detach(), x.grad

    compare(reading)
    compare(writing)


@pytest.mark.parametrize("index", ["[[1, 2], [0, 0]]", "[1, 2]", "([1, 2], [0, 0])"])
def test_a_list_that_counts_as_a_tuple_is_warned_of(index):
    def scenario(engine):
        x = engine.leaf_of(START)
        caught = caught_warnings(lambda: x[at(engine, index)])
        return [(each.category, each.filename) for each in caught]

    compare(scenario)
