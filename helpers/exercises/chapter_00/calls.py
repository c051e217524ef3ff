"""Exercise 0.1: how often each line of the loop runs.

With this module one can: check an answer to it (`EXERCISE`).
"""

from itertools import product

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
WRONG_SCHEDULER_CALLS = {144: SCHEDULER_BY_BATCH, 132: SCHEDULER_BY_BATCH}
WRONG_RATES = {
    0.0125: RATE_AFTER_THE_END,
    0.05: RATE_HALVED_ONCE,
    0.1: RATE_OF_THE_START,
    0.1 * 0.5**11: RATE_BY_EPOCH,
    0.1 * 0.5**12: RATE_BY_EPOCH,
}


def _wrong_calls():
    """Every combination of known wrong counts; the message is on the first of them."""
    batch_calls = {144: None} | WRONG_BATCH_CALLS
    scheduler_calls = {12: None} | WRONG_SCHEDULER_CALLS
    rates = {CALLS["lr in the last epoch"]: None} | WRONG_RATES
    for cleared, stepped, scheduled, rate in product(
        batch_calls, batch_calls, scheduler_calls, rates
    ):
        message = (
            batch_calls[cleared]
            or batch_calls[stepped]
            or scheduler_calls[scheduled]
            or rates[rate]
        )
        if message:
            answer = dict(zip(CALLS, (cleared, stepped, scheduled, rate), strict=True))
            yield Mistake(answer, message)


EXERCISE = Exercise(
    number="0.1",
    title="Count the calls",
    solution=CALLS,
    cases=lambda: [()],
    mistakes=tuple(_wrong_calls()),
    compared_with="a count of the calls in section 1",
)
