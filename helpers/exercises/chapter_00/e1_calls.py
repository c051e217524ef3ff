"""Exercise 0.1: how often each line of the loop runs."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

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
CLEARED_BY_EPOCH = (
    "You count zero_grad or step once per epoch. Both stand inside the batch loop: "
    "they run once for each of the 12 batches."
)
RATE_HALVED_ONCE = (
    "That is the rate of epochs 5 to 8, halved once. The second halving comes with the "
    "eighth call, before the ninth epoch."
)
RATE_OF_THE_START = (
    "0.1 is the rate of the first four epochs. StepLR(optimizer, 4) halves it at every "
    "fourth call."
)
WRONG_BATCH_CALLS = {132: WITHOUT_LAST_BATCH, 12: CLEARED_BY_EPOCH}
WRONG_READINGS = (
    WRONG_BATCH_CALLS,
    WRONG_BATCH_CALLS,
    {144: SCHEDULER_BY_BATCH, 132: SCHEDULER_BY_BATCH},
    {
        0.0125: RATE_AFTER_THE_END,
        0.05: RATE_HALVED_ONCE,
        0.1: RATE_OF_THE_START,
        0.1 * 0.5**11: RATE_BY_EPOCH,
        0.1 * 0.5**12: RATE_BY_EPOCH,
    },
)

EXERCISE = Exercise(
    number="0.1",
    title="Count the calls",
    solution=CALLS,
    cases=lambda: [()],
    mistakes=wrong_readings(CALLS, WRONG_READINGS),
    compared_with="a count of the calls in section 1",
)
