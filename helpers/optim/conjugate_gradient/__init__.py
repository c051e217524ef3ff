"""Conjugate gradients, nonlinear and linear."""

from helpers.optim.conjugate_gradient.linear import linear_conjugate_gradient
from helpers.optim.conjugate_gradient.nonlinear import ConjugateGradient

__all__ = ["ConjugateGradient", "linear_conjugate_gradient"]
