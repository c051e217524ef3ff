"""Small ways to break each rule: the good chapter with one thing spoilt.

With this module one can: list all spoilt chapters (`SPOILT`), each as the name of the
rule that must refuse it, what its message must hold, and a function that spoils the
cells in place; and those that ruff must refuse (`REFUSED_BY_RUFF`), each as a rule of
ruff's, what its message must hold, and a line of code. The opening is cell 1, the
imports 2; cells 4 and 6 show figures.
"""

from good_chapter import PNG, PROSE, printed, shown
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

SPOILT = []
HIDDEN = {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}
KEEP, LAST_EXERCISE = -1, -4


def spoils(rule, saying):
    """Register a function that changes good cells so that `rule` refuses them."""

    def register(function):
        SPOILT.append((rule, saying, function))
        return function

    return register


def swaps(rule, saying, place, old, new):
    """Register a change of the source of one cell: `old` becomes `new`."""

    @spoils(rule, saying)
    def swap(cells):
        assert old in cells[place].source
        cells[place].source = cells[place].source.replace(old, new)

    swap.__name__ = f"{old[:20]!r} becomes {new[:20]!r}"


def codes(rule, saying, line):
    """Register a line of code, put at the end of a cell in the first section."""

    @spoils(rule, saying)
    def add(cells):
        cells[9].source += "\n" + line

    add.__name__ = line[:30]


def prints(rule, saying, text, **data):
    """Register an output, printed by a cell in the first section."""

    @spoils(rule, saying)
    def put(cells):
        cells[9].outputs = [shown(**data) if data else printed(text)]

    put.__name__ = text[:30]


def says(rule, saying, text):
    """Register a paragraph of markdown, put at the end of the first section's prose."""

    @spoils(rule, saying)
    def add(cells):
        cells[7].source += "\n\n" + text

    add.__name__ = text[:30]


# shape
swaps("one title", "# 03 · Title", 0, "# 03 · Backward", "# Backward")
swaps("one title", "second title", 7, "## Part 0", "# Part 0")
swaps("opening", "five-line loop", 0, "loss.backward()", "loss.back()")
swaps("opening", "marked", 0, "# <- this line", "")
swaps("opening", "**Question.**", 0, "**Question.**", "Question")
swaps("opening", "**Mathematics.**", 0, "**Mathematics.**", "Mathematics:")
swaps("opening", "you can", 0, "you can", "one can")
swaps("opening", "minutes to read", 0, "minutes to read", "minutes")
swaps("opening", "Builds on", 0, "Builds on", "After")
swaps("imports", "holds the imports", 1, "import torch", "torch = 1")
swaps("imports", "13 lines", 1, "seed = 0", "\n".join(f"a{n} = 0" for n in range(11)))
swaps("headings nest", "level 3", 7, "## Part 0", "### Part 0")
swaps("what to keep", "last section", KEEP, "## What to keep", "## To keep")
swaps("what to keep", "3 bullets", KEEP, "- four\n", "")
swaps("what to keep", "7 bullets", KEEP, "- four", "- 4\n- 5\n- 6\n- 7")
swaps("what to keep", "In PyTorch itself", KEEP, "**In PyTorch itself.**", "In torch.")
swaps("what to keep", "**Sources.**", KEEP, "**Sources.**", "Sources.")
swaps("what to keep", "**Next.**", KEEP, "**Next.**", "Next.")


@spoils("what to keep", "Code follows")
def code_at_the_end(cells):
    cells.append(new_code_cell("one = 1\ntwo = 2\nthree = 3"))


@spoils("size", "77 cells")
def too_many_cells(cells):
    cells[8:8] = [new_markdown_cell("A line.") for _ in range(77 - len(cells))]


@spoils("size", "words of prose; 1,700 to 2,500 allowed. Cut")
def too_many_words(cells):
    cells[7].source += "\n\n" + PROSE * 8


@spoils("size", "words of prose; 1,700 to 2,500 allowed. Add")
def too_few_words(cells):
    for cell in cells[7:31:3]:
        cell.source = "## A title"


@spoils("size", "lines of code outside folded cells; 120 to 220 allowed. Cut")
def too_much_code(cells):
    cells[10:10] = [new_code_cell(cells[8].source) for _ in range(12)]


