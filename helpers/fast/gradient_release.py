"""Stepping inside backward: each gradient is used, and freed, once it is complete."""

import torch

from helpers.fast.refusals import check_released
from helpers.optim.execution import dispatch

RELEASED = "_gradient_released"  # an attribute of parameters; clipping looks for it


def gradient_release(optimizer, *, before_step=None):
    """Step each parameter within `backward()`, and free its gradient at once.

    The plain loop holds the gradients of all parameters when `step()` begins. With
    this, no more than that of one at a time is held. The loop itself stays as it is:
    `zero_grad()` and `step()` find nothing left to do, and schedulers go on as before.

    Args:
        optimizer: one of `helpers.optim`, over torch's parameters or ours, with its
            groups and options as they are. Parameters that are frozen now, or added
            later, are stepped by `step()`, as ever.
        before_step: a function of one parameter, called when its gradient is complete,
            such as `lambda p: nn.utils.clip_grad_norm_(p, 1.0)`, which clips each by
            its own norm (None).

    Returns a `GradientRelease`, whose `remove()` ends it.

    The parameters are, to the bit, those of the plain loop: one that is shared by
    several layers is stepped once, when all have sent their part. A graph that is to be
    used again after a step, by `backward(retain_graph=True)`, finds that parameters
    have changed, and says so.

    Raises: `TypeError` for optimizers that need a closure or are not ours,
    `RuntimeError` for one that is released already, or whose steps gradients are to
    flow through. Later, `RuntimeError` for a second `backward()` before `step()`:
    gradients can't be accumulated, since the first were used; and for
    `nn.utils.clip_grad_norm_` after backward: the norm of all gradients is known only
    when all are there.

    Source: PyTorch's tutorial "How to save memory by fusing the optimizer step into the
    backward pass"; the name is optimi's. Chapter 14 builds it.

    >>> from helpers import optim
    >>> model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1))
    >>> optimizer = optim.SGD(model.parameters(), lr=0.1)
    >>> release = gradient_release(optimizer)
    >>> model(torch.ones(1, 2)).sum().backward()
    >>> optimizer.step()
    >>> model[0].weight.grad is None
    True
    >>> release.peak_bytes, release.plain_bytes
    (24, 52)
    """
    check_released(optimizer, RELEASED)
    return GradientRelease(optimizer, before_step)


class GradientRelease:
    """The hooks by which an optimizer steps inside backward.

    Attributes: `peak_bytes`, the most bytes of complete gradients that were held at
    once so far; `plain_bytes`, what the plain loop holds when `step()` begins.
    """

    def __init__(self, optimizer, before_step=None):
        self.optimizer, self.before_step = optimizer, before_step
        self.groups, self.handles, self.stepped = {}, [], set()
        self.peak_bytes = self.plain_bytes = self.held_bytes = 0
        for place, group in enumerate(optimizer.param_groups):
            for parameter in group["params"]:
                if parameter.requires_grad:
                    self.watch(parameter, place)
        self.handles.append(optimizer.register_step_post_hook(self.begin_anew))

    def watch(self, parameter, place):
        """Have a parameter of a group stepped when its gradient is complete."""
        self.groups[parameter] = place, {"params": [parameter]}
        self.plain_bytes += parameter.numel() * parameter.element_size()
        setattr(parameter, RELEASED, True)
        self.handles.append(parameter.register_post_accumulate_grad_hook(self.step))

    def step(self, parameter):
        """Step one parameter, and free its gradient."""
        if parameter in self.stepped:
            raise RuntimeError(
                f"A gradient of shape {tuple(parameter.shape)} came a second time "
                "before optimizer.step(). With gradient_release each backward() is a "
                "step, and what it used is gone, so nothing accumulates: call "
                "optimizer.step() after each backward(), or accumulate without "
                "gradient_release (its remove() ends it)"
            )
        gradient = parameter.grad
        size = gradient.numel() * gradient.element_size()
        self.held_bytes += size
        self.peak_bytes = max(self.peak_bytes, self.held_bytes)
        del gradient
        with torch.no_grad():
            if self.before_step is not None:
                self.before_step(parameter)
            dispatch.step_group(self.optimizer, self.group_of(parameter))
        self.stepped.add(parameter)
        parameter.grad = None
        self.held_bytes -= size

    def group_of(self, parameter):
        """A group of this parameter alone, with the options of now."""
        place, group = self.groups[parameter]
        options = dict(self.optimizer.param_groups[place])
        del options["params"]
        group.update(options)
        return group

    def begin_anew(self, optimizer, args, kwargs):
        """Hook: `optimizer.step()` was called, so the next gradients may come."""
        self.stepped.clear()

    def remove(self):
        """End it: from now on `backward()` leaves gradients where they are."""
        for handle in self.handles:
            handle.remove()
        for parameter in self.groups:
            delattr(parameter, RELEASED)
        self.handles, self.groups = [], {}
