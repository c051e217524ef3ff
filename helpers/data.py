"""Small data sets as tensors, without a network, the same on every machine.

With this module one can
- load handwritten digits, split and scaled (digits),
- draw two interleaved half moons (moons),
- draw a badly scaled linear regression whose weights are known (ravine_regression),
- walk through a data set in shuffled mini-batches, quickly (loader).
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch.utils.data import DataLoader, Sampler, TensorDataset


class DigitsSplit(NamedTuple):
    """Digits, split in two: train and test inputs (n, 64) and targets (n,).

    Made by `digits`; a tuple of four tensors with names.

    >>> digits().test_targets.dtype
    torch.int64
    """

    train_inputs: torch.Tensor
    train_targets: torch.Tensor
    test_inputs: torch.Tensor
    test_targets: torch.Tensor


class Regression(NamedTuple):
    """A linear regression: inputs (n, d), targets (n,), and the true weights (d,).

    Made by `ravine_regression`; a tuple of three tensors with names.

    >>> ravine_regression().weights
    tensor([ 2., -3.])
    """

    inputs: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor


def digits(train=0.8, seed=0, dtype=torch.float32, device=None):
    """Load 1797 images of handwritten digits, 8 x 8 pixels, split in train and test.

    Inputs have shape (n, 64), row by row, in [0, 1]; targets have shape (n,), int64 in
    0..9. `train` is the share for training, between 0 and 1, each digit in proportion
    (the default: 1437 and 360 images). Every call gives tensors of its own. Raises
    `ValueError` if a part would be too small to hold every digit. Source: the digits of
    scikit-learn (Alpaydin and Kaynak, UCI repository, 1998). Chapters 00 and 08 train
    on them.

    >>> split = digits()
    >>> split.train_inputs.shape, split.test_inputs.shape
    (torch.Size([1437, 64]), torch.Size([360, 64]))
    """
    inputs, targets = _raw_digits()
    count = int(train * len(targets)) if 0 < train < 1 else 0
    if not 10 <= count <= len(targets) - 10:
        raise ValueError(
            f"train = {train}; allowed is a share between 0 and 1 that leaves 10 "
            "images or more on each side: pass for example train=0.8"
        )
    from sklearn.model_selection import train_test_split

    parts = train_test_split(
        inputs, targets, train_size=count, random_state=seed, stratify=targets
    )
    train_inputs, test_inputs, train_targets, test_targets = parts
    return DigitsSplit(
        torch.tensor(train_inputs, dtype=dtype, device=device),
        torch.tensor(train_targets, dtype=torch.int64, device=device),
        torch.tensor(test_inputs, dtype=dtype, device=device),
        torch.tensor(test_targets, dtype=torch.int64, device=device),
    )


@cache
def _raw_digits():
    """Read the images once; pixels of 0..16 become [0, 1]."""
    from sklearn.datasets import load_digits

    images, targets = load_digits(return_X_y=True)
    return images / 16, targets


def moons(samples=100, noise=0.1, seed=0, dtype=torch.float32, device=None):
    """Draw points on two interleaved half circles, the classes 0 and 1.

    Returns inputs of shape (samples, 2), within about [-1.5, 2.5], and targets of shape
    (samples,), int64 in {0, 1}. `noise` is the standard deviation of the scatter, 0 or
    more. Raises `ValueError` for fewer than 2 samples or a negative noise. Source:
    scikit-learn's `make_moons`. Chapter 01 fits them.

    >>> inputs, targets = moons(6)
    >>> inputs.shape, sorted(targets.tolist())
    (torch.Size([6, 2]), [0, 0, 0, 1, 1, 1])
    """
    if samples < 2 or noise < 0:
        raise ValueError(
            f"samples = {samples}, noise = {noise}; allowed are 2 or more samples and "
            "a noise of 0 or more: pass for example moons(100, noise=0.1)"
        )
    from sklearn.datasets import make_moons

    inputs, targets = make_moons(samples, noise=noise, random_state=seed)
    return (
        torch.tensor(inputs, dtype=dtype, device=device),
        torch.tensor(targets, dtype=torch.int64, device=device),
    )


def ravine_regression(
    samples=200, weights=(2.0, -3.0), scales=(1.0, 10.0), noise=0.0, seed=0,
    dtype=torch.float32, device=None,
):  # fmt: skip
    """Draw a linear regression whose features differ in scale: a ravine of a loss.

    targets = inputs @ weights + noise; column j of inputs is normal with standard
    deviation scales[j], so the mean squared error is about (largest / smallest)**2
    times steeper one way than the other. With `noise` 0 the weights are its minimum
    exactly. Raises `ValueError` if `weights` and `scales` differ in length. Chapters 06
    and 07 use it.

    >>> problem = ravine_regression(samples=5)
    >>> problem.inputs.shape, problem.targets.shape
    (torch.Size([5, 2]), torch.Size([5]))
    """
    if len(weights) != len(scales):
        raise ValueError(
            f"weights = {weights}, scales = {scales}; allowed are two tuples of the "
            "same length: give one scale for each weight"
        )
    generator = np.random.RandomState(seed)  # its stream never changes between versions
    inputs = generator.standard_normal((samples, len(weights))) * np.array(scales)
    scatter = noise * generator.standard_normal(samples)
    targets = inputs @ np.array(weights) + scatter
    arrays = inputs, targets, np.array(weights)
    return Regression(*(torch.tensor(a, dtype=dtype, device=device) for a in arrays))


def loader(inputs, targets, batch_size=100, shuffle=True, seed=0):
    """Give a torch `DataLoader` of mini-batches, reshuffled in each epoch.

    `inputs` and `targets` are tensors of n rows each; a batch is a pair of tensors with
    `batch_size` rows (the last may be smaller), on the same device as they are. It
    draws a whole batch by one index, not row by row, and shuffles with a generator of
    its own: two loaders with one seed give the same batches, and torch's global
    generator is left alone. Raises `ValueError` for a batch_size below 1 or if the two
    differ in rows. Used in every chapter that trains.

    >>> five = torch.arange(5)
    >>> batches = loader(five / 10, five, batch_size=2, shuffle=False)
    >>> [targets.tolist() for _, targets in batches]
    [[0, 1], [2, 3], [4]]
    """
    if batch_size < 1 or len(inputs) != len(targets):
        raise ValueError(
            f"batch_size = {batch_size}, {len(inputs)} inputs, {len(targets)} targets; "
            "allowed is a batch_size of 1 or more and as many targets as inputs"
        )
    order = _BatchIndices(len(inputs), batch_size, shuffle, seed, inputs.device)
    return DataLoader(
        TensorDataset(inputs, targets),
        sampler=order,
        batch_size=None,  # the sampler's index already names a whole batch
        collate_fn=tuple,
        generator=torch.Generator().manual_seed(seed),
    )


class _BatchIndices(Sampler):
    """One index tensor for each batch, in a new order at each walk."""

    def __init__(self, count, batch_size, shuffle, seed, device):
        self.count, self.batch_size, self.shuffle = count, batch_size, shuffle
        self.device = device
        self.generator = torch.Generator().manual_seed(seed)

    def __len__(self):
        return -(-self.count // self.batch_size)

    def __iter__(self):
        order = torch.arange(self.count)
        if self.shuffle:
            order = torch.randperm(self.count, generator=self.generator)
        return iter(order.to(self.device).split(self.batch_size))
