"""Exercise 0.1: how often each line of the loop runs.

With this module one can: check an answer to it (`EXERCISE`).
"""

from helpers.exercises.model import Exercise, Mistake

CALLS = {
    "zero_grad": 144,
    "step": 144,
    "scheduler.step": 12,
    "lr in the last epoch": 0.025,
}

WITHOUT_LAST_BATCH = (
    "You left out the last batch of each epoch. It has only 29 images, and the loader "
    "gives it all the same: 1,437 images make 12 batches, not 11."
)
SCHEDULER_BY_BATCH = (
    "You count scheduler.step once per batch. It stands one level further out: it runs "
    "when the batch loop is done, once per epoch."
)
RATE_AFTER_THE_END = (
    "That is the rate after the last epoch. The third halving comes with the twelfth "
    "call, when the last epoch is over; during it the rate was halved twice."
)
RATE_BY_EPOCH = (
    "You halved the rate at every epoch. StepLR(optimizer, 4) waits for four calls "
    "between two halvings."
)
WRONG_CALLS = (
    Mistake({**CALLS, "zero_grad": 132, "step": 132}, WITHOUT_LAST_BATCH),
    Mistake({**CALLS, "scheduler.step": 144}, SCHEDULER_BY_BATCH),
    Mistake({**CALLS, "lr in the last epoch": 0.0125}, RATE_AFTER_THE_END),
    Mistake({**CALLS, "lr in the last epoch": 0.1 * 0.5**11}, RATE_BY_EPOCH),
)

EXERCISE = Exercise(
    number="0.1",
    title="Count the calls",
    solution=CALLS,
    cases=lambda: [()],
    mistakes=WRONG_CALLS,
    compared_with="a count of the calls in section 1",
)
