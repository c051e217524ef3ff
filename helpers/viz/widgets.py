"""Figures that follow a control, and processes that can be walked step by step.

With this module one can:

- redraw a picture while a control moves (`LiveFigure`),
- make its controls (`slider`, `log_slider`, `choice`, `switch`),
- go through a process forward and back, a sentence for each step (`Stepper`).

Both are live in JupyterLab, by mouse and by keyboard, and a still picture elsewhere.
"""

import html
import inspect

import ipywidgets

from helpers.viz.controls import (
    choice,
    log_slider,
    set_value,
    slider,
    switch,
)
from helpers.viz.picture import Picture
from helpers.viz.spoken_slider import SpokenSlider

__all__ = ["LiveFigure", "Stepper", "choice", "log_slider", "slider", "switch"]


class LiveFigure(Picture):
    """A picture that is drawn again whenever one of its controls moves.

    Args:
        draw: `draw(figure, **values)` draws on a cleared matplotlib Figure; it gets
            the value of each control under the control's name.
        controls: a dict from names to controls (`slider`, `choice`, ...).
        width, height: of the picture, in inches.

    What `draw` raises is written into the picture, with the line, and stands in
    `error`; the next values that work draw again.

    Raises: TypeError if `draw` does not take the names of the controls.

    >>> def draw(figure, lr):
    ...     figure.subplots().plot([0.0, lr])
    >>> live = LiveFigure(draw, {"lr": slider(0.1, 0.0, 1.0, 0.01)})
    >>> live.update(lr=0.25)
    >>> live, live.values
    (LiveFigure(lr=0.25), {'lr': 0.25})
    """

    def __init__(self, draw, controls: dict, width: float = 7.0, height: float = 3.5):
        _check_draw(draw, controls)
        self.draw, self.controls = draw, dict(controls)
        for name, control in self.controls.items():
            control.description = control.description or name
        row = ipywidgets.Layout(flex_flow="row wrap", max_width="100%", grid_gap="4px")
        controls_row = ipywidgets.HBox(list(self.controls.values()), layout=row)
        super().__init__(width, height, above=[controls_row])
        self.redraw()
        for control in self.controls.values():
            control.observe(self.redraw, "value")

    @property
    def values(self) -> dict:
        """The values of the controls, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def update(self, **values) -> None:
        """Set some controls and draw once. ValueError for an unknown name or value."""
        unknown = [name for name in values if name not in self.controls]
        if unknown:
            raise ValueError(
                f"there is no control {', '.join(unknown)}; the controls are "
                f"{', '.join(self.controls)}. Use one of these names"
            )
        with self.one_redraw():
            for name, value in values.items():
                set_value(self.controls[name], name, value)

    def state(self) -> dict:
        """The values of the controls."""
        return self.values

    def paint(self, figure, state) -> None:
        """Draw with these values."""
        self.draw(figure, **state)


class Stepper(Picture):
    """A process to walk through, a picture and a sentence for each step.

    Args:
        draw: `draw(figure, step)` draws step 0, 1, ... count - 1 on a cleared Figure.
        count: how many steps there are, at least 1.
        labels: a sentence for each step, shown under the picture.
        width, height: of the picture, in inches.
        seconds: how long each step stays when it plays by itself.

    Raises: ValueError if `count` is below 1 or differs from the number of labels.

    >>> def draw(figure, step):
    ...     figure.subplots().plot([0, step])
    >>> walk = Stepper(draw, 3, labels=["start", "middle", "end"])
    >>> walk.go_to(2)
    >>> walk, walk.label
    (Stepper(step=2, count=3), 'end')
    """

    def __init__(
        self, draw, count: int, labels=None, width=7.0, height=3.5, seconds=1.5
    ):
        _check_steps(count, labels)
        self.draw, self.count, self.labels = draw, count, labels
        self._slider = SpokenSlider(range(count), 0, description="step")
        self._text = ipywidgets.HTML(layout={"max_width": "100%"})
        super().__init__(
            width, height, above=[self._buttons(seconds)], below=[self._text]
        )
        self.redraw()
        self._slider.observe(self.redraw, "value")

    @property
    def step(self) -> int:
        """The step on show, from 0."""
        return self._slider.value

    @property
    def label(self) -> str:
        """The sentence for this step; empty without labels."""
        return self.labels[self.step] if self.labels else ""

    def go_to(self, step: int) -> None:
        """Show this step, 0 to count - 1. ValueError outside that range."""
        set_value(self._slider, "step", step)

    def state(self) -> dict:
        """The step and how many there are."""
        return {"step": self.step, "count": self.count}

    def paint(self, figure, state) -> None:
        """Draw this step, and write its label."""
        self._text.value = html.escape(self.label)
        self.draw(figure, state["step"])

    def _buttons(self, seconds) -> ipywidgets.Box:
        moves = {
            "first": lambda _: self.go_to(0),
            "back": lambda _: self.go_to(max(self.step - 1, 0)),
            "forward": lambda _: self.go_to(min(self.step + 1, self.count - 1)),
        }
        buttons = [_button(name, move) for name, move in moves.items()]
        play = ipywidgets.Play(
            min=0,
            max=self.count - 1,
            interval=round(1000 * seconds),
            show_repeat=False,
            tooltip="play, pause, or stop and return to the start",
            layout={"width": "90px", "margin": "2px 12px 2px 2px"},
        )
        ipywidgets.jslink((play, "value"), (self._slider, "index"))
        row = ipywidgets.Layout(flex_flow="row wrap", max_width="100%", grid_gap="4px")
        return ipywidgets.HBox([*buttons, play, self._slider], layout=row)


def _button(name: str, press) -> ipywidgets.Button:
    layout = ipywidgets.Layout(width="auto")
    tooltip = {
        "first": "show the first step",
        "back": "show the step before",
        "forward": "show the next step",
    }
    button = ipywidgets.Button(description=name, tooltip=tooltip[name], layout=layout)
    button.on_click(press)
    return button


def _check_draw(draw, controls):
    try:
        inspect.signature(draw).bind(None, **controls)
    except TypeError as error:
        raise TypeError(
            f"draw cannot be called as draw(figure, {', '.join(controls)}): {error}. "
            "Give it an argument for the figure and one named like each control"
        ) from None


def _check_steps(count, labels):
    if count < 1:
        raise ValueError(f"count = {count}; a walk has at least 1 step")
    if labels is not None and len(labels) != count:
        raise ValueError(
            f"count = {count} and there are {len(labels)} labels; give one label a step"
        )
