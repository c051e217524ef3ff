"""Small training runs that depend on everything a checkpoint must hold.

With this module one can: make a run from its seed (`new_run`), train it (`train`), and
reduce all that it ended with to a few letters (`digest`).
"""

import hashlib
import io
import random

import numpy as np
import torch

from helpers import optim
from helpers.data import loader
from helpers.devices import seed_everything
from helpers.loop.train import fit

EPOCHS, BATCHES = 3, 6


class Noisy(torch.utils.data.Dataset):
    """Samples that draw from every generator whenever one is fetched."""

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        noise = random.random() + np.random.rand() + torch.rand(()).item()
        return torch.full((4,), index / self.count) + noise / 10, index % 3


def new_run(kind="ours"):
    """Model, loader, optimizer and scheduler, alike at each call; ours or torch's."""
    seed_everything(0)
    model = torch.nn.Sequential(
        torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(),
        torch.nn.Dropout(0.3), torch.nn.Linear(8, 3),
    )  # fmt: skip
    methods = optim if kind == "ours" else torch.optim
    optimizer = methods.AdamW(model.parameters(), lr=0.01)
    scheduler = methods.lr_scheduler.OneCycleLR(
        optimizer, 0.05, total_steps=EPOCHS * BATCHES
    )
    return model, loader_of(kind), optimizer, scheduler


def loader_of(kind):
    """The course's loader, or torch's with a seed of its own, or without."""
    if kind == "ours":
        inputs = torch.randn(4 * BATCHES - 1, 4)
        return loader(inputs, torch.arange(len(inputs)) % 3, batch_size=4, seed=3)
    generator = torch.Generator().manual_seed(5) if kind == "seeded" else None
    return torch.utils.data.DataLoader(
        Noisy(4 * BATCHES), batch_size=4, shuffle=True, generator=generator
    )


def train(run, checkpoint, **options):
    """Train a run to its end, saving each step; give all that it ended with."""
    model, batches, optimizer, scheduler = run
    options = dict(epochs=EPOCHS, scheduler_per="step", save_every=1) | options
    criterion = torch.nn.CrossEntropyLoss()
    history = fit(
        model, batches, criterion, optimizer, scheduler=scheduler,
        checkpoint=checkpoint, **options,
    )  # fmt: skip
    return digest(model, optimizer, scheduler, history)


def digest(model, optimizer, scheduler, history):
    """The end of a run, to the last bit, in few letters."""
    buffer = io.BytesIO()
    parts = [model.state_dict(), optimizer.state_dict(), scheduler.state_dict()]
    draws = [random.random(), float(np.random.rand()), torch.rand(3)]
    torch.save([parts, history.state_dict(), draws], buffer)
    return hashlib.sha256(buffer.getvalue()).hexdigest()[:16]
