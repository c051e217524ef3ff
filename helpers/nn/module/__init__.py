"""Module: the base of all layers and networks."""

from helpers.nn.module.module import Module
from helpers.nn.module.loading import IncompatibleKeys

__all__ = ["IncompatibleKeys", "Module"]
