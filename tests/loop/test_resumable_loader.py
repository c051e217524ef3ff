"""A loader that goes on in the middle of an epoch, with all that it draws by chance."""

import pytest
import torch

from helpers.loop import checkpoint
from helpers.loop.checkpoint import ResumableLoader
from tests.loop.training_runs import Noisy, loader_of


@pytest.mark.parametrize("kind", ["ours", "seeded", "global"])
@pytest.mark.parametrize("position", [0, 1, 5, 6])
def test_a_loader_goes_on_in_the_middle(kind, position, tmp_path):
    def listed(batches):
        return [[each.tolist() for each in batch] for batch in batches]

    torch.manual_seed(0)
    batches = ResumableLoader(loader_of(kind))
    list(batches)  # the second epoch is another than the first
    walk = iter(batches)
    for _ in range(position):
        next(walk)
    checkpoint.save(tmp_path / "run", loader=batches)
    expected = [listed(walk), listed(batches)]
    torch.manual_seed(0)
    other = ResumableLoader(loader_of(kind))
    checkpoint.load(tmp_path / "run", loader=other)
    assert other.position == position
    assert [listed(other), listed(other)] == expected


def test_a_loader_with_workers_goes_on_in_the_middle(tmp_path):
    def new():
        return ResumableLoader(
            torch.utils.data.DataLoader(Noisy(16), 4, shuffle=True, num_workers=2)
        )

    batches = new()
    walk = iter(batches)
    next(walk)
    checkpoint.save(tmp_path / "run", loader=batches)
    expected = [inputs.tolist() for inputs, _ in walk]
    other = new()
    checkpoint.load(tmp_path / "run", loader=other)
    assert [inputs.tolist() for inputs, _ in other] == expected


def test_another_loader_is_refused():
    batches = ResumableLoader(loader_of("seeded"))
    next(iter(batches))
    state = batches.state_dict()
    with pytest.raises(
        ValueError, match="holds 1 generators and this loader has 0; al"
    ):
        ResumableLoader([1]).load_state_dict(state)
    short = ResumableLoader([1])
    short.load_state_dict(dict(state, generators=[], position=2, start=short._states()))
    with pytest.raises(ValueError, match="gave 1 batches, and 2 were given before"):
        list(short)
