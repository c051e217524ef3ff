"""Fast steps: a whole training step as one graph, or within backward.

With this module one can: have forward, backward and step compiled together
(`compiled_step`), which says what it can't capture (`CaptureError`).
"""

from helpers.fast.compiled_step import CompiledStep, compiled_step
from helpers.fast.errors import CaptureError

__all__ = ["CaptureError", "CompiledStep", "compiled_step"]
