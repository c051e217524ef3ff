"""How long a picture takes to follow its control.

    python -m benchmarks.live_figure

The candidates draw the same chart as plain matplotlib and as a `LiveFigure`, and other
pictures of the course. Each changes its control, draws, and returns the PNG.
"""

import itertools

import numpy as np
from matplotlib.figure import Figure

from helpers.autograd.scalar import Value, walk_backward
from helpers.viz.graph import draw_graph
from helpers.viz.png import quick_png
from helpers.viz.style import look
from helpers.viz.widgets import LiveFigure, Stepper, slider

SIZE = (7.0, 3.5)


def redraws() -> dict:
    """Candidates that draw a new picture each time they are called.

    >>> list(redraws())[0]
    'matplotlib alone, a chart'
    """
    return {
        "matplotlib alone, a chart": _plain(draw_chart),
        "LiveFigure, a chart": _live(draw_chart),
        "LiveFigure, a logarithmic chart": _live(draw_logarithmic),
        "LiveFigure, two charts": _live(draw_two),
        "Stepper, a graph of 6 nodes": _walk(),
    }


def draw_chart(figure, lr):
    """Two curves with a legend, title and names of axes."""
    _curves(figure.subplots(), lr)


def draw_logarithmic(figure, lr):
    """One falling curve on a logarithmic axis."""
    x = np.linspace(0, 10, 200)
    axes = figure.subplots()
    axes.semilogy(x, np.exp(-lr * x), **look("loss"))
    axes.set(xlabel="epoch", ylabel="loss")


def draw_two(figure, lr):
    """Two charts side by side."""
    for axes in figure.subplots(1, 2):
        _curves(axes, lr)


def _curves(axes, lr):
    x = np.linspace(0, 10, 200)
    axes.plot(x, np.sin(lr * x), **look("parameters"), label="sine")
    axes.plot(x, np.cos(lr * x), **look("gradients"), label="cosine")
    axes.set(xlabel="epoch", ylabel="value", title=f"lr = {lr:.2f}")
    axes.legend()


def _changing():
    """Ever new values for a control from 0 to 2."""
    return itertools.cycle(np.arange(20, 200) / 100)


def _plain(draw):
    figure, values = Figure(SIZE, dpi=110, layout="constrained"), _changing()

    def redraw():
        figure.clear()
        draw(figure, next(values))
        return quick_png(figure)

    return redraw


def _live(draw):
    live = LiveFigure(draw, {"lr": slider(0.1, 0.0, 2.0, 0.01)}, *SIZE)
    values = _changing()

    def redraw():
        live.update(lr=float(next(values)))
        return live.png

    return redraw


def _walk():
    x, y = Value(1.0, name="x"), Value(2.0, name="y")
    z = 3 * x**2 + y**3
    steps = list(walk_backward(z))

    def draw(figure, step):
        done = dict(steps[: step + 1])
        draw_graph(z, figure, gradients=done, highlight=[steps[step][0]])

    walk = Stepper(draw, len(steps), width=SIZE[0], height=SIZE[1])

    def redraw():
        walk.go_to((walk.step + 1) % walk.count)
        return walk.png

    return redraw


if __name__ == "__main__":
    from benchmarks.__main__ import main  # it imports this module

    main(["live-figure"])
