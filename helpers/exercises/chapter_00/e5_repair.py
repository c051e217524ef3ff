"""Exercise 0.5: a loop with two lines out of place."""

import torch
from torch import nn

from helpers.exercises.exercise import Exercise, faulty


def training_loop(model, criterion, optimizer, scheduler, loader, epochs):
    """Train for some epochs, each of the five lines in its place."""
    for _ in range(epochs):
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
        scheduler.step()


def _loop(clear="batch", schedule="epoch", step="batch"):
    """The loop with `zero_grad`, `scheduler.step` or `step` on another line."""

    def training_loop(model, criterion, optimizer, scheduler, loader, epochs):
        def at(place):
            """Run what stands at this place."""
            for line, where in (
                (optimizer.zero_grad, clear),
                (scheduler.step, schedule),
            ):
                if where == place:
                    line()

        at("once")
        for _ in range(epochs):
            at("start of epoch")
            for inputs, targets in loader:
                at("batch")
                criterion(model(inputs), targets).backward()
                at("after backward")
                if step == "batch":
                    optimizer.step()
                at("after step")
            if step == "epoch":
                optimizer.step()
            at("epoch")
        at("end")

    return training_loop


STILL_BY_EPOCH = (
    "The learning rate is right now. The gradients are still cleared once per epoch: "
    "each step moves along the sum of all batches so far."
)
FAULTS = (
    (
        {"schedule": "after step"},
        "The gradients are right now. The scheduler is still called once per batch, so "
        "the rate is gone before the first epoch ends.",
    ),
    ({"clear": "start of epoch"}, STILL_BY_EPOCH),
    ({"clear": "epoch"}, STILL_BY_EPOCH),
    (
        {"clear": "after backward"},
        "Your parameters do not move at all: when step runs, every .grad is None. "
        "Either zero_grad stands between backward and step, or step stands before "
        "backward.",
    ),
    (
        {"schedule": "end"},
        "The scheduler stands outside both loops now, or nowhere: it runs once in all, "
        "or never, and the rate stays what it was.",
    ),
    (
        {"clear": "once"},
        "The gradients are cleared once, before the first epoch, and add up ever "
        "after.",
    ),
    (
        {"schedule": "start of epoch"},
        "The scheduler runs at the start of an epoch: the first rate is never used in "
        "full. It belongs at the end.",
    ),
    (
        {"step": "epoch"},
        "The step has left the batch loop: all gradients of an epoch but the last are "
        "cleared unused.",
    ),
)


def _small_training():
    """A linear regression, ready to train: three epochs of four batches."""
    torch.manual_seed(0)
    model = nn.Linear(3, 1, dtype=torch.float64)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.5)
    inputs = torch.randn(8, 3, dtype=torch.float64)
    targets = inputs.sum(1, keepdim=True)
    loader = list(zip(inputs.split(2), targets.split(2), strict=True))
    return [(model, nn.MSELoss(), optimizer, scheduler, loader, 3)]


def _after_training(answer, model, criterion, optimizer, scheduler, loader, epochs):
    """What a training leaves behind: the parameters and the learning rate."""
    answer(model, criterion, optimizer, scheduler, loader, epochs)
    values = [p.detach().clone() for p in model.parameters()]
    return {"lr": optimizer.param_groups[0]["lr"], "parameters": values}


EXERCISE = Exercise(
    number="0.5",
    title="Two mistakes",
    solution=training_loop,
    cases=_small_training,
    probe=_after_training,
    may_change_inputs=True,
    starting_point=_loop(clear="start of epoch", schedule="after step"),
    mistakes=faulty(_loop, FAULTS),
    build=_loop,
    faults=FAULTS,
    compared_with="the loop of section 1 on a small regression",
)
