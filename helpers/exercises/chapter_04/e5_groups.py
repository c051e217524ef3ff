"""Exercise 4.5: a loop that accumulates, with two mistakes in it."""

import torch

from helpers.exercises.exercise import Exercise, Mistake


def train_in_groups(optimizer, loss_of, batches, k):
    """Take a step for every `k` batches, along the mean gradient of each group."""
    for start in range(0, len(batches), k):
        group = batches[start : start + k]
        optimizer.zero_grad()
        for batch in group:
            (loss_of(batch) / len(group)).backward()
        optimizer.step()


def _as_given(optimizer, loss_of, batches, k):
    optimizer.zero_grad()
    for number, batch in enumerate(batches, start=1):
        loss = loss_of(batch)
        loss.backward()
        if number % k == 0:
            optimizer.step()
            optimizer.zero_grad()


def _loop(divide=True, flush=True, clear="after step", step_always=False):
    """The loop as given, with some of its mistakes mended and others put in."""

    def train_in_groups(optimizer, loss_of, batches, k):
        optimizer.zero_grad()
        for number, batch in enumerate(batches, start=1):
            loss = loss_of(batch) / (k if divide else 1)
            if clear == "each batch":
                optimizer.zero_grad()
            loss.backward()
            last = flush and number == len(batches)
            if number % k == 0 or last or step_always:
                optimizer.step()
                if clear == "after step":
                    optimizer.zero_grad()

    return train_in_groups


def _flush_undivided(optimizer, loss_of, batches, k):
    """Divides whole groups by k and the last one, which is smaller, by nothing."""
    for start in range(0, len(batches), k):
        group = batches[start : start + k]
        optimizer.zero_grad()
        for batch in group:
            (loss_of(batch) / (k if len(group) == k else 1)).backward()
        optimizer.step()


def _by_all(optimizer, loss_of, batches, k):
    for start in range(0, len(batches), k):
        optimizer.zero_grad()
        for batch in batches[start : start + k]:
            (loss_of(batch) / len(batches)).backward()
        optimizer.step()


def _by_all_and_lost(optimizer, loss_of, batches, k):
    for start in range(0, len(batches) - k + 1, k):
        optimizer.zero_grad()
        for batch in batches[start : start + k]:
            (loss_of(batch) / len(batches)).backward()
        optimizer.step()


def _divided(size):
    """The loop as given, mended, with `size(number, k, count)` as the divisor."""

    def train_in_groups(optimizer, loss_of, batches, k):
        optimizer.zero_grad()
        for number, batch in enumerate(batches, start=1):
            (loss_of(batch) / size(number, k, len(batches))).backward()
            if number % k == 0 or number == len(batches):
                optimizer.step()
                optimizer.zero_grad()

    return train_in_groups


def _in_slices(clear="group", step="group"):
    """The worked solution, with its clearing or its step on another line."""

    def train_in_groups(optimizer, loss_of, batches, k):
        for start in range(0, len(batches), k):
            group = batches[start : start + k]
            if clear == "group":
                optimizer.zero_grad()
            for batch in group:
                if clear == "batch":
                    optimizer.zero_grad()
                (loss_of(batch) / len(group)).backward()
                if step == "batch":
                    optimizer.step()
            if step == "group":
                optimizer.step()

    return train_in_groups


def _one_too_early(optimizer, loss_of, batches, k):
    optimizer.zero_grad()
    for number, batch in enumerate(batches, start=1):
        (loss_of(batch) / k).backward()
        if number % k == 0 or number == len(batches) - 1:
            optimizer.step()
            optimizer.zero_grad()


def _one_step(optimizer, loss_of, batches, k):
    train_in_groups(optimizer, loss_of, batches, len(batches))


def _one_group(optimizer, loss_of, batches, k):
    train_in_groups(optimizer, loss_of, batches[:k], k)


