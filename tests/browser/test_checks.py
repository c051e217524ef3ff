"""The browser tests' own tests: what they must catch, they catch."""

from itertools import islice

import live_figures
import pytest
from live_figures import NoNewPicture, controls, spoken, use, walk
from nbformat.v4 import new_code_cell, new_notebook
from notebook_page import SCREENSHOTS, WIDGET_VIEW, NotebookPage
from playwright.sync_api import Error

from tools.normalise import as_text, normalise

pytestmark = pytest.mark.browser
BROKEN = [
    "1 + 1",
    "import IPython.display as show\n"
    'show.HTML(\'<img src="http://example.org/a.png"><img src="/nothing.png">\')',
    "import warnings\nwarnings.warn('old')",
    "1 / 0",
    "print('never')",
]
FIGURES = """
from helpers.viz.widgets import LiveFigure, Stepper, choice, log_slider, slider, switch

def draw(figure, lr, dashed, name):
    axes = figure.subplots()
    axes.plot([0, lr], "--" if dashed else "-", label=name)
    axes.legend()

live = LiveFigure(draw, {
    "lr": slider(0.1, 0.0, 1.0, 0.01),
    "dashed": switch(False),
    "name": choice("a", ["a", "b", "c"]),
})
dead = LiveFigure(lambda figure, lr: None, {"lr": slider(0.1, 0.0, 1.0, 0.01)})
fails = LiveFigure(lambda figure, lr: 1 / (0.1 - lr), {"lr": slider(0, 0, 0.1, 0.1)})
steps = Stepper(lambda figure, step: figure.subplots().plot([0, step]), 4, seconds=0.5)
rate = LiveFigure(lambda figure, lr: figure.text(0.5, 0.5, str(lr)), {
    "lr": log_slider(0.1, 0.001, 1.0, label="learning rate"),
})
"""
TOLD = "print(rate.values['lr'], live.values['lr'])"
DEAF_BUTTONS = """() => {
    const ignore = event => event.stopImmediatePropagation();
    document.addEventListener("click", ignore, true);
}"""
SAY_THE_EXPONENT = """cell => {
    const slider = cell.querySelector("input[type=range]");
    slider.addEventListener("input", () => setTimeout(() => {
        slider.ariaValueText = String(Math.log10(Number(slider.ariaValueText)));
    }));
}"""
LIVE, DEAD, STEPS, FAILS, RATE, VALUES = range(2, 8)
TRIES = 10  # questions to Python until it must have what was sent


@pytest.fixture
def shown(browser, workbench):
    """A function: open a notebook of these code cells and run it."""
    pages = []

    def show(*sources):
        cells = [new_code_cell(source) for source in sources]
        path = workbench.folder / f"made_{len(list(workbench.folder.iterdir()))}.ipynb"
        path.write_text(as_text(normalise(new_notebook(cells=cells))))
        pages.append(NotebookPage(browser, workbench.address.format(path.name)))
        pages[-1].run_all()
        return pages[-1]

    yield show
    for page in pages:
        page.close()


def test_notebook_that_does_not_open_is_described(browser, workbench):
    nameless = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    (workbench.folder / "nameless.ipynb").write_text(nameless)
    with pytest.raises(AssertionError, match="did not open.*Select Kernel"):
        NotebookPage(browser, workbench.address.format("nameless.ipynb"))


def test_page_without_a_notebook_is_described(browser):
    with pytest.raises(AssertionError, match="did not open .within 0.5 s.*: nothing"):
        NotebookPage(browser, "about:blank?", seconds=0.5)


def test_what_is_broken_is_seen(shown):
    notebook = shown(*BROKEN)
    warned, raised = notebook.errors()
    assert warned.startswith("cell 3: ") and "UserWarning: old" in warned
    assert raised == "cell 4: ZeroDivisionError: division by zero"
    with pytest.raises(Error, match="Failed to fetch"):
        notebook.command("docmanager:save")
    troubles = "\n".join(notebook.watch.troubles)
    assert "leaves the machine: http://example.org/a.png" in troubles
    assert "status 404" in troubles and "/nothing.png" in troubles
    assert "a notebook is being saved" in troubles
    assert len(notebook.look_through()) == 2


