"""Exercise 7.2: from RMSprop's step to its centered one."""

from helpers.exercises.chapter_07.shared_walk import GRADIENTS, REBOUND, rebinding, walk
from helpers.exercises.exercise import Exercise, Mistake, faulty


def centered_step(p, g, state, lr, alpha, eps):
    """Divide the gradient by the fading standard deviation of the gradients."""
    state["square"] = alpha * state.get("square", 0) + (1 - alpha) * g * g
    state["mean"] = alpha * state.get("mean", 0) + (1 - alpha) * g
    variance = state["square"] - state["mean"] ** 2
    p -= lr * g / (variance.sqrt() + eps)


def _rmsprop(p, g, state, lr, alpha, eps):
    state["square"] = alpha * state.get("square", 0) + (1 - alpha) * g * g
    p -= lr * g / (state["square"].sqrt() + eps)


def _fading(old, new, alpha):
    return alpha * old + (1 - alpha) * new


def _variance(square, mean):
    return square - mean**2


def _root_plus_eps(variance, eps):
    return variance.sqrt() + eps


def _variant(
    fade=_fading, variance=_variance, scale=_root_plus_eps, entering=None, name="mean",
    sign=-1, early=False, keep=True,
):  # fmt: skip
    """The centered step with other means, another divisor, or other names."""
    entering = entering or (lambda g: g)

    def centered_step(p, g, state, lr, alpha, eps):
        square = _fading(state.get("square", 0), g * g, alpha)
        before = state.get(name, 0 * g)
        mean = fade(before, entering(g), alpha)
        state["square"] = square
        if keep:
            state[name] = mean
        spread = variance(square, before if early else mean)
        p += sign * lr * g / scale(spread, eps)

    return centered_step


def _mean_of_roots(p, g, state, lr, alpha, eps):
    state["square"] = _fading(state.get("square", 0), g * g, alpha)
    state["mean"] = _fading(state.get("mean", 0), g, alpha)
    p -= lr * (g - state["mean"]) / (state["square"].sqrt() + eps)


def _deviations(p, g, state, lr, alpha, eps):
    state["mean"] = _fading(state.get("mean", 0), g, alpha)
    away = g - state["mean"]
    state["square"] = _fading(state.get("square", 0), away * away, alpha)
    p -= lr * g / (state["square"].sqrt() + eps)


def _in_place(p, g, state, lr, alpha, eps):
    state["square"] = _fading(state.get("square", 0), g * g, alpha)
    g *= 1 - alpha
    state["mean"] = alpha * state.get("mean", 0) + g
    p -= lr * g / (_variance(state["square"], state["mean"]).sqrt() + eps)


def _never_begun(p, g, state, lr, alpha, eps):
    state["square"] = _fading(state.get("square", 0), g * g, alpha)
    state["mean"] = alpha * state["mean"] + (1 - alpha) * g
    p -= lr * g / (_variance(state["square"], state["mean"]).sqrt() + eps)


def _without_lr(p, g, state, lr, alpha, eps):
    centered_step(p, g, state, 1.0, alpha, eps)


FAULTS = (
    (
        {"variance": lambda square, mean: square - mean},
        "You subtract the mean itself. The variance is the mean square minus the "
        "square of the mean.",
    ),
    (
        {"variance": lambda square, mean: square + mean**2},
        "You add the mean's square. It is subtracted: what all gradients have in "
        "common is no deviation.",
    ),
    (
        {"variance": lambda square, mean: square},
        "The mean is kept and not used: the divisor is still RMSprop's.",
    ),
    (
        {"variance": lambda square, mean: mean**2},
        "You divide by the mean's size. The divisor is the root of the mean square "
        "minus the mean's square.",
    ),
    (
        {"fade": lambda old, new, alpha: (1 - alpha) * old + alpha * new},
        "In the mean alpha and 1 - alpha are exchanged: the old mean survives with the "
        "share alpha, as the old mean square does.",
    ),
    (
        {"fade": lambda old, new, alpha: alpha * old + new},
        "In the mean the old part fades, but the new gradient enters whole. For a mean "
        "it is multiplied by 1 - alpha.",
    ),
    (
        {"entering": lambda g: g * g},
        "You average the squares twice. Into the mean goes the gradient itself, with "
        "its sign.",
    ),
    (
        {"entering": lambda g: g.abs()},
        "You average sizes. The mean is that of the gradients with their signs, so "
        "that opposite ones cancel.",
    ),
    (
        {"name": "average"},
        "The step is right, and the mean stands under another name. It is asked for as "
        '"mean".',
    ),
    (
        {"early": True},
        "You subtract the square of the mean before this gradient entered it. First "
        "change both means, then divide.",
    ),
    (
        {"keep": False},
        "The new mean is not kept in `state`, so each step begins from zero again.",
    ),
    (
        {"scale": lambda variance, eps: (variance + eps).sqrt()},
        "eps stands inside of the root. It is added to the root; inside, a small eps "
        "becomes its own root, which is much larger.",
    ),
    (
        {"scale": lambda variance, eps: variance + eps},
        "The root is missing: you divide by the variance instead of the deviation.",
    ),
    (
        {"sign": 1},
        "The sign is turned: a step goes against the gradient.",
    ),
)
WRONG_STEPS = (
    *faulty(_variant, FAULTS),
    Mistake(rebinding(centered_step), REBOUND),
    Mistake(
        _mean_of_roots,
        "You take the mean off the gradient. The gradient stays as it is; the mean's "
        "square comes off below the line.",
    ),
    Mistake(
        _deviations,
        "You average the squares of deviations from a mean that moves. PyTorch keeps "
        "the mean square as it was, and subtracts the mean's square from it.",
    ),
    Mistake(
        _in_place,
        "You change `g` in place, and the step goes along what is left of it. `g` "
        "belongs to the caller: (1 - alpha) * g makes a new array.",
    ),
    Mistake(
        _never_begun,
        '`state` is empty before the first step, so there is no "mean" to read. '
        'state.get("mean", 0) begins at zero.',
    ),
    Mistake(_without_lr, "The learning rate is missing: lr multiplies the step."),
)


def _probe(answer, gradients, options):
    return walk(answer, gradients, (1.0, -2.0, 0.5), ("square", "mean"), **options)


EXERCISE = Exercise(
    number="7.2",
    title="Change a line",
    solution=centered_step,
    cases=lambda: [
        (GRADIENTS, {"lr": 0.01, "alpha": 0.9, "eps": 1e-4}),
        (GRADIENTS[::-1], {"lr": 0.1, "alpha": 0.99, "eps": 1e-8}),
        (GRADIENTS[:1], {"lr": 0.5, "alpha": 0.25, "eps": 1e-3}),
    ],
    probe=_probe,
    mistakes=WRONG_STEPS,
    build=_variant,
    faults=FAULTS,
    compared_with="torch.optim.RMSprop(centered=True) on three walks",
    starting_point=_rmsprop,
)