@spoils("size", "lines of code outside folded cells; 120 to 220 allowed. Add")
def too_little_code(cells):
    for cell in cells[8:52]:
        if cell.cell_type == "code":
            cell.source, cell.outputs = "one = 1\ntwo = 2\nthree = 3", []


@spoils("size", "lines of code outside folded cells; 120 to 220 allowed. Add")
def too_much_is_folded(cells):
    for cell in cells[8:38]:
        if cell.cell_type == "code":
            cell.metadata.update(HIDDEN)
            cell.source = "# Folded.\n" + cell.source


@spoils("size", "bytes")
def too_many_bytes(cells):
    cells[3].outputs[0].data["image/png"] = PNG[:-4] + "A" * 400_000


@spoils("small cells", "26 lines; at most 25")
def a_giant_cell(cells):
    cells[8].source = "\n".join(f"a{n} = {n}" for n in range(26))


@spoils("small cells", "one in ten")
def many_long_cells(cells):
    for cell in cells[8:20:3]:
        cell.source += "\n" + "\n".join(f"b{n} = {n}" for n in range(7))
    del cells[28:34]  # else there is too much code in all


@spoils("small cells", "median")
def long_cells(cells):
    for cell in cells[8:50:3]:
        del cells[cells.index(cell) + 1]
        cell.source += "\n" + "\n".join(f"b{n} = {n}" for n in range(5))
    cells[7:7] = [new_markdown_cell("A line.") for _ in range(12)]


# exercises
swaps("exercise numbers", "Exercise 3.4 ·", LAST_EXERCISE, "3.4 · A title", "3.4 ·")
swaps("exercise numbers", "(M minutes)", LAST_EXERCISE, "(8 minutes)", "")
swaps("exercise numbers", "## Exercises", -14, "## Exercises", "## Tasks")
swaps("exercise stub", "last line", -3, 'check("3.4"', 'check("3.1"')
swaps("exercise stub", "13 lines", -3, "answer = ", "a = 0\n" * 12 + "answer = ")
swaps("exercise answers", "folded hint", -2, "Hint", "Clue")
swaps("exercise answers", "folded hint", -2, "</summary>\n\nThink", "</summary>\nThink")
swaps("exercise answers", "not Python", -2, "answer = 1", "answer = = 1")


@spoils("exercise numbers", "3 exercises")
def too_few_exercises(cells):
    del cells[-4:-1]
    cells[-1:-1] = [new_markdown_cell("A line.")]


@spoils("exercise stub", "your turn")
def a_filled_stub(cells):
    cells[-3].outputs = [printed("3.4 · correct")]


@spoils("exercise stub", "not its stub")
def no_stub(cells):
    cells[-3] = new_markdown_cell("Think of it.")


# figures
swaps("figure captions", "**Figure 3.2.**", 6, "Figure 3.2", "Figure 3.3")
swaps(
    "figure captions", "too short", 6, "drawn here in blue; what one may notice", "it"
)


@spoils("figure captions", "**Figure 3.1.**")
def a_caption_too_far(cells):
    cells[4].source = "Words between.\n\n" + cells[4].source


# a folded cell's first line
swaps("folded cells say what", "Name Figure 3.2", 5, "Figure 3.2", "Figure 3.21")


@spoils("folded cells say what", "comment that says what")
def folded_without_a_word(cells):
    cells[8].metadata.update(HIDDEN)


@spoils("one picture a cell", "2 pictures")
def two_pictures(cells):
    cells[5].outputs *= 2


@spoils("captions without figure", "no picture")
def a_caption_alone(cells):
    cells.insert(8, new_markdown_cell("**Figure 3.3.** What was never drawn at all."))


@spoils("live figure", "LiveFigure(...) or Stepper(...)")
def only_still_figures(cells):
    cells[3].outputs[0].data["text/plain"] = "<Figure>"


says("few formulas in a row", "6 formulas", "$$x$$\n\n" * 6)
says("few formulas in a row", "6 formulas", r"$$a \\ b \\ c \\ d \\ e$$ and $$f$$")

