"""Controls for live figures, each with a label, a range and a keyboard.

With this module one can:

- choose a number along a line (`slider`) or over powers of ten (`log_slider`),
- choose one of several things (`choice`), or yes and no (`switch`),
- set a control (`set_value`).
"""

import math
from decimal import Decimal
from numbers import Real

import ipywidgets

from helpers.viz.spoken_slider import SpokenSlider, clean

_ROOM = {"width": "330px", "max_width": "100%", "margin": "2px 12px 2px 0"}
_STYLE = {"description_width": "initial"}


def slider(value, low, high, step, label: str | None = None):
    """A slider for a number; for whole numbers if all of its numbers are whole.

    Args:
        value: where it stands at first.
        low, high: the ends of the range.
        step: the smallest change, above 0.
        label: the text beside it; by default the control's name in `LiveFigure`.

    Raises: ValueError if the range is empty, `value` is outside it, or `step` <= 0.

    >>> slider(0.1, 0.0, 1.0, 0.01).value
    0.1
    """
    _check_range(value, low, high)
    if not step > 0:
        raise ValueError(f"step = {step}; it must be above 0. Give the smallest change")
    count = math.floor((high - low) / step + 1e-9)
    if all(isinstance(number, int) for number in (value, low, high, step)):
        steps, text_of = [low + k * step for k in range(count + 1)], str
    else:
        steps = [clean(low + k * step) for k in range(count + 1)]
        text_of = _text_with_digits_of(step)
    return _slider_over({*steps, high}, value, text_of, label)


def log_slider(value, low, high, steps: int = 10, label: str | None = None):
    """A slider for a number above 0, over powers of ten, in numbers of two digits.

    Args:
        value: where it stands at first.
        low, high: the ends of the range, above 0.
        steps: how many steps make one power of ten, 1 to 20.
        label: the text beside it; by default the control's name in `LiveFigure`.

    Raises: ValueError if `low` <= 0, the range is empty, `value` is outside it, or
        there are too many steps.

    >>> log_slider(0.01, 1e-4, 1.0, steps=3).texts[:5]
    ['0.0001', '0.00022', '0.00046', '0.001', '0.0022']
    """
    if not low > 0:
        raise ValueError(f"low = {low}; powers of ten are above 0. Give a small number")
    if not 1 <= steps <= 20:
        raise ValueError(f"steps = {steps}; two digits make 1 to 20 steps. Give fewer")
    _check_range(value, low, high)
    count = math.floor(steps * math.log10(high / low) + 1e-9)
    rounded = {float(f"{low * 10 ** (k / steps):.1e}") for k in range(count + 1)}
    inside = {number for number in rounded if low <= number <= high}
    return _slider_over(
        {float(low), *inside, float(high)}, value, "{:.12g}".format, label
    )


def choice(value, options, label: str | None = None):
    """A list to choose one thing from.

    Args:
        value: the one chosen at first.
        options: the values themselves, or pairs (text, value).
        label: the text beside it; by default the control's name in `LiveFigure`.

    Raises: ValueError if `value` is not among the options.

    >>> choice("adam", ["sgd", "adam"]).value
    'adam'
    """
    options = list(options)
    allowed = [item[1] if isinstance(item, tuple) else item for item in options]
    if value not in allowed:
        raise ValueError(
            f"value = {value!r} is not among the options {allowed}. Choose one of them"
        )
    tooltip = "choose one: use the mouse, or the space bar, arrow keys and Enter"
    words = _words(label, tooltip) | {"layout": _ROOM | {"width": "auto"}}
    return ipywidgets.Dropdown(value=value, options=options, **words)


def switch(value: bool = False, label: str | None = None):
    """A box to tick, for yes or no.

    Args:
        value: whether it is ticked at first.
        label: the text beside it; by default the control's name in `LiveFigure`.

    >>> switch(True).value
    True
    """
    words = _words(label, "tick or untick: click, or press the space bar")
    words["layout"] = _ROOM | {"width": "auto"}
    return ipywidgets.Checkbox(value=bool(value), indent=False, **words)


def set_value(control, name: str, value) -> None:
    """Set a control as if by hand.

    Args:
        control: one of the controls of this module.
        name: what an error calls it.
        value: the new value.

    Raises: ValueError if the control does not take this value.

    >>> control = slider(0.1, 0.0, 1.0, 0.1)
    >>> set_value(control, "lr", 0.5)
    >>> control.value
    0.5
    """
    if hasattr(control, "options"):
        allowed = [item for _, item in control._options_full]
        taken = value in allowed
        range_in_words = f"one of {allowed}"
    elif isinstance(control, SpokenSlider):
        low, high = control.steps[0], control.steps[-1]
        taken = isinstance(value, Real) and low <= value <= high
        range_in_words = f"a number from {low:g} to {high:g}"
    else:
        taken, range_in_words = isinstance(value, bool), "True or False"
    if not taken:
        raise ValueError(f"{name} = {value!r}; give {range_in_words}")
    control.value = value


def _check_range(value, low, high):
    if not low < high:
        raise ValueError(
            f"low = {low}, high = {high}; low must be below high. Swap them"
        )
    if not low <= value <= high:
        raise ValueError(
            f"value = {value}; it must lie from low = {low} to high = {high}. "
            "Move it, or widen the range"
        )


def _slider_over(steps, value, text_of, label):
    low, high = min(steps), max(steps)
    words = _words(label, f"{low:g} to {high:g}: drag, or use the arrow keys")
    words.pop("style")
    return SpokenSlider(sorted(steps), value, text_of, **words)


def _text_with_digits_of(step):
    """Writes a number with as many digits after the point as a step has, or more."""
    digits = max(0, -Decimal(str(step)).normalize().as_tuple().exponent)

    def text_of(number):
        short = f"{number:.{digits}f}"
        return short if float(short) == number else f"{number:.12g}"

    return text_of


def _words(label, tooltip) -> dict:
    return {
        "description": label or "",
        "tooltip": tooltip,
        "style": _STYLE,
        "layout": _ROOM,
    }
