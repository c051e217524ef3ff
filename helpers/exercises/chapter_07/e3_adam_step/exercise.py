"""Exercise 7.3: one step of Adam, with L2 or with decoupled decay."""

from helpers.exercises.chapter_07.e3_adam_step.parts import adam_with
from helpers.exercises.chapter_07.e3_adam_step.walk import (
    GRADIENTS,
    REBOUND,
    rebinding,
    walk,
)
from helpers.exercises.exercise import Exercise, Mistake, faulty


def adam_step(p, g, state, lr, betas, eps, weight_decay, decoupled):
    """Change `p` and `state` by one step of Adam, or of AdamW if `decoupled`."""
    if decoupled:
        p *= 1 - lr * weight_decay
    else:
        g = g + weight_decay * p
    beta1, beta2 = betas
    state["step"] = t = state.get("step", 0) + 1
    mean, square = state.get("exp_avg", 0), state.get("exp_avg_sq", 0)
    state["exp_avg"] = mean = beta1 * mean + (1 - beta1) * g
    state["exp_avg_sq"] = square = beta2 * square + (1 - beta2) * g * g
    scale = (square / (1 - beta2**t)).sqrt() + eps
    p -= lr * (mean / (1 - beta1**t)) / scale


FAULTS = (
    (
        {"correct": "neither"},
        "There is no bias correction: both means began at zero, and after t steps are "
        "too small by 1 - beta**t.",
    ),
    (
        {"correct": "mean only"},
        "The mean is corrected, the mean square is not: it is too small by "
        "1 - beta2**t.",
    ),
    (
        {"correct": "square only"},
        "The mean square is corrected, the mean is not: it is too small by "
        "1 - beta1**t.",
    ),
    (
        {"correct": "one step late"},
        "Your corrections lag one step behind: they use the count before this step. "
        "Count first, so that t is 1 at the first step.",
    ),
    (
        {"correct": "one step early"},
        "Your corrections are one step ahead: t is 1 at the first step.",
    ),
    (
        {"correct": "first power"},
        "You divide by 1 - beta at every step. That is right at the first one only: "
        "the share is 1 - beta**t.",
    ),
    (
        {"correct": "exchanged"},
        "The betas are exchanged in the corrections: beta1 belongs to the mean, beta2 "
        "to the mean square.",
    ),
    (
        {"correct": "after the root"},
        "You divide the root by 1 - beta2**t. The correction belongs under the root: "
        "divide the square by it, or the root by its root.",
    ),
    (
        {"write_back": True},
        "You write the corrected means back into the state, where the next step "
        "averages and corrects them again. Use them for this step only.",
    ),
    (
        {"shares": "exchanged"},
        "The betas are exchanged: the first belongs to the mean, the second to the "
        "mean square.",
    ),
    (
        {"shares": "other share"},
        "beta and 1 - beta are exchanged: the old mean survives with the share beta.",
    ),
    (
        {"shares": "sums"},
        "The new gradient enters whole. In a mean it enters with the share 1 - beta.",
    ),
    (
        {"square": "of the mean"},
        "You square the mean of the gradients. What is asked for is the mean of their "
        "squares: opposite signs must not cancel below the line.",
    ),
    (
        {"scale": "eps inside"},
        "eps stands inside of the root. PyTorch adds it to the root.",
    ),
    (
        {"scale": "eps before correction"},
        "eps is added to the root before the correction, and so is divided with it. "
        "Correct first, then add eps.",
    ),
    ({"scale": "no eps"}, "eps is missing: it is added to the root."),
    ({"scale": "no root"}, "The root of the mean square is missing."),
    (
        {"above": "gradient"},
        "Above the line stands the gradient itself: that is RMSprop with a correction. "
        "Adam takes the corrected mean of the gradients.",
    ),
    ({"sign": 1}, "The sign is turned: a step goes against the gradient."),
    (
        {"keep": False},
        "The means are not kept in `state`, so each step begins at zero again.",
    ),
    (
        {"decay": "never"},
        "weight_decay is not used: both kinds of decay are asked for.",
    ),
    (
        {"decay": "always L2"},
        "With `decoupled` the decay still goes through the gradient, where Adam "
        "divides it. Shrink the parameter itself instead.",
    ),
    (
        {"decay": "always decoupled"},
        "Without `decoupled` the decay is an L2 penalty: weight_decay times the "
        "parameter is added to the gradient, before the means.",
    ),
    (
        {"decay": "exchanged"},
        "The two kinds of decay are exchanged: `decoupled` shrinks the parameter, and "
        "L2 goes through the gradient.",
    ),
    (
        {"decay": "both"},
        "With `decoupled` you decay twice, through the gradient and directly. It "
        "replaces the L2 penalty.",
    ),
    (
        {"decay": "after without lr"},
        "You shrink the parameter after the step, and without lr. PyTorch shrinks "
        "first, by the factor 1 - lr * weight_decay.",
    ),
    (
        {"decay": "after"},
        "You shrink the parameter after the step, and the step with it. PyTorch "
        "shrinks first.",
    ),
    (
        {"decay": "without lr"},
        "Your decoupled decay is not multiplied by lr: the factor is "
        "1 - lr * weight_decay.",
    ),
    (
        {"decay": "uphill"},
        "Your decoupled decay makes the parameter grow: the factor is "
        "1 - lr * weight_decay.",
    ),
    (
        {"decay": "L2 in place"},
        "You add the penalty to `g` in place. `g` belongs to the caller: make a new "
        "array, g = g + weight_decay * p.",
    ),
    (
        {"decay": "L2 times lr"},
        "Your L2 penalty is multiplied by lr. What is added to the gradient is "
        "weight_decay times the parameter.",
    ),
)
ALONE = faulty(adam_with, FAULTS)


