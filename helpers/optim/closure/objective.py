"""The loss as a function of one long vector: all parameters, end to end.

Methods that look at the loss more than once a step, conjugate gradients and LBFGS,
think of the parameters as one point, and of the gradients as one arrow.
"""

import math

import torch

from helpers.optim.base.parameters import array_of, arrays_of, as_real
from helpers.optim.base.products import dot
from helpers.optim.base.warn_once import warn_once
from helpers.optim.closure.call import call_required
from helpers.optim.closure.gradient_watch import (
    FORGOT_BACKWARD,
    FORGOT_ZERO_GRAD,
    GradientWatch,
)
from helpers.optim.execution.places import with_places_of_parameters


class Objective:
    """The loss as a function of all parameters of an optimizer with one group.

    It evaluates the loss and its gradient, moves the parameters, and puts them back. A
    vector is a flat tensor of real numbers: parameter after parameter, each complex
    number as a pair.

    Args:
        optimizer: the `Optimizer`, of one group.
        closure: computes the loss anew, calls `backward()` and returns the loss.

    Attributes: `evaluations`, how often the closure was called; `first`, the loss that
    it returned first, None before.

    Raises: what `helpers.optim.closure.call.call_required` raises. Chapter 11 builds
    it.

    >>> from helpers.optim import LBFGS
    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    >>> optimizer = LBFGS([weight])
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = (weight**2).sum()
    ...     loss.backward()
    ...     return loss
    >>> objective = Objective(optimizer, closure)
    >>> objective.evaluate()
    (5.0, tensor([2., 4.]))
    >>> objective.move(-0.5, torch.tensor([2.0, 4.0]))
    >>> weight.tolist(), objective.evaluations
    ([0.0, 0.0], 1)
    """

    def __init__(self, optimizer, closure):
        self.optimizer = optimizer
        self.closure = closure
        self.parameters = optimizer.param_groups[0]["params"]
        self.evaluations = 0
        self.first = self.first_gradient = None

    def evaluate(self):
        """The loss here, a Python number, and its gradient, a vector of its own."""
        self.evaluations += 1
        with GradientWatch(self.parameters if self.shows_clearing() else ()) as watch:
            loss, value = call_required(self.optimizer, self.closure)
        gradient = self.gradient()
        if watch.adds:
            warn_once(self.optimizer, FORGOT_ZERO_GRAD)
        if self.evaluations == 1:
            self.first, self.first_gradient = loss, gradient
        elif self.evaluations == 2:
            if watch.is_idle and torch.equal(gradient, self.first_gradient):
                warn_once(self.optimizer, FORGOT_BACKWARD)
            self.first_gradient = None
        return value, gradient

    def shows_clearing(self):
        """Whether this call shows if the closure clears gradients: one was before it.

        It is the second of a step, or the first if there was but one in the last step.
        """
        alone = self.optimizer.__dict__.get("_evaluated_once", False)
        self.optimizer._evaluated_once = self.evaluations == 1
        return self.evaluations == 2 or (alone and self.evaluations == 1)

    @torch.no_grad()
    def gradient(self):
        """The gradients that the last evaluation left, as one vector: a copy."""
        parts = [flat_gradient(each) for each in self.parameters]
        if len(parts) == 1:
            return parts[0].clone()
        try:
            return torch.cat(parts)
        except RuntimeError as error:
            raise with_places_of_parameters(error, self.optimizer) from error

    @torch.no_grad()
    def move(self, step, direction):
        """Add step * direction to the parameters; `direction` is a vector."""
        for array, part in self.parts(direction):
            array.add_(part, alpha=step)

    @torch.no_grad()
    def position(self):
        """Where the parameters stand: a list of copies, for `restore`."""
        return [array.clone() for array in arrays_of(self.parameters)]

    @torch.no_grad()
    def restore(self, position):
        """Put the parameters where they stood when `position()` was called."""
        for array, kept in zip(arrays_of(self.parameters), position, strict=True):
            array.copy_(kept)

    def along(self, direction):
        """The loss along a direction from here, for `helpers.optim.line_search`.

        Returns a function phi(step) -> (value, slope, gradient), numbers and a vector.
        Each call evaluates at position + step * direction, and puts the parameters
        back where they stood when `along` was called, whatever the closure raises. A
        step past all numbers of a dtype is not taken: there the value counts as
        infinite, the slope as NaN, and the gradient as None.
        """
        start = self.position()
        longest = min(torch.finfo(array.dtype).max for array in start)

        def phi(step):
            if step > longest:
                return math.inf, math.nan, None
            self.move(step, direction)
            try:
                value, gradient = self.evaluate()
            finally:
                self.restore(start)
            return value, dot(gradient, direction), gradient

        return phi

    def parts(self, vector):
        """Pairs: the array of a parameter, real, and the part of a vector for it."""
        start = 0
        for array in map(as_real, arrays_of(self.parameters)):
            end = start + array.numel()
            yield array, vector[start:end].view(array.shape)
            start = end


def flat_gradient(parameter):
    """The gradient of a parameter as a flat array of real numbers; zeros if None.

    >>> flat_gradient(torch.nn.Parameter(torch.ones(2, 1)))
    tensor([0., 0.])
    """
    if parameter.grad is None:
        return torch.zeros_like(as_real(array_of(parameter).detach())).flatten()
    gradient = array_of(parameter.grad)
    if gradient.is_sparse:
        gradient = gradient.to_dense()
    return as_real(gradient.resolve_conj()).reshape(-1)