LAST_ONLY = (
    "A step sees the last batch of its group only. Clear once per step, and call "
    "backward for every batch."
)
NEVER_CLEARED = "The groups are never cleared: each step holds all batches before it."
RUNNING = (
    "Each batch is divided by the number of batches so far. All batches of a group "
    "count the same: divide each by the size of its group."
)
LAST_GROUP = (
    "The last group is lost: with 10 batches and k = 4, two are left over, and no "
    "step uses them. Step at the last batch too."
)
FAULTS = (
    ({"divide": False}, "Each step follows a sum: divide by the size of the group."),
    ({"flush": False}, LAST_GROUP),
    ({"clear": "each batch"}, LAST_ONLY),
    ({"clear": "never"}, NEVER_CLEARED),
    ({"step_always": True}, "You step after every batch. Add up k batches first."),
)
WRONG_LOOPS = (
    Mistake(
        _loop(flush=False),
        "The groups are means now. " + LAST_GROUP,
    ),
    Mistake(
        _loop(divide=False),
        "Each batch is used now, and each step follows a sum: the rate is k times too "
        "large. Divide each loss by the size of its group.",
    ),
    Mistake(
        _loop(),
        "Whole groups are right. The last one has fewer than k batches, and you divide "
        "it by k all the same: its step is too short. Divide by its own size.",
    ),
    Mistake(
        _flush_undivided,
        "Whole groups are right. The last group is not divided at all: its size is "
        "what is left over, not 1.",
    ),
    Mistake(
        _by_all,
        "You divide by the number of all batches. A step follows the mean of its own "
        "group.",
    ),
    Mistake(
        _by_all_and_lost,
        "You divide by the number of all batches. A step follows the mean of its own "
        "group. And the last group is lost.",
    ),
    Mistake(
        _one_too_early,
        "You step one batch before the last: with start=1 the last number is "
        "len(batches), not len(batches) - 1.",
    ),
    Mistake(_divided(lambda number, k, count: number), RUNNING),
    Mistake(_divided(lambda number, k, count: number % k or k), RUNNING),
    Mistake(
        _divided(lambda number, k, count: count % k or k),
        "You divide every group by the size of the last one. Each has its own size.",
    ),
    Mistake(
        _one_step,
        "There is one step in all, along the mean of all batches. One for every k "
        "batches was asked for.",
    ),
    Mistake(
        _one_group,
        "Only the first group makes a step: number == k is true once.",
    ),
    Mistake(_loop(clear="each batch"), LAST_ONLY),
    Mistake(_in_slices(clear="batch"), LAST_ONLY),
    Mistake(_loop(clear="never"), NEVER_CLEARED),
    Mistake(_in_slices(clear="never"), NEVER_CLEARED),
    Mistake(
        _in_slices(step="batch"),
        "You step inside the group, along what has been added up so far. Step once, "
        "after all its batches.",
    ),
    Mistake(
        _loop(step_always=True),
        "You step after every batch, along a k-th of its gradient. Add up k batches "
        "first.",
    ),
    Mistake(
        _loop(step_always=True, divide=False),
        "You step after every batch, so nothing is accumulated.",
    ),
)


def _weights(answer, count, k):
    """Where the parameter is after one epoch of `count` batches in groups of `k`."""
    parameter = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=0.125, momentum=0.5)
    numbers = torch.arange(2.0 * count, dtype=torch.float64).view(count, 2).cos()
    batches = [row.tolist() for row in numbers]

    def loss_of(batch):
        return ((parameter - torch.tensor(batch, dtype=torch.float64)) ** 2).sum()

    answer(optimizer, loss_of, batches, k)
    return parameter.detach().clone()


EXERCISE = Exercise(
    number="4.5",
    title="Two mistakes",
    solution=train_in_groups,
    cases=lambda: [(10, 4), (8, 4), (5, 2)],
    probe=_weights,
    mistakes=WRONG_LOOPS,
    compared_with="one backward for each group, in three epochs",
    starting_point=_as_given,
    build=_loop,
    faults=FAULTS,
)
