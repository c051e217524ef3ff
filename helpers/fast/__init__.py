"""Fast steps: a whole training step as one graph, and steps inside backward.

With this module one can: have forward, backward and step compiled together
(`compiled_step`), which says what it can't capture (`CaptureError`), and step each
parameter while backward goes on, so that gradients needn't all be held at once
(`gradient_release`).
"""

from helpers.fast.compiled_step import CompiledStep, compiled_step
from helpers.fast.errors import CaptureError
from helpers.fast.gradient_release import GradientRelease, gradient_release

__all__ = [
    "CaptureError",
    "CompiledStep",
    "GradientRelease",
    "compiled_step",
    "gradient_release",
]
