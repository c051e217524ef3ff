"""The engine: gradients travel from the outputs down to the leaves."""

from helpers.autograd.engine.accumulate import accumulate
from helpers.autograd.engine.engine import Pass, backward, grad

__all__ = ["Pass", "accumulate", "backward", "grad"]
