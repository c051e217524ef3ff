"""Derivatives checked against finite differences."""

from helpers.autograd.gradcheck.checks import GradcheckError
from helpers.autograd.gradcheck.gradcheck import gradcheck, gradgradcheck

__all__ = ["GradcheckError", "gradcheck", "gradgradcheck"]
