"""Exercise 10.1: what may be forgotten without another weight at the end."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

SAME = {"a": True, "b": False, "c": True, "d": False}
SAME |= {"e": True, "f": True, "g": False, "h": False}

WRONG = (
    {
        False: "a: you part the weights. While it trains, batch norm uses the means of "
        "the mini-batch; the running ones are read in eval() only."
    },
    {
        True: "b: you keep the weights. Adam divides by 1 - beta**t: with another t "
        "the next step has another length, though no loss jumps."
    },
    {
        False: "c: you part the weights. Between two epochs there is no order and no "
        "position: a new one begins with None and 0, as it should."
    },
    {
        True: "d: you keep the weights. The next epoch's order is drawn from that "
        "generator: it would be the first epoch's again."
    },
    {
        False: "e: you part the weights. Who draws from the global generator? The "
        "shuffling has its own, and without dropout nobody does."
    },
    {
        False: "f: you part the weights. The rate of the moment stands in the "
        "optimizer's group, which was saved; the scheduler writes it later."
    },
    {
        True: "g: you keep the weights. After a step the buffer holds a sum of "
        "gradients; without it the next step is shorter."
    },
    {
        True: "h: you keep the weights. The step that was due is never taken: between "
        "backward() and step() the gradient is what counts."
    },
)

EXERCISE = Exercise(
    number="10.1",
    title="To the bit?",
    solution=SAME,
    cases=lambda: [()],
    mistakes=wrong_readings(SAME, WRONG),
    compared_with="eight runs, stopped and resumed",
)
