"""Exercise 17.1: how many operations a step of SGD sends to the dispatcher."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

COUNTS = {"loop": 18, "lists": 3, "fused": 1}
COUNTS |= {"plain loop": 6, "plain lists": 1, "two groups": 2}

WRONG = (
    {
        9: "loop: you count the weights alone. Each bias is a parameter as well.",
        6: "loop: that is one operation for each parameter. With momentum there are "
        "three: the buffer fades, takes the gradient, and the parameter moves.",
        12: "loop: that is two operations for each parameter. Fading the buffer and "
        "adding the gradient to it are two, and then comes the step.",
    },
    {
        18: "lists: a whole list is one operation; that is what foreach is for.",
        6: "lists: that is one for each parameter. A list takes them all at once, and "
        "each of the three operations is called once.",
        1: "lists: only the fused kernel does all in one. Here the three operations "
        "stay apart, each over the whole list.",
    },
    {
        3: "fused: the three operations are one kernel.",
        6: "fused: the kernel is handed all parameters at once.",
    },
    {
        18: "plain loop: without momentum there is no buffer to fade and to add to.",
        3: "plain loop: you count the layers. Each has a weight and a bias.",
        12: "plain loop: without momentum only the step is left, one operation for "
        "each parameter.",
    },
    {
        3: "plain lists: without momentum there is no buffer: only the step is left.",
        6: "plain lists: one list takes all parameters at once.",
    },
    {
        1: "two groups: the options may differ between groups, so step goes group by "
        "group, and calls the kernel for each.",
        6: "two groups: the kernel takes all parameters of a group at once.",
    },
)

EXERCISE = Exercise(
    number="17.1",
    title="How many calls",
    solution=COUNTS,
    cases=lambda: [()],
    mistakes=wrong_readings(COUNTS, WRONG),
    compared_with="what a spy sees of torch.optim.SGD",
)
