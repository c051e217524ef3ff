"""Does an optimizer that was built earlier hold the parameters of the module?"""

import warnings


def check_optimizer(named, optimizer):
    """Say whether an optimizer moves the parameters that are averaged.

    One that was built before the module was wrapped stays right, because wrapping keeps
    the parameters: they are the same objects. It is wrong if the module was copied, or
    a part of it replaced, in between.

    Args:
        named (dict): the module's parameters that require grad, by name.
        optimizer: with `param_groups`; or a list of several.

    Raises:
        ValueError: they hold none of the module's parameters.

    Warns of parameters of the module that none holds, by name.
    """
    optimizers = optimizer if isinstance(optimizer, (list, tuple)) else [optimizer]
    held = {
        id(parameter)
        for each in optimizers
        for group in each.param_groups
        for parameter in group["params"]
    }
    lacking = [name for name, each in named.items() if id(each) not in held]
    if len(lacking) == len(named):
        raise ValueError(
            f"the optimizer holds {len(held)} parameters, and none of the module's "
            f"{len(named)}; allowed is one built over them, before or after wrapping: "
            "the module was copied or replaced since, so build the optimizer anew"
        )
    if lacking:
        warnings.warn(
            f"the optimizer doesn't hold {', '.join(lacking)}, which require grad: "
            "they will not move. Were they replaced after it was built? Build it "
            "anew, or freeze them with requires_grad_(False)",
            stacklevel=3,
        )
