"""Exercise 11.1: how often a search by halving evaluates the loss."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

LOG = {"longest": 0.9, "taken": 0.5, "questions": 5}

ONLY_FALLS = (
    "Up to step 1 the loss is not above its start. Armijo asks for more than that: a "
    "share c1 of what the slope at 0 promises."
)
SLOPE_OF_F = (
    "You took f'(1) = 2 for the size of the slope. The slope along the direction is "
    "its product with d: φ'(0) = 2 · (-2) = -4."
)
WHOLE_PROMISE = (
    "You ask for the whole promise of the slope, c1 = 1. No step keeps that on a "
    "bowl; a tenth of it is asked for."
)
LEFT_OVER = (
    "You ask for the share 1 - c1 of the promise. c1 itself is the share: a tenth, "
    "which nearly all steps that fall reach."
)
IN_X = "That is the distance in x. The step is the factor of d, and d is 2 long."
BOUND_RISES = (
    "Your bound lies above the start, and grows. The slope is below 0: what the "
    "condition adds is -0.4 t."
)
IN_PLACE = "That is the place, 1 - 2 · 0.9. Asked for is the step, the factor of d."
LOWEST = (
    "Step 0.5 is the lowest point, which a search does not know. The condition holds "
    "further out as well: solve it for t."
)
STILL_ABOVE = (
    "At step 1 the loss is what it was, at x = -1. It has to fall by 0.4 there: halve "
    "once more."
)
TOO_MANY_HALVES = "The condition holds one trial before: at 0.5 the loss is 0."
THE_LIMIT = (
    "That is the longest step that is allowed. A search tries 4, 2, 1, ... and takes "
    "the first of these that is."
)
FOOT_FORGOTTEN = (
    "The trials are 4, 2, 1 and 0.5. The condition also needs the loss at step 0."
)
HALVINGS = "You counted the halvings. Each trial is a question, and so is step 0."
ONE_TOO_MANY = "That is one too many: 0, 4, 2, 1 and 0.5 are asked, and then it ends."
WRONG = (
    {
        1.0: ONLY_FALLS,
        0.95: SLOPE_OF_F,
        0.0: WHOLE_PROMISE,
        0.1: LEFT_OVER,
        1.8: IN_X,
        1.1: BOUND_RISES,
        -0.8: IN_PLACE,
        0.5: LOWEST,
    },
    {1.0: STILL_ABOVE, 0.25: TOO_MANY_HALVES, 0.9: THE_LIMIT},
    {4: FOOT_FORGOTTEN, 3: HALVINGS, 6: ONE_TOO_MANY},
)


EXERCISE = Exercise(
    number="11.1",
    title="Count the questions",
    solution=LOG,
    cases=lambda: [()],
    mistakes=wrong_readings(LOG, WRONG),
    compared_with="a search that counts",
)
