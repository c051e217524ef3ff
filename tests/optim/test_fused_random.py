"""Random layouts, dtypes and changes between steps: fused steps and the loop agree."""

import random

import pytest
import torch

from helpers import optim
from tests.optim.kernel_cases import COMMON, OPTIONS, count_kernels
from tests.optim.optimizers import KERNELS

ROUGH = 2e-4  # single precision, divided by small roots


@pytest.fixture
def kernels(monkeypatch):
    """How many parameters have gone to a kernel, by method."""
    return count_kernels(monkeypatch)


def laid_out(array, chance):
    """An array of the same numbers, in some layout: dense, with gaps, transposed."""
    kinds = ["dense", "gaps", "reversed", "last", "offset"]
    kind = chance.choice(kinds[: 5 if array.dim() == 4 else 3])
    if kind == "gaps":
        wide = torch.zeros(*array.shape, 2, dtype=array.dtype)[..., 0]
        return wide.copy_(array)
    if kind == "reversed":
        axes = tuple(range(array.dim()))[::-1]
        return array.permute(axes).contiguous().permute(axes)
    if kind == "last":
        return array.contiguous(memory_format=torch.channels_last)
    return array.clone()


def drawn(chance, shape, dtype):
    """Random numbers in a random layout."""
    return laid_out(torch.randn(shape, dtype=dtype), chance)


def random_case(method, seed, replace):
    """Random parameters, steps of both ways side by side, and what is replaced."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    shapes = [(), (3,), (2, 3), (1, 4), (3, 1), (2, 3, 2, 2), (4, 1, 1, 1), (0,)]
    dtypes = [torch.float64, torch.float32]
    picked = [(chance.choice(shapes), chance.choice(dtypes)) for _ in range(4)]
    starts = [drawn(chance, *each) for each in picked]
    twins = []
    for _ in range(2):
        memories = [each.clone() for each in starts]
        for memory, start in zip(memories, starts, strict=True):
            memory.data = start.as_strided(start.shape, start.stride()).clone()
        twins.append([torch.nn.Parameter(each) for each in memories])
    options = chance.choice(OPTIONS[method]) | chance.choice(COMMON)
    ways = {"fused": True}, {"foreach": False}
    pair = [
        getattr(optim, method)(each, lr=0.1, **options, **way)
        for each, way in zip(twins, ways, strict=True)
    ]
    for step in range(6):
        for places in zip(*twins, strict=True):
            absent = chance.random() < 0.15
            grad = drawn(chance, places[0].shape, places[0].dtype)
            for each in places:
                each.grad = None if absent else grad
        if replace and step == 3:
            place = chance.randrange(4)
            replace(chance, [each[place] for each in twins], pair)
        for optimizer in pair:
            optimizer.step()
        assert_agree(twins, pair, ROUGH)


def assert_agree(twins, pair, rough):
    """Assert that both have the same parameters and the same state."""
    for one, other in zip(*twins, strict=True):
        close = {"rtol": rough, "atol": rough, "equal_nan": True}
        torch.testing.assert_close(one, other, **close)
        states = [
            dict(o.state.get(p, {})) for o, p in zip(pair, (one, other), strict=True)
        ]
        torch.testing.assert_close(
            *states, check_stride=False, check_dtype=False, **close
        )


def other_layout(chance, places, pair):
    """`p.data = ...`: the same numbers, transposed in memory."""
    for each in places:
        axes = tuple(range(each.dim()))[::-1]
        grad, each.grad = each.grad, None
        each.data = each.data.permute(axes).contiguous().permute(axes)
        each.grad = grad


def other_dtype(chance, places, pair):
    """`p.data = ...` of the other dtype, and gradients and state of it."""
    for each, optimizer in zip(places, pair, strict=True):
        wide = each.dtype == torch.float64
        grad, each.grad = each.grad, None
        each.data = each.data.float() if wide else each.data.double()
        each.grad = None if grad is None else grad.to(each.dtype)
        state = optimizer.state.get(each, {})
        state.update({k: v.to(each.dtype) for k, v in state.items() if k != "step"})


def other_state(chance, places, pair):
    """State of the same numbers, in other memory and another order."""
    for each, optimizer in zip(places, pair, strict=True):
        state = optimizer.state.get(each, {})
        for name, value in state.items():
            axes = tuple(range(value.dim()))[::-1]
            state[name] = value.permute(axes).contiguous().permute(axes).clone()


def loaded_state(chance, places, pair):
    """What was saved is loaded again."""
    for optimizer in pair:
        optimizer.load_state_dict(optimizer.state_dict())


def other_options(chance, places, pair):
    """Another rate, and uphill instead of downhill."""
    for optimizer in pair:
        group = optimizer.param_groups[0]
        group.update(lr=0.01, maximize=not group["maximize"])


REPLACED = [
    None, other_layout, other_dtype, other_state, loaded_state, other_options
]  # fmt: skip


@pytest.mark.parametrize("replace", REPLACED, ids=lambda f: f and f.__name__)
@pytest.mark.parametrize("method", KERNELS)
def test_random_layouts_go_where_the_loop_goes(method, replace, kernels):
    for seed in range(20):
        random_case(method, seed, replace)
    assert sum(kernels.values()) > 100
