"""A slider over a list of numbers that tells a screen reader the number.

The sliders of ipywidgets tell it a place along the track: the exponent on a logarithmic
scale, the index in a list, and rounding noise (0.30000000000000004).
"""

from bisect import bisect
from numbers import Real
from pathlib import Path

import anywidget
from traitlets import Any, Int, List, TraitError, Unicode, observe, validate

HERE = Path(__file__).parent


class SpokenSlider(anywidget.AnyWidget):
    """A native slider; its steps are given, and each is shown and spoken as a text.

    Args:
        steps: the numbers, ascending.
        value: where it stands at first; a number between two steps becomes a step.
        text_of: makes the text of a number.
        more: traits of a widget, such as `description`.

    Setting `value` raises TraitError if it is not a number, or beyond the ends.

    >>> control = SpokenSlider([0.1, 1.0, 10.0], 1.0, "{:g}".format)
    >>> control.index = 2
    >>> control.value
    10.0
    """

    _esm = HERE / "spoken_slider.js"
    _css = HERE / "spoken_slider.css"
    texts = List(Unicode()).tag(sync=True)
    index = Int().tag(sync=True)
    description = Unicode().tag(sync=True)
    value = Any()

    def __init__(self, steps, value, text_of=str, **more):
        self.steps, self.text_of = list(steps), text_of
        super().__init__(value=value, **more)

    @validate("value")
    def _number_inside(self, proposal):
        value, low, high = proposal.value, self.steps[0], self.steps[-1]
        if not (isinstance(value, Real) and low <= value <= high):
            raise TraitError(
                f"value = {value!r}; give a number from {low:g} to {high:g}"
            )
        return clean(value) if isinstance(low, float) else int(value)

    @observe("value")
    def _move(self, change):
        if self.value not in self.steps:
            self.steps.insert(bisect(self.steps, self.value), self.value)
        with self.hold_sync():
            self.texts = [self.text_of(step) for step in self.steps]
            self.index = self.steps.index(self.value)

    @observe("index")
    def _take_step(self, change):
        self.value = self.steps[self.index]


def clean(value: float) -> float:
    """A float without the noise of counting up in steps.

    >>> clean(0.1 + 0.2)
    0.3
    """
    return float(f"{value:.12g}")
