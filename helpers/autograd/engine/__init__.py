"""The engine: gradients travel from the outputs down to the leaves."""

from helpers.autograd.engine.accumulate import accumulate
from helpers.autograd.engine.engine import backward, grad
from helpers.autograd.engine.gradient_pass import Pass

__all__ = ["Pass", "accumulate", "backward", "grad"]
