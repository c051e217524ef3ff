"""Exercise 7.2: from Adagrad's step to RMSprop's."""

from helpers.exercises.chapter_07.shared_walk import GRADIENTS, REBOUND, rebinding, walk
from helpers.exercises.exercise import Exercise, Mistake, faulty


def rmsprop_step(p, g, state, lr, alpha, eps):
    """Divide the gradient by the root of the fading mean of its squares."""
    old = state.get("square", 0)
    state["square"] = alpha * old + (1 - alpha) * g * g
    p -= lr * g / (state["square"].sqrt() + eps)


def _adagrad(p, g, state, lr, alpha, eps):
    state["sum"] = state.get("sum", 0) + g * g
    p -= lr * g / (state["sum"].sqrt() + eps)


def _variant(mean=None, name="square", scale=None, sign=-1, keep=True):
    """RMSprop with another memory, another divisor, or another name in the state."""
    mean = mean or (lambda old, new, alpha: alpha * old + (1 - alpha) * new)
    scale = scale or (lambda square, eps: square.sqrt() + eps)

    def rmsprop_step(p, g, state, lr, alpha, eps):
        square = mean(state.get(name, 0), g * g, alpha)
        if keep:
            state[name] = square
        p += sign * lr * g / scale(square, eps)

    return rmsprop_step


def _mix(old, new, alpha):
    return alpha * old + (1 - alpha) * new


def _of_gradients(p, g, state, lr, alpha, eps):
    mean = alpha * state.get("square", 0) + (1 - alpha) * g
    state["square"] = mean
    p -= lr * g / ((mean * mean).sqrt() + eps)


def _begun_with_the_square(old, new, alpha):
    return new if isinstance(old, int) else alpha * old + (1 - alpha) * new


def _old_mean_used(p, g, state, lr, alpha, eps):
    old = state.get("square", 0 * g)
    state["square"] = alpha * old + (1 - alpha) * g * g
    p -= lr * g / (old.sqrt() + eps)


def _corrected(p, g, state, lr, alpha, eps):
    state["step"] = state.get("step", 0) + 1
    old = state.get("square", 0)
    state["square"] = alpha * old + (1 - alpha) * g * g
    mean = state["square"] / (1 - alpha ** state["step"])
    p -= lr * g / (mean.sqrt() + eps)


def _in_place(p, g, state, lr, alpha, eps):
    g *= g
    state["square"] = alpha * state.get("square", 0) + (1 - alpha) * g
    p -= lr * g / (state["square"].sqrt() + eps)


def _eps_outside(p, g, state, lr, alpha, eps):
    state["square"] = alpha * state.get("square", 0) + (1 - alpha) * g * g
    p -= lr * (g / state["square"].sqrt() + eps)


def _never_begun(p, g, state, lr, alpha, eps):
    state["square"] = alpha * state["square"] + (1 - alpha) * g * g
    p -= lr * g / (state["square"].sqrt() + eps)


def _from_the_sum(p, g, state, lr, alpha, eps):
    state["square"] = alpha * state.get("sum", 0) + (1 - alpha) * g * g
    p -= lr * g / (state["square"].sqrt() + eps)


def _without_lr(p, g, state, lr, alpha, eps):
    rmsprop_step(p, g, state, 1.0, alpha, eps)


EXCHANGED = (
    "alpha and 1 - alpha are exchanged: the old mean survives with the share alpha, "
    "and the new square enters with 1 - alpha."
)
ONE_NUMBER = (
    "You add the squares of all elements up, so the largest gradient sets the step of "
    "all. Each element keeps a square of its own: g * g."
)
FAULTS = (
    (
        {"mean": lambda old, new, alpha: _mix(old, new.sum(), alpha)},
        ONE_NUMBER,
    ),
    (
        {"mean": lambda old, new, alpha: old + new},
        "Only the name has changed. The state is still Adagrad's sum, which never "
        "fades.",
    ),
    (
        {"name": "sum"},
        'The step is right, and the state stands under "sum". It is asked for as '
        '"square": it is a mean now.',
    ),
    (
        {"mean": lambda old, new, alpha: (1 - alpha) * old + alpha * new},
        EXCHANGED,
    ),
    (
        {"mean": lambda old, new, alpha: alpha * old + new},
        "The old part fades, but the new square enters whole. That is a fading sum; "
        "for a mean it is multiplied by 1 - alpha.",
    ),
    (
        {"mean": lambda old, new, alpha: old + (1 - alpha) * new},
        "The new square is scaled, but the old part does not fade: multiply it by "
        "alpha.",
    ),
    (
        {"scale": lambda square, eps: (square + eps).sqrt()},
        "eps stands inside of the root. PyTorch adds it to the root; inside, a small "
        "eps becomes its own root, which is much larger.",
    ),
    (
        {"scale": lambda square, eps: square + eps},
        "The root is missing. Divided by the mean square itself, a gradient of 1000 "
        "makes a thousandth of a step.",
    ),
    (
        {"scale": lambda square, eps: square.sqrt()},
        "eps is missing: a gradient of zero at the first step would divide zero by "
        "zero.",
    ),
    (
        {"mean": _begun_with_the_square},
        "You begin the mean at the first square. PyTorch begins at zero, and so its "
        "first step is too long; that is asked for here.",
    ),
    (
        {"sign": 1},
        "The sign is turned: a step goes against the gradient.",
    ),
    (
        {"keep": False},
        "The new mean is not kept in `state`, so each step begins from zero again.",
    ),
)
WRONG_STEPS = (
    *faulty(_variant, FAULTS),
    Mistake(rebinding(rmsprop_step), REBOUND),
    Mistake(
        _in_place,
        "You square `g` in place, so that the step goes along the square. `g` belongs "
        "to the caller: g * g makes a new array.",
    ),
    Mistake(
        _eps_outside,
        "eps is added to the fraction. It belongs below the line: put brackets around "
        "the root and eps.",
    ),
    Mistake(
        _never_begun,
        '`state` is empty before the first step, so there is no "square" to read. '
        'state.get("square", 0) begins at zero.',
    ),
    Mistake(
        _from_the_sum,
        'You read the old mean under "sum", where nobody writes any more: it is always '
        'zero. Read it under "square".',
    ),
    Mistake(_without_lr, "The learning rate is missing: lr multiplies the step."),
    Mistake(
        _of_gradients,
        "You average the gradients and square afterwards. It is the mean of the "
        "squares: gradients of opposite signs must not cancel here.",
    ),
    Mistake(
        _old_mean_used,
        "You divide by the mean before this gradient entered it. First change the "
        "mean, then divide.",
    ),
    Mistake(
        _corrected,
        "You correct the mean for its start at zero. That is Adam's idea; RMSprop "
        "leaves it out.",
    ),
)


def _probe(answer, gradients, options):
    return walk(answer, gradients, (1.0, -2.0, 0.5), ("square",), **options)


EXERCISE = Exercise(
    number="7.2",
    title="Change a line",
    solution=rmsprop_step,
    cases=lambda: [
        (GRADIENTS, {"lr": 0.01, "alpha": 0.9, "eps": 1e-4}),
        (GRADIENTS[::-1], {"lr": 0.1, "alpha": 0.99, "eps": 1e-8}),
        (GRADIENTS[:1], {"lr": 0.5, "alpha": 0.25, "eps": 1e-3}),
    ],
    probe=_probe,
    mistakes=WRONG_STEPS,
    build=_variant,
    faults=FAULTS,
    compared_with="torch.optim.RMSprop on three walks",
    starting_point=_adagrad,
)
