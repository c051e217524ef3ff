"""Every control of every live figure of a chapter is gone through, and timed."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.chapter_figures import live_figures, measure
from helpers.viz.widgets import LiveFigure, Stepper, choice, log_slider, slider, switch

CODE = """
from helpers.viz.widgets import LiveFigure, slider
draw = lambda figure, lr: figure.subplots().plot([0.0, lr])
LiveFigure(draw, {"lr": slider(0.1, 0.0, 1.0, 0.1)})
"""


def draw(figure, lr, steps, method, nesterov):
    figure.subplots().plot([lr, steps + len(method) + 9 * nesterov])


def test_each_control_goes_through_its_values_and_each_picture_is_kept(tmp_path):
    controls = {
        "lr": log_slider(0.01, 1e-3, 1.0),
        "steps": slider(3, 1, 4, 1),
        "method": choice("SGD", ["SGD", "Adam"]),
        "nesterov": switch(False),
    }
    taken = measure(LiveFigure(draw, controls), keep=tmp_path)
    names = {path.stem for path in tmp_path.iterdir()}
    rates = {name for name in names if name.startswith("lr=")}
    assert {"lr=0.001", "lr=1"} < rates and len(rates) == 7
    assert names - rates == {
        *("steps=1", "steps=2", "steps=3", "steps=4"),
        *("method=SGD", "method=Adam", "nesterov=False", "nesterov=True"),
    }
    assert taken.keys() <= names and min(taken.values()) > 0
    assert {"method=Adam", "nesterov=True", "steps=4"} <= taken.keys()


def test_a_walk_is_gone_through_step_by_step(tmp_path):
    walk = Stepper(lambda figure, step: figure.text(0.5, 0.5, str(step)), 3)
    assert list(measure(walk)) == ["step=1", "step=2"]


def test_the_figures_of_a_notebook_are_found_by_running_it(tmp_path):
    path = tmp_path / "00_it.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(CODE), new_code_cell(CODE)]), path)
    assert [figure.values for figure in live_figures(path)] == [{"lr": 0.1}] * 2
