"""The museum with buttons: every exhibit, by mouse or keyboard.

With this module one can walk through the exhibits in JupyterLab (Showcase).
"""

import html
import math

import ipywidgets
from matplotlib.ticker import MaxNLocator

from helpers.museum import EXHIBITS, visit
from helpers.museum.answers_numbers import rounded
from helpers.museum.causes import CAUSES
from helpers.viz.controls import choice, set_value
from helpers.viz.picture import Picture
from helpers.viz.style import COLORS, INK, look


class Showcase(Picture):
    """One exhibit: its loop and its curve, clues, a verdict, the doctor.

    Args:
        number: int, the exhibit to begin with.
        exhibits: numbers of the exhibits to choose from. Default: all.
        width, height: of the picture, in inches.

    Attributes: `said`, the text under the picture.

    >>> glass = Showcase(3)
    >>> glass.press("ask")
    >>> glass.said
    'How often was each call made?\\nzero_grad 40, forward 40, backward 40, step 40'
    >>> glass
    Showcase(exhibit=3, line=0)

    Chapter 16 shows it.
    """

    def __init__(self, number=1, exhibits=None, width=8.2, height=3.6):
        numbers = exhibits or [each.number for each in EXHIBITS]
        titles = [(f"{n} · {EXHIBITS[n - 1].title}", n) for n in numbers]
        self.exhibit = choice(number, titles, "exhibit")
        self.line = choice(0, [(NO_LINE, 0)], "line")
        self.clue, self.cause = radio("clue"), radio("cause")
        self._text = ipywidgets.HTML(layout={"max_width": "100%"})
        self.actions = {
            "ask": (self.ask, "get this clue"),
            "judge": (self.judge, "say which line, and why"),
            "doctor": (self.doctor, "let the loop doctor look"),
            "fix": (self.fix, "show the lines to change"),
        }
        self.draw = self.paint  # what an error in the drawing is told of
        super().__init__(width, height, above=[self.exhibit], below=self._below())
        self.enter()
        self.exhibit.observe(self.enter, "value")
        self.line.observe(self.redraw, "value")

    def _below(self):
        """The rows under the picture."""
        buttons = {name: self._button(name) for name in self.actions}
        row = ipywidgets.Layout(flex_flow="row wrap", max_width="100%", grid_gap="4px")
        return [
            ipywidgets.HBox([self.clue, buttons["ask"]], layout=row),
            ipywidgets.HBox([self.line, self.cause, buttons["judge"]], layout=row),
            ipywidgets.HBox([buttons["doctor"], buttons["fix"]], layout=row),
            self._text,
        ]

    def _button(self, name):
        """A button for one action."""
        button = ipywidgets.Button(
            description=name, tooltip=self.actions[name][1], layout={"width": "auto"}
        )
        button.on_click(lambda _: self.press(name))
        return button

    def go_to(self, number):
        """Choose an exhibit. `ValueError` for one that is not among those to choose."""
        set_value(self.exhibit, "exhibit", number)

    def enter(self, *_):
        """Lay out the exhibit that was chosen."""
        self.visit = visit(self.exhibit.value)
        exhibit, questions = self.visit.exhibit, self.visit.questions.items()
        lines = [f"{n}  {line.strip()}" for n, line in enumerate(exhibit.lines, 1)]
        with self.one_redraw():
            self.line.options = [(NO_LINE, 0)] + [
                (text, n)
                for n, text in enumerate(lines, 1)
                if text.strip("0123456789 ")
            ]
            self.clue.options = [(text, name) for name, text in questions]
            self.cause.options = [(CAUSES[key].words, key) for key in exhibit.causes]
            for control in (self.line, self.clue, self.cause):
                control.index = 0
        self.say("Ask for a clue, or judge.")

    def press(self, name):
        """Do what a button does: ask, judge, doctor or fix."""
        self.say(self.actions[name][0]())

    def ask(self):
        """The chosen question and its answer."""
        name = self.clue.value
        return f"{self.visit.questions[name]}\n{self.visit.ask(name)}"

    def judge(self):
        """What the chosen line and cause are worth."""
        if not self.line.value:
            return "Choose a line first: the one that you would change or move."
        return self.visit.judge(self.line.value, self.cause.value)

    def doctor(self):
        """The doctor's report."""
        return self.visit.doctor()

    def fix(self):
        """The fix."""
        return self.visit.fix()

    def say(self, text):
        """Write a text under the picture; screen readers read it out."""
        self.said = str(text)
        self._text.value = (
            '<pre role="status" aria-live="polite" style="white-space: pre-wrap; '
            f'line-height: 1.35">{html.escape(self.said)}</pre>'
        )

    def state(self):
        """The exhibit on show, and the line that was chosen (0: none)."""
        return {"exhibit": self.exhibit.value, "line": self.line.value}

    def paint(self, figure, state):
        """The loop at the left, its curve at the right."""
        seen = visit(state["exhibit"])
        draw_source(figure, seen.exhibit.lines, state["line"])
        draw_curve(figure, seen.run)
        figure.description = f"{seen}\n\n{outcome(seen.run)}"


NO_LINE = "choose one"


def radio(name):
    """A list to choose from that is open at all times."""
    return ipywidgets.RadioButtons(
        description=name,
        tooltip="choose one: by mouse, or with Tab and Space",
        style={"description_width": "50px"},
        layout={"width": "auto", "max_width": "100%"},
    )


def draw_source(figure, lines, chosen=0):
    """The numbered lines of a loop at the left, as large as they fit; one is marked."""
    numbered = [
        f"{'>' if n == chosen else ' '}{n:2}  {line}" for n, line in enumerate(lines, 1)
    ]
    widest = max(map(len, numbered))
    figure.text(
        *(0.01, 0.92, "\n".join(numbered)),
        verticalalignment="top",
        family="monospace",
        fontsize=min(8.5, 525 / widest, 160 / len(lines)),
        color=INK,
        parse_math=False,
        linespacing=1.35,
    )


def draw_curve(figure, run):
    """The losses at the right, cut where they leave the picture, and how it ended."""
    ax = figure.add_subplot(figure.add_gridspec(1, 2, width_ratios=(1.7, 1))[1])
    losses = run.losses
    finite = [loss for loss in losses if math.isfinite(loss)]
    ax.plot(range(1, len(losses) + 1), losses, **look("loss", marker=mark(losses)))
    first = max(abs(losses[0]), 1e-3) if losses else 1.0
    low, high = min([0.0, *finite]), max([first, *finite])
    top = min(1.15 * high, 6 * first)
    ends = (0.5, max(2, len(losses)) + 0.5)
    ax.set(xlabel="entry of losses", ylabel="loss", ylim=(1.1 * low, top), xlim=ends)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    leaving = [n for n, loss in enumerate(losses, 1) if loss > top]
    if leaving:
        ax.plot(leaving[0], 0.96, "k^", transform=ax.get_xaxis_transform())
    ax.set_title(outcome(run), fontsize=9, backgroundcolor="none")
    if run.error is not None or len(finite) < len(losses):
        ax.set_facecolor(COLORS["warning"] + "33")
    return ax


def mark(losses):
    """A marker, where a line would be too short to see."""
    return "o" if len(losses) < 3 else ""


def outcome(run):
    """A few words on how a run ended."""
    if run.error is not None:
        return f"ends with {type(run.error).__name__}"
    if not math.isfinite(run.losses[-1]):
        return "ends with nan"
    last = run.losses[-1]
    return f"ends at {last:.2g}" if abs(last) < 10 else f"ends near {rounded(last)}"
