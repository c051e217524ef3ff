"""What a Tensor prints: the same as torch's."""

import pytest
import torch

from tests.engines import ENGINES

DATA = {
    "a number": torch.tensor(3.0),
    "a few": torch.tensor([1.0, 2.5, float("nan")]),
    "a matrix": torch.arange(6.0).reshape(2, 3),
    "none": torch.zeros(0),
    "none in rows": torch.zeros(0, 3),
    "one full line": torch.arange(12.0) * 1000.5,
    "a line too long by the note": torch.arange(9.0) / 7,
    "many": torch.arange(2000.0),
    "many rows": torch.arange(1600.0).reshape(40, 40),
}
DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64]
MADE = {
    "a leaf": lambda x: x,
    "a result": lambda x: x * 2,
    "a view": lambda x: x.reshape(-1),
    "detached": lambda x: x.detach(),
    "a choice": lambda x: (
        torch.where(x == 0, x, x * 2).unsqueeze(0).expand(2, *x.shape)
    ),
    "several": lambda x: x.reshape(-1, 1).unbind(1),
}


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("data", DATA)
def test_tensors_print_alike(data, made):
    for dtype in DTYPES:
        ours, torchs = (
            MADE[made](engine.tensor(DATA[data].to(dtype).clone(), requires_grad=True))
            for engine in ENGINES
        )
        assert repr(ours) == repr(torchs)
        assert str(ours) == str(torchs)


@pytest.mark.parametrize("data", [[1, 2], [True], [[1 + 2j]], 7, [], [[], []]])
def test_tensors_without_gradient_print_alike(data):
    ours, torchs = (engine.tensor(data) for engine in ENGINES)
    assert repr(ours) == repr(torchs)


def test_what_a_user_sets_for_printing_holds():
    torch.set_printoptions(linewidth=40, precision=2)
    ours, torchs = (
        engine.tensor([1.0, 2.0, 3.0], requires_grad=True) * 2 for engine in ENGINES
    )
    assert repr(ours) == repr(torchs)
    assert "\n" in repr(ours)
