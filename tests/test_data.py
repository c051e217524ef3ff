"""Data: shapes, ranges, seeds, and a loader that is quick and reproducible."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers import data


def test_digits_have_the_promised_shapes_and_ranges():
    split = data.digits()
    assert split.train_inputs.shape == (1437, 64)
    assert split.test_inputs.shape == (360, 64)
    for inputs in (split.train_inputs, split.test_inputs):
        assert inputs.dtype == torch.float32
        assert (inputs.min().item(), inputs.max().item()) == (0, 1)
    for targets in (split.train_targets, split.test_targets):
        assert targets.dtype == torch.int64
        assert targets.unique().tolist() == list(range(10))


def test_every_digit_is_split_in_proportion():
    counts = [t.bincount() for t in (data.digits()[1], data.digits()[3])]
    share = counts[0] / (counts[0] + counts[1])
    assert (share - 0.8).abs().max() < 0.01


def test_no_image_is_lost_or_in_both_parts():
    one, other = data.digits(), data.digits(train=0.5, seed=3)

    def rows(split):
        return sorted(map(tuple, torch.cat([split[0], split[2]]).tolist()))

    assert rows(one) == rows(other)
    assert len(set(rows(one))) == 1797  # the images are all different


def test_pixels_stand_in_rows():
    """A zero is round: its middle is darker than its rim of ink, left and right."""
    split = data.digits()
    zero = split.train_inputs[split.train_targets == 0].mean(0).view(8, 8)
    assert zero[3, 3:5].mean() < zero[3, 2] and zero[3, 0] < 0.1


def test_a_seed_gives_the_same_split_and_another_one_another():
    assert torch.equal(data.digits().train_inputs, data.digits().train_inputs)
    assert not torch.equal(data.digits().train_targets, data.digits(seed=1)[1])


def test_every_call_gives_tensors_of_its_own():
    data.digits().train_inputs.zero_()
    data.digits().train_targets.fill_(7)
    assert data.digits().train_inputs.max() == 1
    assert data.digits().train_targets.min() == 0


@pytest.mark.parametrize("train", [0, 1, 1.5, -0.1, 0.001, 0.9999])
def test_a_share_that_leaves_no_images_is_refused(train):
    with pytest.raises(ValueError, match=f"train = {train}; allowed is a share"):
        data.digits(train=train)


def test_device_and_dtype_are_as_asked(device):
    for tensors in (data.digits, data.moons, data.ravine_regression):
        for tensor in tensors(dtype=torch.float16, device=device):
            assert tensor.device.type == device.type
            assert tensor.dtype in (torch.float16, torch.int64)


@given(st.integers(2, 60), st.integers(0, 100))
def test_moons_are_two_classes_of_equal_size(samples, seed):
    inputs, targets = data.moons(samples, seed=seed)
    assert inputs.shape == (samples, 2) and targets.shape == (samples,)
    assert targets.dtype == torch.int64
    assert targets.sum().item() == samples - samples // 2
    again = data.moons(samples, seed=seed)
    assert torch.equal(inputs, again[0]) and torch.equal(targets, again[1])


def test_moons_without_noise_lie_on_half_circles():
    inputs, targets = data.moons(200, noise=0.0, dtype=torch.float64)
    centres = torch.tensor([[0.0, 0.0], [1.0, 0.5]], dtype=torch.float64)[targets]
    radius = (inputs - centres).norm(dim=1)
    assert torch.allclose(radius, torch.ones_like(radius))


@pytest.mark.parametrize("options", [{"samples": 1}, {"noise": -0.1}])
def test_impossible_moons_are_refused(options):
    with pytest.raises(ValueError, match="allowed are 2 or more samples"):
        data.moons(**options)


def test_least_squares_finds_the_weights_of_the_ravine():
    inputs, targets, weights = data.ravine_regression(dtype=torch.float64)
    found = torch.linalg.lstsq(inputs, targets[:, None]).solution[:, 0]
    assert torch.allclose(found, weights)


def test_the_ravine_is_as_steep_as_its_scales_say():
    inputs = data.ravine_regression(samples=5000, scales=(1.0, 30.0)).inputs
    curvatures = torch.linalg.eigvalsh(inputs.T @ inputs)
    assert (curvatures[1] / curvatures[0]).item() == pytest.approx(900, rel=0.1)


def test_noise_scatters_the_targets():
    inputs, targets, weights = data.ravine_regression(samples=5000, noise=0.5)
    assert (targets - inputs @ weights).std().item() == pytest.approx(0.5, rel=0.05)


def test_scales_and_weights_must_match():
    with pytest.raises(ValueError, match="two tuples of the same length"):
        data.ravine_regression(weights=(1.0,))


def rows(batches):
    return [row for _, targets in batches for row in targets.tolist()]


@given(st.integers(1, 30), st.integers(1, 35), st.booleans(), st.integers(0, 9))
def test_an_epoch_shows_each_row_once(count, batch_size, shuffle, seed):
    targets = torch.arange(count)
    batches = data.loader(targets * 2.0, targets, batch_size, shuffle, seed)
    assert len(batches) == -(-count // batch_size) == len(list(batches))
    for inputs, chosen in batches:
        assert torch.equal(inputs, chosen * 2.0)
        assert 1 <= len(chosen) <= batch_size
    epoch = rows(batches)
    assert sorted(epoch) == list(range(count))
    assert shuffle or epoch == list(range(count))


def test_two_loaders_with_one_seed_agree_and_epochs_differ():
    numbers = torch.arange(50)
    first, second = (data.loader(numbers, numbers, 7, seed=5) for _ in range(2))
    epochs = [rows(first) for _ in range(3)]
    assert epochs == [rows(second) for _ in range(3)]
    assert epochs[0] != epochs[1] != epochs[2]
    assert rows(data.loader(numbers, numbers, 7, seed=6)) != epochs[0]


def test_the_global_generator_is_left_alone():
    numbers = torch.arange(50)
    before = torch.get_rng_state()
    rows(data.loader(numbers, numbers))
    assert torch.equal(torch.get_rng_state(), before)


def test_batches_stay_on_the_device(device):
    numbers = torch.arange(20, device=device)
    for inputs, targets in data.loader(numbers, numbers, 8):
        assert inputs.device.type == targets.device.type == device.type


@pytest.mark.parametrize("rows, size", [(4, 2), (3, 0)])
def test_an_impossible_loader_is_refused(rows, size):
    with pytest.raises(ValueError, match="allowed is a batch_size of 1 or more"):
        data.loader(torch.zeros(3), torch.zeros(rows), size)


def test_a_batch_is_drawn_by_one_index(monkeypatch):
    """Row by row, as PyTorch's usual loader does it, a batch takes 20 times as long."""
    asked = []
    by_index = torch.utils.data.TensorDataset.__getitem__

    def counted(dataset, index):
        asked.append(index)
        return by_index(dataset, index)

    monkeypatch.setattr(torch.utils.data.TensorDataset, "__getitem__", counted)
    inputs, targets = data.digits()[:2]
    batches = list(data.loader(inputs, targets, batch_size=100))
    assert len(asked) == len(batches) == 15
