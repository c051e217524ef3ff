"""Exercise 6.4: the whole step of SGD, with all its terms."""

from itertools import product

import torch

from helpers.exercises.chapter_06.e4_whole_step.mistakes import WRONG_STEPS
from helpers.exercises.exercise import Exercise

OPTIONS = "momentum", "dampening", "weight_decay", "nesterov", "maximize"
GRADIENTS = ([1.0, -2.0], [0.5, 4.0], [-3.0, 1.0], [2.0, 0.25])


def sgd_step(p, grad, buffer, group):
    """Change `p` in place, as torch.optim.SGD does; give the new buffer, or None."""
    if group["maximize"]:
        grad = -grad
    if group["weight_decay"]:
        grad = grad + group["weight_decay"] * p
    momentum = group["momentum"]
    if momentum:
        if buffer is None:
            buffer = grad.clone()
        else:
            buffer = momentum * buffer + (1 - group["dampening"]) * grad
        grad = grad + momentum * buffer if group["nesterov"] else buffer
    p -= group["lr"] * grad
    return buffer


def _settings():
    """What torch.optim.SGD allows: Nesterov only with momentum and no dampening."""
    choices = (0.0, 0.5, 0.9), (0.0, 0.3), (0.0, 0.2), (False, True), (False, True)
    for options in product(*choices):
        momentum, dampening, _, nesterov, _ = options
        if not nesterov or (momentum > 0 and dampening == 0):
            yield (dict(zip(OPTIONS, options, strict=True)),)


def _walk(answer, options):
    """The places of four steps, and each gradient after it, in one array for all."""
    p, grad = torch.tensor([1.0, -0.5]).double(), torch.zeros(2).double()
    buffer, places, gradients = None, [], []
    for lr, gradient in zip((0.1, 0.1, 0.05, 0.2), GRADIENTS, strict=True):
        grad.copy_(torch.tensor(gradient))
        buffer = answer(p, grad, buffer, options | {"lr": lr})
        places.append(p.tolist())
        gradients.append(grad.tolist())
    return {"places": places, "gradients": gradients}


EXERCISE = Exercise(
    number="6.4",
    title="The whole step",
    solution=sgd_step,
    cases=lambda: list(_settings()),
    probe=_walk,
    mistakes=WRONG_STEPS,
    compared_with="torch.optim.SGD at every setting of a grid",
)
