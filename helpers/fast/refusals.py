"""What a compiled step refuses before it starts, with what to do instead."""

from helpers.fast.errors import CaptureError
from helpers.optim import SparseAdam
from helpers.optim.base import hooks
from helpers.optim.closure_optimizer import ClosureOptimizer
from helpers.optim.lr_scheduler.order import note_step
from helpers.optim.optimizer import Optimizer

CAPTURABLE = "SGD, Adam, AdamW, RMSprop, Adagrad and the others of helpers.optim whose "
CAPTURABLE += "rule is written once for tensors, lists and graphs"


def check_optimizer(optimizer):
    """Raise `TypeError` for an optimizer whose step can't be part of a graph."""
    name = type(optimizer).__name__
    if isinstance(optimizer, ClosureOptimizer):
        raise TypeError(
            f"{name} asks a closure for the loss as often as it needs, which only "
            "Python can decide: it can't be one graph. Use the plain loop, "
            f"optimizer.step(closure), or an optimizer that can: {CAPTURABLE}"
        )
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer is a {type(optimizer).__module__}.{name}. A compiled step "
            "needs a rule that it can trace: build the optimizer of the same name from "
            f"helpers.optim, with the same arguments. These can: {CAPTURABLE}"
        )
    if optimizer.one_by_one:
        sparse = " and takes sparse gradients" * isinstance(optimizer, SparseAdam)
        raise TypeError(
            f"{name}'s rule is written for one plain tensor at a time{sparse}; it "
            "can't be traced. Use the plain loop, or an optimizer that can: "
            f"{CAPTURABLE}"
        )


def check_steps(steps):
    """Raise `TypeError` or `ValueError` unless a number of steps is 1 or more."""
    if isinstance(steps, bool) or not isinstance(steps, int):
        raise TypeError(
            f"steps = {steps!r} of type {type(steps).__name__}. It is an integer from "
            "1 up: how many steps one graph does. Leave it out for one"
        )
    if steps < 1:
        raise ValueError(
            f"steps = {steps}. It is an integer from 1 up: how many steps one graph "
            "does. Leave it out for one"
        )


def check_hooks(optimizer):
    """Raise `CaptureError` for hooks around `step`: they would not run."""
    if not any(tables_of_hooks(optimizer)):
        return
    for when in ("pre", "post"):
        own = getattr(optimizer, f"_optimizer_step_{when}_hooks").values()
        others = (
            (hooks.BEFORE_EVERY_STEP, hooks._global_optimizer_pre_hooks)
            if when == "pre"
            else (hooks.AFTER_EVERY_STEP, hooks._global_optimizer_post_hooks)
        )
        found = [*own, *(hook for each in others for hook in each.values())]
        found = [
            hook
            for hook in found
            if hook is not note_step and not getattr(hook, "only_looks", False)
        ]
        if found:
            raise CaptureError(
                f"{found[0]!r} is to be called around optimizer.step(), and a graph "
                "calls no Python. Call it yourself after step(inputs, targets), pass "
                "what changes gradients as before_step, or fallback=True for the plain "
                "loop"
            )


def tables_of_hooks(optimizer):
    """The dicts in which hooks around a step are kept."""
    return (
        optimizer._optimizer_step_pre_hooks,
        optimizer._optimizer_step_post_hooks,
        hooks.BEFORE_EVERY_STEP,
        hooks.AFTER_EVERY_STEP,
        hooks._global_optimizer_pre_hooks,
        hooks._global_optimizer_post_hooks,
    )


def check_released(optimizer, mark):
    """Raise `TypeError` or `RuntimeError` for what can't step inside backward."""
    name = type(optimizer).__name__
    if isinstance(optimizer, ClosureOptimizer):
        raise TypeError(
            f"{name} asks a closure for loss and gradients of all, and moves them "
            "together: it can't step while backward goes on. Use the plain loop, "
            "or an optimizer without a closure, such as helpers.optim.SGD"
        )
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer is a {type(optimizer).__module__}.{name}, which steps all its "
            "parameters at once. gradient_release takes those of helpers.optim: build "
            "the one of the same name, with the same arguments"
        )
    for group in optimizer.param_groups:
        if group.get("differentiable"):
            raise RuntimeError(
                "differentiable=True lets gradients flow through the step, and a "
                "gradient that is freed can't: leave one of the two out"
            )
        if any(getattr(p, mark, False) for p in group["params"]):
            raise RuntimeError(
                "A parameter of this optimizer is stepped inside backward already, and "
                "would be twice: keep the first gradient_release, or call its remove()"
            )
