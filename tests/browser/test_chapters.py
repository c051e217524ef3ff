"""Every chapter in a real browser, in the server that `make lab` starts.

Opened, run from the top, used by keyboard and mouse, looked through in both themes, and
watched for requests that fail or leave the machine. With --photographs, what they look
like is in .screenshots/.
"""

import pytest
from live_figures import controls, use, walk
from notebook_page import WIDGET_VIEW, NotebookPage

from tools.course import chapters, find

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=chapters().values(), ids=lambda path: path.stem)
def chapter(request, browser, lab):
    """A chapter that was opened, cleared and run; its file stays as it was."""
    before = request.param.read_bytes()
    shown = NotebookPage(browser, lab.format(request.param.name))
    shown.run_all()
    yield shown
    shown.close()
    assert request.param.read_bytes() == before


def test_opening_changes_nothing(chapter):
    """No dot in its tab, and nobody is asked whether to save."""
    assert chapter.changed_by_opening is False


def test_a_plain_jupyter_lab_changes_nothing_either(browser, plain_lab):
    """One chapter stands for all: their metadata are the same (rule "normal form")."""
    shown = NotebookPage(browser, plain_lab.format(find("00").name))
    assert shown.changed_by_opening is False
    assert shown.close_tab() == []
    shown.close()


def test_every_cell_runs(chapter):
    assert chapter.errors() == []


def test_live_figures_follow_their_controls(chapter):
    cells = chapter.cells_with(WIDGET_VIEW)
    assert cells, "no live figure was shown"
    for number in cells:
        cell = chapter.cell(number)
        for kind, handle in controls(cell):
            chapter.run_cell(number)  # what was set before may hide what this one does
            use(chapter.page, cell, kind, handle)
        if cell.locator(".widget-play").count():
            walk(chapter.page, cell)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_are_there_in_both_themes(chapter, theme, request):
    chapter.theme(dark=theme == "dark")
    label = theme if request.config.getoption("photographs") else None
    assert chapter.cells_with("image/png"), "no figure was shown"
    assert chapter.look_through(label) == []


def test_nothing_fails_nothing_leaves_nothing_pops_up(chapter):
    assert chapter.pop_ups() == []
    assert chapter.watch.troubles == []
