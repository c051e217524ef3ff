"""What the relatives of Adam share: two running means, and weight decay."""


def update_moments(state, grad, options):
    """Move both means towards a gradient: of gradients, and of their squares.

    `state` has "exp_avg" and "exp_avg_sq"; `options` has "beta1" and "beta2".
    """
    mean, square = state["exp_avg"], state["exp_avg_sq"]
    mean.lerp_(grad, 1 - options["beta1"])
    square.mul_(options["beta2"])
    square.addcmul_(grad, grad, value=1 - options["beta2"])
    return mean, square


def decay(p, grad, options):
    """Weight decay: the gradient with it; or, if decoupled, `p` is shrunk instead."""
    if options["weight_decay"] == 0:
        return grad
    if options["decoupled_weight_decay"]:
        p.mul_(options["shrink"])
        return grad
    return grad.add(p, alpha=options["weight_decay"])
