"""What it costs a training loop to be watched by the loop doctor.

With this module one can: make the candidates for the first steps, in which the doctor
looks at values (`first_steps`), and for a longer run (`whole_run`). Both train the same
network on as many samples as the digits are, with torch alone and under watch.
"""

from functools import partial

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers.loop import doctor

BATCH = 128


def first_steps():
    """Fourteen steps, all of them looked at in detail."""
    return {"alone": partial(train, 14), "watched": partial(watched, 14)}


def whole_run():
    """Four hundred steps, of which the doctor looks at the first twelve in detail."""
    return {"alone": partial(train, 400), "watched": partial(watched, 400)}


def train(steps):
    """Train a network 64-64-32-10 for so many steps; return its last loss."""
    torch.manual_seed(0)
    samples = TensorDataset(torch.randn(1_792, 64), torch.randint(10, (1_792,)))
    loader = DataLoader(samples, batch_size=BATCH, shuffle=True)
    model = nn.Sequential(
        nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    left = steps
    while True:
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(inputs), targets)
            loss.backward()
            optimizer.step()
            left -= 1
            if not left:
                return loss.item()


def watched(steps):
    """The same under watch."""
    doctor.watch()
    try:
        return train(steps)
    finally:
        doctor.stop()
