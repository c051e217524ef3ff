"""An exhibit with its buttons, in a real browser: all of it works by keyboard alone."""

import pytest
from live_figures import COUNT_PICTURES, Hand
from nbformat.v4 import new_code_cell, new_notebook
from notebook_page import WIDGET_VIEW, NotebookPage

from helpers import museum
from tools.normalise import as_text, normalise

pytestmark = pytest.mark.browser
SHOW = "from helpers.museum import showcase\nshowcase.Showcase(3)"
STOPS = ["select", "radio", "BUTTON ask", "select", "radio", "BUTTON judge"]
STOPS += ["BUTTON doctor", "BUTTON fix"]
FOCUS = """() => {
    const at = document.activeElement;
    return at.tagName === "BUTTON" ? `BUTTON ${at.innerText}` : at.type.split("-")[0];
}"""


@pytest.fixture(scope="module")
def glass(browser, workbench):
    """A page with exhibit 3, run."""
    notebook = normalise(new_notebook(cells=[new_code_cell(SHOW)]))
    (workbench.folder / "glass.ipynb").write_text(as_text(notebook))
    shown = NotebookPage(browser, workbench.address.format("glass.ipynb"))
    shown.run_all()
    yield shown
    assert shown.errors() == shown.pop_ups() == shown.watch.troubles == []
    shown.close()


@pytest.fixture
def cell(glass):
    """The cell of the exhibit, laid out anew."""
    number = glass.cells_with(WIDGET_VIEW)[0]
    glass.run_cell(number)
    found = glass.cell(number)
    found.locator("img.widget-image").wait_for()
    return found


def test_tab_walks_through_it_from_the_top(glass, cell):
    cell.locator("select").first.focus()
    stops = []
    for _ in range(15):
        here = glass.page.evaluate(FOCUS)
        if stops[-1:] != [here]:  # each choice of a list is a stop
            stops.append(here)
        glass.page.keyboard.press("Tab")
    assert stops == STOPS


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_each_button_answers(glass, cell, key):
    visit = museum.visit(3)
    for name, answer in (
        ("ask", visit.ask("calls")),
        ("doctor", visit.doctor()),
        ("fix", visit.fix()),
    ):
        cell.get_by_role("button", name=name).focus()
        glass.page.keyboard.press(key)
        await_said(cell, answer)


def test_a_clue_a_line_and_a_cause_are_chosen(glass, cell):
    visit, keys = museum.visit(3), glass.page.keyboard
    cell.get_by_role("radio", name=visit.questions["found"]).focus()
    keys.press("Space")
    cell.get_by_role("button", name="ask").focus()
    keys.press("Enter")
    await_said(cell, visit.ask("found"))
    cell.locator("select").nth(1).focus()
    for key in ("Space", *["ArrowDown"] * 6, "Enter"):
        keys.press(key)
    cell.get_by_role("radio", name="cleared before the step").focus()
    keys.press("Space")
    cell.get_by_role("button", name="judge").focus()
    keys.press("Enter")
    await_said(cell, visit.judge(6, "zero-grad-before-step"))


def test_another_exhibit_and_a_line_bring_a_new_picture(glass, cell):
    cell.evaluate(COUNT_PICTURES)
    keys = "Space ArrowDown Enter"
    for number in (0, 1):
        hand = Hand(glass.page, cell, cell.locator("select").nth(number))
        assert hand.change(lambda hand=hand: hand.press(keys), keys)


@pytest.mark.parametrize("dark", [False, True])
def test_what_it_says_is_read_out_and_can_be_read(glass, cell, dark):
    glass.theme(dark=dark)
    said = cell.get_by_role("status")
    assert said.get_attribute("aria-live") == "polite"
    color = said.evaluate("said => getComputedStyle(said).color")
    assert color.startswith("rgb(255" if dark else "rgba(0")


def await_said(cell, text):
    """Wait until the text under the picture is, or ends with, this."""
    last = str(text).splitlines()[-1].strip()
    cell.get_by_role("status").filter(has_text=last).wait_for(timeout=15_000)
