"""What the `step` of an optimizer or a scheduler must be handed."""

import inspect


def needs_closure(optimizer):
    """Tell whether `optimizer.step` must be handed a closure, as that of LBFGS."""
    return _required(optimizer.step, "closure")


def needs_metric(scheduler):
    """Tell whether `scheduler.step` must be handed a metric, as ReduceLROnPlateau's."""
    return _required(scheduler.step, "metrics")


def _required(function, name):
    """Whether `function` has a parameter of that name without a default."""
    parameter = inspect.signature(function).parameters.get(name)
    return parameter is not None and parameter.default is parameter.empty
