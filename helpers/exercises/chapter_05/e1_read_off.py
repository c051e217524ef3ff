"""Exercise 5.1: after which changes a step still moves a weight."""

from helpers.exercises.exercise import Exercise, Mistake

READINGS = {
    "a": True,
    "b": False,
    "c": True,
    "d": False,
    "e": True,
    "f": False,
    "g": True,
}

MESSAGES = (
    "a: `model.to` puts a new array into the old Parameter. The optimizer holds the "
    "Parameter, so the weight moves.",
    "b: the name leads to a new Parameter. The optimizer has the old one in its list, "
    "and nobody reads what it does to it: the weight stays.",
    "c: `reset_parameters` writes new numbers into the old Parameter, in place. The "
    "optimizer still holds it, so the weight moves.",
    "d: with assign=True the loaded tensors take the place of the Parameters. The "
    "optimizer holds the old ones: the weight stays.",
    "e: `requires_grad_(False)` stops new gradients, and the one from the first step "
    "is still in .grad. `step()` reads it: the weight moves.",
    "f: zero_grad() sets .grad to None, and a frozen weight gets no new gradient. "
    "`step()` skips None, whatever the momentum: the weight stays.",
    "g: nobody reads `optimizer.lr`. The rate stands in the group, and is 0.1 as "
    "before: the weight moves.",
)


WRONG_READINGS = tuple(
    Mistake(READINGS | {name: not READINGS[name]}, message)
    for name, message in zip(READINGS, MESSAGES, strict=True)
)

EXERCISE = Exercise(
    number="5.1",
    title="Read off",
    solution=READINGS,
    cases=lambda: [()],
    mistakes=WRONG_READINGS,
    compared_with="torch.optim.SGD, case by case",
)
