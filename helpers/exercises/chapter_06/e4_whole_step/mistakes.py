"""The known wrong answers to exercise 6.4, each the right step with one fault."""

from helpers.exercises.chapter_06.e4_whole_step import parts
from helpers.exercises.exercise import Mistake

ALIASED = (
    "Your buffer shares the gradient's array, and the next gradient overwrites it. It "
    "shows where neither weight_decay nor maximize has made a new tensor: clone() the "
    "first gradient."
)
WRONG_STEPS = (
    Mistake(
        parts.steps(
            parts.sign,
            parts.decay,
            parts.buffer_by(
                parts.sum_of, first=lambda at: (1 - at.dampening) * at.grad
            ),
            parts.move,
        ),
        "You dampen the first gradient too. PyTorch's first buffer is the gradient "
        "itself; dampening starts at the second step.",
    ),
    Mistake(
        parts.steps(parts.sign, parts.decay, parts.rate_inside, parts.move),
        "Your buffer has the rate in it. The rate changes here after the second step, "
        "and there you part from PyTorch: it multiplies the whole buffer by today's "
        "rate.",
    ),
    Mistake(
        parts.steps(parts.sign, parts.momentum, parts.decay, parts.move),
        "Your weight decay stays out of the buffer: you add it after momentum, or "
        "shrink the parameters beside the step: decoupled decay, as in AdamW. In "
        "PyTorch's SGD it is added to the gradient first, and goes into the buffer.",
    ),
    Mistake(
        parts.steps(
            parts.sign, parts.decay, parts.ahead_by(parts.old_buffer), parts.move
        ),
        "Your Nesterov step is the heavy ball's. Either nesterov is not looked at, or "
        "the direction is g + μ·b with the old b, and that is the new b itself. Update "
        "the buffer first, then take g + μ·b.",
    ),
    Mistake(
        parts.steps(
            parts.sign,
            parts.decay,
            parts.ahead_by(lambda at, g, old: at.momentum * at.buffer),
            parts.move,
        ),
        "Your Nesterov step is μ·b; the gradient itself is missing: g + μ·b.",
    ),
    Mistake(
        parts.steps(
            parts.sign,
            parts.decay,
            parts.ahead_by(lambda at, g, old: g + at.buffer),
            parts.move,
        ),
        "Your Nesterov step is g + b. The buffer fades once more there: g + μ·b.",
    ),
    Mistake(
        parts.steps(parts.decay, parts.sign, parts.momentum, parts.move),
        "With maximize you turn the weight decay as well: the sign comes after it, or "
        "at the whole step. Then the decay pushes away from zero. Turn the gradient, "
        "before all else.",
    ),
    Mistake(
        parts.steps(parts.decay, parts.momentum, parts.move),
        "maximize changes nothing in your step: it turns the sign of the gradient.",
    ),
    Mistake(
        parts.steps(parts.sign, parts.momentum, parts.move),
        "weight_decay changes nothing in your step: add weight_decay · p to the "
        "gradient.",
    ),
    Mistake(
        parts.steps(
            parts.sign,
            parts.decay,
            parts.buffer_by(parts.sum_in_place, lambda at: at.grad),
            parts.move,
        ),
        ALIASED,
    ),
    Mistake(
        parts.steps(
            parts.sign,
            parts.decay,
            parts.buffer_by(parts.sum_of, lambda at: at.grad),
            parts.move,
        ),
        ALIASED,
    ),
    Mistake(
        parts.steps(parts.sign, parts.decay_in_place, parts.momentum, parts.move),
        "The path is right, and you changed the gradient: `grad += ...` writes into "
        ".grad. Make a new tensor.",
    ),
    Mistake(
        parts.steps(parts.sign_in_place, parts.decay, parts.momentum, parts.move),
        "The path is right, and you turned the sign inside .grad itself. Make a new "
        "tensor.",
    ),
    Mistake(
        parts.steps(
            parts.sign,
            parts.decay,
            parts.buffer_by(lambda at: at.momentum * at.buffer + at.grad),
            parts.move,
        ),
        "dampening changes nothing in your step: from the second step on, 1 - d times "
        "the gradient goes into the buffer.",
    ),
    Mistake(
        parts.steps(
            parts.sign,
            parts.decay,
            parts.buffer_by(
                lambda at: (1 - at.dampening) * (at.momentum * at.buffer + at.grad)
            ),
            parts.move,
        ),
        "You dampen the old buffer too. 1 - d stands at the new gradient only.",
    ),
    Mistake(
        parts.steps(
            parts.sign,
            parts.decay,
            parts.buffer_by(
                lambda at: at.momentum * at.buffer + at.dampening * at.grad
            ),
            parts.move,
        ),
        "Dampening is the share that is kept out of the buffer: 1 - d times the "
        "gradient gets in, not d times.",
    ),
    Mistake(
        parts.steps(
            parts.sign, parts.decay, parts.momentum, parts.look_ahead_kept, parts.move
        ),
        "You keep the look-ahead direction as the buffer. It is for the step only; the "
        "buffer is μ·b + g, with Nesterov too.",
    ),
    Mistake(
        parts.steps(parts.sign, parts.decay, parts.momentum, parts.stays),
        "p stays where it is: `p = p - ...` gives the name p to a new tensor. Change "
        "its numbers, with `p -= ...`, say.",
    ),
    Mistake(
        parts.steps(
            parts.sign,
            parts.decay,
            parts.momentum,
            parts.move,
            parts.parameters_for_buffer,
        ),
        "You return the parameters. They are changed in place; return the buffer.",
    ),
    Mistake(
        parts.steps(
            parts.sign, parts.decay, parts.momentum, parts.move, parts.forgotten
        ),
        "You return no buffer, so each step is a first step. Return it.",
    ),
    Mistake(
        parts.steps(parts.sign, parts.decay, parts.momentum, parts.always_up),
        "Your step climbs, and with maximize it descends: the step goes against the "
        "gradient.",
    ),
)