# code
codes("plain python", "%time", "%time x = 1")
codes("plain python", "!ls", "!ls")
codes("plain python", "print?", "print?")
codes("no semicolon", "`;`", "first = 1;")
codes("no front end calls", "`input`", "name = input()")
codes("no front end calls", "`get_ipython`", "shell = get_ipython()")
codes("no front end calls", "`exit`", "exit()")
codes("no front end calls", "`quit`", "quit()")
codes("no front end calls", "display_id", "show(first, display_id='a')")
codes("no exceptions from checking", "marker", "# NBVAL_IGNORE_OUTPUT")
REFUSED_BY_RUFF = [
    ("E501", "80 > 79", "# " + "x" * 78),
    ("F403", "data", "from helpers.data import *"),
    ("F821", "`_`", "last = _ + 1"),
    ("F821", "`___`", "last = ___"),
    ("F821", "`_3`", "last = _3"),
    ("F821", "`_i`", "last = _i"),
    ("F821", "`_oh`", "last = _oh[3]"),
    ("F821", "`In`", "last = In[3]"),
    ("F821", "`Out`", "last = Out[3]"),
    ("TID251", "nbval fails", "from IPython.display import clear_output"),
    (
        "TID251",
        "nbval fails",
        "from IPython import display\n\ndisplay.update_display(1)",
    ),
    ("TID251", "LiveFigure", "import ipywidgets as widgets\n\nwidgets.interact(print)"),
    ("TID251", "LiveFigure", "from ipywidgets import interactive"),
    ("TID251", "LiveFigure", "from ipywidgets import interactive_output"),
    ("TID251", "LiveFigure", "import ipywidgets as widgets\n\nwidgets.Output()"),
    ("TID251", "ipywidgets", "from ipywidgets.widgets import Output"),
    ("TID251", "new_figure", "from IPython.display import SVG"),
    ("TID251", "PNG", "from IPython.display import set_matplotlib_formats"),
    ("TID251", "display", "from IPython.core.display import SVG"),
    ("TID251", "plain Python", "from IPython import get_ipython"),
    ("TID251", "new_figure", "import matplotlib.pyplot as plt"),
    ("TID251", "new_figure", "from matplotlib import pyplot"),
    ("TID251", "new_figure", "from matplotlib.pyplot import plot"),
]


@spoils("no exceptions from checking", "raises-exception")
def a_tag(cells):
    cells[9].metadata["tags"] = ["raises-exception"]


@spoils("shows the helper", "show_source")
def no_helper(cells):
    cells[2].source = cells[2].source.replace("show_source", "show")


# outputs
prints("no errors stored", "A warning", "UserWarning: old")
prints("no living outputs", "SVG", "svg", text_html="<svg></svg>")
prints(
    "no living outputs", "a script", "js", application_javascript="x", text_plain="x"
)
prints("no machine facts", "a time", "took 0.12 s")
prints("no machine facts", "a time", "3 ms a step")
prints("no machine facts", "a time", "measured 3 ms")  # without the tag
prints("no machine facts", "an address", "<Node at 0x7f12ab34>")
prints("no machine facts", "a path", "in /usr/lib/python")
prints("no machine facts", "a path", r"in C:\course")
prints("no machine facts", "a version", "torch 2.13.0")
prints("no machine facts", "a device", "on cuda:0")
prints("no machine facts", "a device", "html", text_html="<b>device(type='cpu')</b>")
prints("few digits", "0.12345", "loss 0.12345")
prints("few digits", "12.345", "loss 12.345")
prints("few digits", "1,234.5", "loss 1,234.5")
prints("few digits", "1.2345e-05", "loss 1.2345e-05")


@spoils("no errors stored", "stderr")
def an_error_stream(cells):
    cells[9].outputs = [new_output("stream", name="stderr", text="careful")]


@spoils("no errors stored", "ValueError")
def an_exception(cells):
    cells[9].outputs = [
        new_output("error", ename="ValueError", evalue="no", traceback=["no"])
    ]


# words
says("plain words", "optimizer", "The optimiser steps.")
says("plain words", "leave it out", "We simply add.")
says("plain words", "begin with", "Let's dive in.")
says("plain words", "mini-batch", "One minibatch.")
says("plain words", "no praise", "Well done.")
says("plain words", "no emoji", "A rocket \U0001f680.")
says("plain words", "one mark", "It falls!!")
says("links", "`02_tensors.ipynb`", "See [02 tensors](02_tensors.ipynb).")
says("pictures at hand", "elsewhere", "![a curve](https://example.org/a.png)")
says("pictures at hand", "elsewhere", '<img src="//example.org/a.png">')
says("pictures at hand", "text in its place", "![](data:image/png;base64,AAAA)")
