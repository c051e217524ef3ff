"""Begin with last_epoch=N: what the optimizer must have, and may have."""

import math

from helpers.optim.lr_scheduler.rates import copy_of, put_all


def remember_initial(optimizer, last_epoch):
    """Note in each group the rate that it begins with, under "initial_lr".

    Raises: `KeyError` if it is to be there already, and isn't.
    """
    for place, group in enumerate(optimizer.param_groups):
        if last_epoch == -1:
            group.setdefault("initial_lr", copy_of(group["lr"]))
        elif "initial_lr" not in group:
            raise KeyError(
                f"param 'initial_lr' is not specified in param_groups[{place}] when "
                f"resuming scheduler with last_epoch={last_epoch}: call "
                "optimizer.load_state_dict first, with what was saved of an optimizer "
                "that had a scheduler. For a new run leave last_epoch out"
            )


def check_resumed(scheduler, loaded, known):
    """Raise `ValueError`, the loaded rates put back, if another hand has set them.

    Args:
        scheduler: one that was built with last_epoch=N.
        loaded: the rates that the optimizer had.
        known: lists of the rates of the beginning, of epoch N, and of epoch N + 1.
    """
    for place, rate in enumerate(loaded):
        rates = [float(each[place]) for each in known]
        if any(math.isclose(float(rate), each, rel_tol=1e-5) for each in rates):
            continue
        put_all(scheduler.optimizer, "lr", loaded)
        raise ValueError(
            f"the rate of param_groups[{place}] is {float(rate):.6g}, which is not "
            f"from this {type(scheduler).__name__}: it has {rates[1]:.6g} at epoch "
            f"{scheduler.last_epoch - 1} and {rates[2]:.6g} at epoch "
            f"{scheduler.last_epoch}. If several schedulers share the optimizer, leave "
            "last_epoch out, and call load_state_dict with what was saved of each"
        )
