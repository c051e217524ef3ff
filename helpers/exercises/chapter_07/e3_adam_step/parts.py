"""Exercise 7.3's wrong answers as code: Adam with slips in it."""

CORRECTIONS = {
    "right": lambda b1, b2, t: (1 - b1**t, 1 - b2**t),
    "neither": lambda b1, b2, t: (1, 1),
    "mean only": lambda b1, b2, t: (1 - b1**t, 1),
    "square only": lambda b1, b2, t: (1, 1 - b2**t),
    "one step late": lambda b1, b2, t: (
        1 - b1 ** (t - 1) + 1e-300 * (t == 1),
        1 - b2 ** (t - 1) + 1e-300 * (t == 1),
    ),
    "one step early": lambda b1, b2, t: (1 - b1 ** (t + 1), 1 - b2 ** (t + 1)),
    "first power": lambda b1, b2, t: (1 - b1, 1 - b2),
    "exchanged": lambda b1, b2, t: (1 - b2**t, 1 - b1**t),
    "after the root": lambda b1, b2, t: (1 - b1**t, (1 - b2**t) ** 2),
}
SCALES = {
    "right": lambda square, full, eps: (square / full).sqrt() + eps,
    "eps inside": lambda square, full, eps: (square / full + eps).sqrt(),
    "eps before correction": lambda square, full, eps: (
        (square.sqrt() + eps) / full**0.5
    ),
    "no eps": lambda square, full, eps: (square / full).sqrt(),
    "no root": lambda square, full, eps: square / full + eps,
}
SHARES = {
    "right": lambda b1, b2: ((b1, 1 - b1), (b2, 1 - b2)),
    "exchanged": lambda b1, b2: ((b2, 1 - b2), (b1, 1 - b1)),
    "other share": lambda b1, b2: ((1 - b1, b1), (1 - b2, b2)),
    "sums": lambda b1, b2: ((b1, 1), (b2, 1)),
}


def _l2_in_place(p, g, lr, weight_decay):
    g += weight_decay * p
    return g


def _l2(p, g, lr, weight_decay):
    return g + weight_decay * p


def _l2_times_lr(p, g, lr, weight_decay):
    return g + lr * weight_decay * p


def _shrink(p, g, lr, weight_decay):
    p *= 1 - lr * weight_decay
    return g


def _shrink_without_lr(p, g, lr, weight_decay):
    p *= 1 - weight_decay
    return g


def _grow(p, g, lr, weight_decay):
    p *= 1 + lr * weight_decay
    return g


def _both(p, g, lr, weight_decay):
    return _shrink(p, _l2(p, g, lr, weight_decay), lr, weight_decay)


def _nothing(p, g, lr, weight_decay):
    return g


DECAYS = {  # before the means: without `decoupled`, and with it
    "right": (_l2, _shrink),
    "never": (_nothing, _nothing),
    "always L2": (_l2, _l2),
    "always decoupled": (_shrink, _shrink),
    "exchanged": (_shrink, _l2),
    "both": (_l2, _both),
    "after": (_l2, _nothing),
    "after without lr": (_l2, _nothing),
    "without lr": (_l2, _shrink_without_lr),
    "uphill": (_l2, _grow),
    "L2 in place": (_l2_in_place, _shrink),
    "L2 times lr": (_l2_times_lr, _shrink),
}


def adam_with(
    correct="right",
    write_back=False,
    shares="right",
    square="of the gradient",
    scale="right",
    above="mean",
    sign=-1,
    keep=True,
    decay="right",
):
    """A step of Adam with the slips that the arguments name; without any, a right one.

    >>> import torch
    >>> p, state = torch.ones(1), {}
    >>> adam_with(sign=1)(p, p.clone(), state, 0.5, (0.9, 0.999), 0.0, 0.0, False)
    >>> round(p.item(), 4)
    1.5
    """

    def adam_step(p, g, state, lr, betas, eps, weight_decay, decoupled):
        g = DECAYS[decay][decoupled](p, g, lr, weight_decay)
        t = state.get("step", 0) + 1
        of_mean, of_square = SHARES[shares](*betas)
        mean = of_mean[0] * state.get("exp_avg", 0) + of_mean[1] * g
        power = mean if square == "of the mean" else g
        squares = of_square[0] * state.get("exp_avg_sq", 0) + of_square[1] * power**2
        full = CORRECTIONS[correct](*betas, t)
        found = {"step": t, "exp_avg": mean, "exp_avg_sq": squares}
        if write_back:
            found |= {"exp_avg": mean / full[0], "exp_avg_sq": squares / full[1]}
        state.update(found if keep else {})
        top = mean / full[0] if above == "mean" else g
        p += sign * lr * top / SCALES[scale](squares, full[1], eps)
        if decay.startswith("after") and decoupled:
            p *= 1 - (1 if "without" in decay else lr) * weight_decay

    return adam_step
