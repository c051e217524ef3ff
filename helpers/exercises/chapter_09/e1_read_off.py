"""Exercise 9.1: at which rate a step is made."""

from helpers.exercises.exercise import Exercise, Mistake

RATES = {"a": 1e-4, "b": 0.01, "c": 0.01, "d": 0.1, "e": 0.001, "f": 0.0125}

WRONG = (
    (
        "a",
        1e-3,
        "a: the call that ends epoch 14 is the fifteenth, and 15 // 5 is 3: epoch 15 "
        "already has the third drop.",
    ),
    ("a", 1e-5, "a: three drops so far, at 5, 10 and 15. Epoch 0 has none."),
    (
        "b",
        0.1,
        "b: called once a batch, the scheduler counts batches. Nine calls stand before "
        "the last step of epoch 0, and the drop comes with the fifth.",
    ),
    (
        "b",
        1e-3,
        "b: the tenth call, with the second drop, comes after the last step of epoch "
        "0. Nine calls stand before it.",
    ),
    (
        "c",
        0.1,
        "c: each epoch begins with a call, epoch 0 too. Before the first step of epoch "
        "4 there are five.",
    ),
    (
        "d",
        0.0,
        "d: after 40 calls, not 20. At T_max the cosine is at its lowest point; then "
        "it goes up again, and at 2 * T_max it is where it began.",
    ),
    (
        "d",
        0.05,
        "d: half way up is after 30 calls. Before the first step of epoch 4 there are "
        "40: ten for each epoch.",
    ),
    (
        "d",
        0.0905,
        "d: you count four calls, one for each epoch. It is called once a batch: 40.",
    ),
    (
        "e",
        0.01,
        "e: both schedulers multiply what they find, so both drops count.",
    ),
    (
        "e",
        0.1,
        "e: both have their first drop at epoch 5, and they multiply.",
    ),
    (
        "f",
        0.005,
        "f: LambdaLR doesn't go on from your rate. It recomputes from the base rate.",
    ),
    (
        "f",
        0.01,
        "f: your edit lives until the next call, which ends epoch 2. LambdaLR then "
        "recomputes from the base rate.",
    ),
    ("f", 0.025, "f: three calls before epoch 3, so 0.5**3."),
    (
        "f",
        0.00125,
        "f: the base rate is still 0.1. An edit of the group doesn't change it.",
    ),
)

EXERCISE = Exercise(
    number="9.1",
    title="Read off",
    solution=RATES,
    cases=lambda: [()],
    mistakes=tuple(Mistake(RATES | {key: rate}, text) for key, rate, text in WRONG),
    tolerance=5e-6,
    compared_with="the schedulers of torch.optim, case by case",
)