def _without_lr(p, g, state, lr, betas, eps, weight_decay, decoupled):
    decay = weight_decay * lr if decoupled else weight_decay
    adam_step(p, g, state, 1.0, betas, eps, decay, decoupled)


def _uncounted(p, g, state, **options):
    adam_step(p, g, state, **options)
    del state["step"]


def _climbing_penalty(p, g, state, lr, betas, eps, weight_decay, decoupled):
    decay = weight_decay if decoupled else -weight_decay
    adam_step(p, g, state, lr, betas, eps, decay, decoupled)


def _never_begun(p, g, state, **options):
    state["exp_avg"] = state["exp_avg"] + g


def _decay_rebinds(p, g, state, lr, betas, eps, weight_decay, decoupled):
    mine = p.clone() if decoupled else p
    adam_step(mine, g, state, lr, betas, eps, weight_decay, decoupled)


OTHERS = (
    Mistake(_without_lr, "The learning rate is missing: lr multiplies the step."),
    Mistake(
        _uncounted,
        'The count is not kept: after each step, state["step"] holds how many there '
        "were, 1 after the first.",
    ),
    Mistake(
        _climbing_penalty,
        "The sign of the L2 penalty is turned: weight_decay times the parameter is "
        "added to the gradient.",
    ),
    Mistake(
        _never_begun,
        "`state` is empty before the first step, so there is nothing to read. "
        'state.get("exp_avg", 0) begins at zero.',
    ),
)
REBINDING = (
    Mistake(rebinding(adam_step), REBOUND),
    Mistake(_decay_rebinds, REBOUND),
    Mistake(adam_with(sign=0), REBOUND),  # the decay moves it, the step does not
)

NAMES = ("step", "exp_avg", "exp_avg_sq")


def _probe(answer, gradients, options):
    return walk(answer, gradients, (1.0, -2.0, 0.5), NAMES, **options)


def _cases():
    """L2, decoupled and no decay; a single step, and several."""
    common = {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-3}
    return [
        (GRADIENTS[:1], common | {"weight_decay": 0.0, "decoupled": False}),
        (GRADIENTS, common | {"weight_decay": 0.0, "decoupled": True}),
        (GRADIENTS[::-1], common | {"weight_decay": 0.5, "decoupled": False}),
        (GRADIENTS, common | {"weight_decay": 0.5, "decoupled": True}),
    ]


EXERCISE = Exercise(
    number="7.3",
    title="Adam and AdamW",
    solution=adam_step,
    cases=_cases,
    probe=_probe,
    mistakes=(*REBINDING, *ALONE, *OTHERS),
    build=adam_with,
    faults=FAULTS,
    compared_with="torch.optim.Adam and AdamW on four walks",
    tolerance=1e-6,  # a count may be a tensor of 32 bits
)
