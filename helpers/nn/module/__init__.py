"""Module: the base of all layers and networks."""

from helpers.nn.module.loading import IncompatibleKeys
from helpers.nn.module.module import Module

__all__ = ["IncompatibleKeys", "Module"]
