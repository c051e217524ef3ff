"""The lines that a compiled step stands for, executed as they are."""

import torch

from helpers.fast.batch import called_with, leaves_of, rebuilt


def plain_loop(plan, inputs, targets):
    """One step, or several over stacks of batches: the loss, or a stack of losses.

    Args:
        plan: the step's `Plan`.
        inputs, targets: those of a call.
    """
    if plan.steps == 1:
        return plain_step(plan, inputs, targets)
    batch = inputs, targets
    leaves = leaves_of(batch)
    losses = [
        plain_step(plan, *rebuilt(batch, iter([leaf[place] for leaf in leaves])))
        for place in range(plan.steps)
    ]
    return torch.stack(losses)


def plain_step(plan, inputs, targets):
    """zero_grad, forward, backward, step; the loss, as a raw tensor."""
    optimizer = plan.optimizer
    arguments, named = called_with(inputs)
    optimizer.zero_grad()
    loss = plan.criterion(plan.model(*arguments, **named), targets)
    loss.backward()
    if plan.before_step is not None:
        plan.before_step(
            [p for group in optimizer.param_groups for p in group["params"]]
        )
    optimizer.step()
    return loss.detach() if isinstance(loss, torch.Tensor) else loss.data


def parameters_of(optimizer):
    """All parameters of an optimizer, in order."""
    return [each for group in optimizer.param_groups for each in group["params"]]