@pytest.fixture(scope="module")
def figures(browser, workbench):
    """A notebook of live figures: one works, the others each have a fault."""
    sources = [FIGURES, "live", "dead", "steps", "fails", "rate", TOLD]
    cells = [new_code_cell(source) for source in sources]
    path = workbench.folder / "figures.ipynb"
    path.write_text(as_text(normalise(new_notebook(cells=cells))))
    page = NotebookPage(browser, workbench.address.format(path.name))
    page.run_all()
    assert page.errors() == [] and page.cells_with(WIDGET_VIEW) == [2, 3, 4, 5, 6]
    yield page
    page.close()


def test_figure_that_works_passes(figures):
    cell = figures.cell(LIVE)
    found = controls(cell)
    assert [kind for kind, _ in found] == ["slider", "switch", "choice"]
    for kind, handle in found:
        use(figures.page, cell, kind, handle)


@pytest.mark.parametrize(("number", "name"), [(RATE, "learning rate"), (LIVE, "lr")])
def test_what_a_slider_says_is_the_value_that_python_has(figures, number, name):
    """Not the exponent, nor the place on the track, nor 0.30000000000000004."""
    cell = figures.cell(number)
    handle = next(handle for kind, handle in controls(cell) if kind == "slider")
    for keys in ("Home", "PageUp", "ArrowRight"):
        handle.focus()
        figures.page.keyboard.press(keys)
        told = spoken(figures.page, handle)
        assert (told["role"], told["name"]) == ("slider", name)
        place = 0 if number == RATE else 1
        assert any(
            float(told["value"]) == float(value)
            for value in islice(values_in_python(figures, place), TRIES)
        )


def values_in_python(figures, place):
    """What Python has, asked again and again: a value that is sent takes a while."""
    while True:
        figures.run_cell(VALUES)
        printed = figures.cell(VALUES).locator(".jp-OutputArea-output").inner_text()
        yield printed.split()[place]


def test_a_slider_that_says_something_else_is_refused(figures):
    figures.run_cell(RATE)
    cell = figures.cell(RATE)
    ((kind, handle),) = controls(cell)
    cell.evaluate(SAY_THE_EXPONENT)
    with pytest.raises(AssertionError, match="learning rate: after .* is told"):
        use(figures.page, cell, kind, handle)


@pytest.fixture
def little_patience(monkeypatch):
    """What never comes is missed after three seconds."""
    monkeypatch.setattr(live_figures, "PATIENCE", 3_000)


@pytest.mark.usefixtures("little_patience")
def test_figure_that_never_changes_fails(figures):
    cell = figures.cell(DEAD)
    ((kind, handle),) = controls(cell)
    with pytest.raises(NoNewPicture, match="lr.*: no new picture"):
        use(figures.page, cell, kind, handle)


def test_figure_whose_drawing_fails_is_refused(figures):
    """The error stands in the picture: that a new picture came proves nothing."""
    cell = figures.cell(FAILS)
    ((kind, handle),) = controls(cell)
    with pytest.raises(AssertionError, match="drawing failed.*ZeroDivisionError"):
        use(figures.page, cell, kind, handle)


def test_stepper_is_walked(figures):
    walk(figures.page, figures.cell(STEPS))


def test_theme_and_photographs(figures):
    for dark in (True, False):
        figures.theme(dark)
        label = "dark" if dark else "light"
        assert figures.look_through(label) == []
        folder = SCREENSHOTS / figures.name / label
        assert {path.name for path in folder.iterdir()} >= {
            "figure-in-cell-02.png",
            "page-01.png",
        }


@pytest.mark.usefixtures("little_patience")
def test_stepper_whose_buttons_do_nothing_fails(figures):
    figures.page.evaluate(DEAF_BUTTONS)
    with pytest.raises(NoNewPicture, match="forward"):
        walk(figures.page, figures.cell(STEPS))
