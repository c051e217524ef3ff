"""Exercise 15.1: means over ranks and over tokens, read off."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

READINGS = {
    "averaged": 8,
    "summed": 16,
    "one machine": 6,
    "weight of rank 0": 1.5,
    "weight of rank 1": 0.5,
}

WRONG = (
    {
        6: "That is the mean over all tokens. `average` doesn't know how many a rank "
        "holds: it takes the mean of two means, 4 and 12.",
        16: "That is the sum over ranks: `average` divides by their number.",
        24: "That adds up all tokens. The criterion has taken the mean on each rank.",
        4: "That is rank 0's own. After `average` all ranks hold the same number.",
        12: "That is rank 1's own. After `average` all ranks hold the same number.",
    },
    {
        24: "`all_reduce` adds what stands in `.grad`: the means, 4 and 12.",
        8: "That is the mean. `all_reduce` alone only adds.",
        6: "That is the mean over all tokens. `all_reduce` adds the ranks' means.",
    },
    {
        8: "That is the mean of means. One machine takes one mean, over four tokens.",
        24: "That is the sum over the tokens; the criterion takes the mean.",
        16: "That is the sum of two means. One machine takes one, over four tokens.",
        12: "You divide the four tokens' sum by the ranks; divide it by the tokens.",
    },
    {
        0.75: "That is rank 0's share of the tokens. `average` divides by the ranks as "
        "well: multiply by their number.",
        3.0: "That is the count. An average rank holds two tokens: divide by it.",
        2 / 3: "That is upside down: who holds more tokens weighs more.",
        0.5: "That is rank 1's weight.",
        1.0: "With a weight of 1 three tokens count no more than one.",
    },
    {
        0.25: "That is rank 1's share of the tokens. `average` divides by the ranks as "
        "well: multiply by their number.",
        2.0: "That is upside down: who holds fewer tokens weighs less.",
        1.5: "That is rank 0's weight.",
        1.0: "With a weight of 1 one token counts as much as three.",
    },
)

EXERCISE = Exercise(
    number="15.1",
    title="Which mean?",
    solution=READINGS,
    cases=lambda: [()],
    mistakes=wrong_readings(READINGS, WRONG),
    compared_with="two ranks with three tokens and one",
)
