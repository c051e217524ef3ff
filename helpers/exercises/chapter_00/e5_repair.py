"""Exercise 0.5: a loop with two lines out of place."""

import torch
from torch import nn

from helpers.exercises.exercise import Exercise, Mistake


def training_loop(model, criterion, optimizer, scheduler, loader, epochs):
    """Train for some epochs, each of the five lines in its place."""
    for _ in range(epochs):
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
        scheduler.step()


def _loop_as_given(model, criterion, optimizer, scheduler, loader, epochs):
    for _ in range(epochs):
        optimizer.zero_grad()
        for inputs, targets in loader:
            criterion(model(inputs), targets).backward()
            optimizer.step()
            scheduler.step()


def _loop_with_scheduler_by_batch(
    model, criterion, optimizer, scheduler, loader, epochs
):
    for _ in range(epochs):
        for inputs, targets in loader:
            optimizer.zero_grad()
            criterion(model(inputs), targets).backward()
            optimizer.step()
            scheduler.step()


def _loop_that_clears_by_epoch(model, criterion, optimizer, scheduler, loader, epochs):
    for _ in range(epochs):
        optimizer.zero_grad()
        for inputs, targets in loader:
            criterion(model(inputs), targets).backward()
            optimizer.step()
        scheduler.step()


def _loop_that_clears_too_early(model, criterion, optimizer, scheduler, loader, epochs):
    for _ in range(epochs):
        for inputs, targets in loader:
            criterion(model(inputs), targets).backward()
            optimizer.zero_grad()
            optimizer.step()
        scheduler.step()


def _loop_with_scheduler_at_the_end(
    model, criterion, optimizer, scheduler, loader, epochs
):
    for _ in range(epochs):
        for inputs, targets in loader:
            optimizer.zero_grad()
            criterion(model(inputs), targets).backward()
            optimizer.step()
    scheduler.step()


def _loop_that_clears_once(model, criterion, optimizer, scheduler, loader, epochs):
    optimizer.zero_grad()
    for _ in range(epochs):
        for inputs, targets in loader:
            criterion(model(inputs), targets).backward()
            optimizer.step()
        scheduler.step()


def _loop_with_scheduler_first(model, criterion, optimizer, scheduler, loader, epochs):
    for _ in range(epochs):
        scheduler.step()
        for inputs, targets in loader:
            optimizer.zero_grad()
            criterion(model(inputs), targets).backward()
            optimizer.step()


def _loop_with_one_step(model, criterion, optimizer, scheduler, loader, epochs):
    for _ in range(epochs):
        for inputs, targets in loader:
            optimizer.zero_grad()
            criterion(model(inputs), targets).backward()
        optimizer.step()
        scheduler.step()


WRONG_LOOPS = (
    Mistake(
        _loop_with_scheduler_by_batch,
        "The gradients are right now. The scheduler is still called once per batch, so "
        "the rate is gone before the first epoch ends.",
    ),
    Mistake(
        _loop_that_clears_by_epoch,
        "The learning rate is right now. The gradients are still cleared once per "
        "epoch: each step moves along the sum of all batches so far.",
    ),
    Mistake(
        _loop_that_clears_too_early,
        "Your parameters do not move at all: when step runs, every .grad is None. "
        "Either zero_grad stands between backward and step, or step stands before "
        "backward.",
    ),
    Mistake(
        _loop_with_scheduler_at_the_end,
        "The scheduler stands outside both loops now: it runs once in all.",
    ),
    Mistake(
        _loop_that_clears_once,
        "The gradients are cleared once, before the first epoch, and add up ever "
        "after.",
    ),
    Mistake(
        _loop_with_scheduler_first,
        "The scheduler runs at the start of an epoch: the first rate is never used in "
        "full. It belongs at the end.",
    ),
    Mistake(
        _loop_with_one_step,
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
    starting_point=_loop_as_given,
    mistakes=WRONG_LOOPS,
    compared_with="the loop of section 1 on a small regression",
)
