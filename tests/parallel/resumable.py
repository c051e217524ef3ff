"""A run on many ranks that depends on all that a checkpoint must hold, and goes on.

With this module one can: make a run (`new_run`), train it from the last checkpoint to
its end (`train_on`), and reduce what it ended with to a few letters (`digest`).
"""

import hashlib

import torch
from torch import nn

from helpers import optim
from helpers.data import loader
from helpers.devices import seed_everything
from helpers.loop.checkpoint import ResumableLoader
from helpers.parallel import DataParallel, ShardedOptimizer, load, save

EPOCHS, BATCHES = 2, 4


def new_run(here):
    """Model, optimizer, scheduler and loader: dropout and data are each rank's own."""
    seed_everything(7)
    model = DataParallel(nn.Sequential(
        nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 3)
    ))  # fmt: skip
    optimizer = ShardedOptimizer(model.parameters(), optim.AdamW, lr=0.01)
    scheduler = optim.lr_scheduler.OneCycleLR(
        optimizer, 0.05, total_steps=EPOCHS * BATCHES
    )
    seed_everything(here.rank)
    inputs = torch.randn(BATCHES * 4 - 1, 4)
    targets = torch.arange(len(inputs)) % 3
    batches = ResumableLoader(loader(inputs, targets, batch_size=4, seed=here.rank))
    return dict(model=model, optimizer=optimizer, scheduler=scheduler, loader=batches)


def train_on(here, path, before_step=lambda steps, model: None):
    """Train to the end, from the checkpoint if there is one; save each third step."""
    run = new_run(here)
    complete, steps = load(path, **run) if path.exists() else (0, 0)
    for epoch in range(complete, EPOCHS):
        for inputs, targets in run["loader"].rest():
            before_step(steps, run["model"])
            run["optimizer"].zero_grad()
            nn.functional.cross_entropy(run["model"](inputs), targets).backward()
            run["optimizer"].clip_grad_norm_(0.5)
            run["optimizer"].step()
            run["scheduler"].step()
            steps += 1
            if steps % 3 == 0:
                save(path, epoch=epoch, extra=steps, **run)
        run["loader"].end_epoch()
    return digest(here, run)


def digest(here, run):
    """The end of a run, to the last bit, in few letters."""
    for rank in range(here.size):
        run["optimizer"].consolidate_state_dict(to=rank)
        if rank == here.rank:
            optimizer = run["optimizer"].state_dict()
    parts = [run["model"].state_dict(), optimizer, run["scheduler"].state_dict()]
    torch.set_printoptions(precision=17, threshold=10**6)
    return hashlib.sha256(repr([parts, torch.rand(3)]).encode()).hexdigest()[:16]
