"""Exercise 6.2: dampening that leaves the first gradient whole."""

from helpers.exercises.exercise import Exercise, Mistake


def dampened(gradients, momentum, dampening):
    """The buffer after each gradient; the first gradient is taken whole."""
    buffer, buffers = None, []
    for gradient in gradients:
        if buffer is None:
            buffer = gradient
        else:
            buffer = momentum * buffer + (1 - dampening) * gradient
        buffers.append(buffer)
    return buffers


def _as_given(gradients, momentum, dampening):
    buffer, buffers = 0.0, []
    for gradient in gradients:
        buffer = momentum * buffer + (1 - dampening) * gradient
        buffers.append(buffer)
    return buffers


def _mixing(first, mix):
    """A loop with `first(gradient, m, d)` and `mix(buffer, gradient, m, d)`."""

    def dampened(gradients, momentum, dampening):
        buffers = [first(gradients[0], momentum, dampening)]
        for gradient in gradients[1:]:
            buffers.append(mix(buffers[-1], gradient, momentum, dampening))
        return buffers

    return dampened


def _whole(gradient, momentum, dampening):
    return gradient


def _right(buffer, gradient, momentum, dampening):
    return momentum * buffer + (1 - dampening) * gradient


def _while_zero(gradients, momentum, dampening):
    buffer, buffers = 0.0, []
    for gradient in gradients:
        share = 1 - dampening if buffer else 1
        buffer = momentum * buffer + share * gradient
        buffers.append(buffer)
    return buffers


def _whole_by_its_value(gradients, momentum, dampening):
    buffer, buffers = 0.0, []
    for gradient in gradients:
        share = 1 if gradient == gradients[0] else 1 - dampening
        old = momentum * buffer if gradient != gradients[0] else 0.0
        buffer = old + share * gradient
        buffers.append(buffer)
    return buffers


def _old_buffer_kept(gradients, momentum, dampening):
    first = gradients[0]
    later = [momentum * first + (1 - dampening) * g for g in gradients[1:]]
    return [first, *later]


def _corrected(gradients, momentum, dampening):
    buffers = _as_given(gradients, momentum, dampening)
    return [b / (1 - momentum**t) for t, b in enumerate(buffers, start=1)]


WRONG_BUFFERS = (
    Mistake(
        _while_zero,
        "You ask whether the buffer is zero. A first gradient of zero leaves a zero "
        "buffer, and then the second gradient gets through whole. Ask whether there is "
        "a buffer: is None.",
    ),
    Mistake(
        _mixing(_whole, lambda b, g, m, d: m * b + g),
        "The first gradient is right, and now none is dampened: after it, 1 - d times "
        "the gradient goes in.",
    ),
    Mistake(
        _whole_by_its_value,
        "You know the first gradient by its number. A later one may have the same "
        "number: ask for its place, or whether there is a buffer yet.",
    ),
    Mistake(
        _old_buffer_kept,
        "Each of your buffers is made from the first one. Keep the new one for the "
        "next turn of the loop.",
    ),
    Mistake(
        _mixing(_whole, lambda b, g, m, d: m * (b + (1 - d) * g)),
        "Momentum multiplies the new gradient too. It multiplies the old buffer only.",
    ),
    Mistake(
        _corrected,
        "You divide by 1 - μ**t. That is how Adam makes up for a start at zero. "
        "PyTorch's SGD takes the first gradient whole, and corrects nothing later.",
    ),
    Mistake(
        _mixing(_whole, lambda b, g, m, d: m * b + d * g),
        "Dampening is the share that is kept out: 1 - d gets in, not d.",
    ),
    Mistake(
        _mixing(_whole, lambda b, g, m, d: m * b + (1 - m) * g),
        "You dampen by momentum. The share that is kept out is `dampening`, a number "
        "of its own.",
    ),
    Mistake(
        _mixing(_whole, lambda b, g, m, d: (1 - d) * (m * b + g)),
        "You dampen the old buffer as well. 1 - d stands at the new gradient only.",
    ),
    Mistake(
        _mixing(lambda g, m, d: m * g + (1 - d) * g, _right),
        "Your first gradient counts twice: it starts the buffer, and is then added "
        "once more. At the first step the buffer is the gradient, and that is all.",
    ),
    Mistake(
        _mixing(lambda g, m, d: 0.0 * g, _right),
        "Your first buffer is zero. It should be the first gradient.",
    ),
    Mistake(
        _mixing(lambda g, m, d: m * g, _right),
        "Your first buffer is μ times the gradient. There is nothing old in it that "
        "could fade: take the gradient whole.",
    ),
)

EXERCISE = Exercise(
    number="6.2",
    title="The first gradient",
    solution=dampened,
    cases=lambda: [
        ([2.0, 1.0, -3.0, 0.5], 0.9, 0.6),
        ([0.0, 4.0, 1.0], 0.5, 0.25),
        ([1.0, 1.0, 1.0], 0.8, 0.3),
    ],
    mistakes=WRONG_BUFFERS,
    starting_point=_as_given,
    compared_with="the buffers of torch.optim.SGD for three rows of gradients",
)
