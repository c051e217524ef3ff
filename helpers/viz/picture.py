"""A matplotlib drawing in a notebook that is drawn again when something changes.

What the drawing function raises is written into the picture itself. Live in JupyterLab;
a still picture, with the same bytes at every run, wherever the notebook is only shown.
"""

import base64
import contextlib
import textwrap
import threading
import traceback

import ipywidgets
import matplotlib
import traitlets

from helpers.viz.png import quick_png, small_png
from helpers.viz.remembered_layout import RememberedLayout
from helpers.viz.style import COLORS, INK, PADS, Figure

# Titles stand right above their axes. Else matplotlib looks for tick labels that might
# be in the way there, which takes a sixth of the time of a picture.
TITLES = {"axes.titley": 1.0}
FAILED = "failed-drawing"  # in the browser, the class of an image that shows an error


class DescribedImage(ipywidgets.Image):
    """An image whose `tooltip` is its text for screen readers.

    In ipywidgets 8 the browser looks up a description wherever there is a tooltip, and
    plain images have none: without this line the image is not shown at all.

    >>> DescribedImage(tooltip="loss against epoch").description
    ''
    """

    description = traitlets.Unicode("").tag(sync=True)


class Picture(ipywidgets.VBox):
    """A picture with widgets around it. A subclass says what to draw, in `paint`.

    Args:
        width, height: of the picture, in inches.
        above, below: the widgets around it.

    `error` is None, or the sentence that says why the last drawing failed; the next one
    that succeeds clears it. Chapters use its subclasses `LiveFigure` and `Stepper`.
    """

    def __init__(self, width: float, height: float, above=(), below=()):
        self.figure = Figure((width, height), layout=RememberedLayout(**PADS))
        self.error = None
        self._lock = threading.RLock()
        self._held, self._drawn = False, None
        whole_width = ipywidgets.Layout(
            max_width="100%", align_self="flex-start", object_fit="contain"
        )
        self._image = DescribedImage(format="png", layout=whole_width)
        super().__init__(
            children=[*above, self._image, *below],
            layout=ipywidgets.Layout(align_self="flex-start", max_width="100%"),
        )

    def state(self) -> dict:
        """What the picture depends on, by name; equal states have equal pictures."""
        raise NotImplementedError(f"{type(self).__name__} has to define state()")

    def paint(self, figure, state: dict) -> None:
        """Draw on a cleared figure what `state` says."""
        raise NotImplementedError(f"{type(self).__name__} has to define paint()")

    @property
    def png(self) -> bytes:
        """The picture on show, as the bytes of a PNG."""
        return bytes(self._image.value)

    def redraw(self, *_) -> None:
        """Draw the newest state; nothing to do if it is on show already.

        JupyterLab may deliver changes on a thread of its own, so only one drawing goes
        on at a time. One that had to wait finds the newest state, not the one that it
        was called for: a drag never queues up pictures.
        """
        with self._lock:
            state = self.state()
            if self._held or state == self._drawn:
                return
            self._drawn = state
            png = self._attempt(state)
            with self._image.hold_sync():  # one message: the browser draws once
                self._mark_failure()
                self._image.tooltip = (
                    self.error or self.figure.description or repr(self)
                )
                self._image.value = png

    def _mark_failure(self):
        """Give the image of a failed drawing a class by which tests find it."""
        mark = self._image.add_class if self.error else self._image.remove_class
        mark(FAILED)

    @contextlib.contextmanager
    def one_redraw(self):
        """Several changes inside, one drawing at the end."""
        with self._lock:
            self._held = True
            try:
                yield
            finally:
                self._held = False
                self.redraw()

    def _attempt(self, state) -> bytes:
        """Paint, or paint the reason why that failed; the picture as a PNG."""
        self._clear()
        try:
            with matplotlib.rc_context(TITLES):
                self.paint(self.figure, state)
            png = quick_png(self.figure)
            self.error = None
        except Exception as error:  # the picture itself reports it
            self._clear()
            self.error = draw_error(self.figure, error, self.draw)
            png = quick_png(self.figure)
        return png

    def _clear(self):
        """Clear the figure; axes go first, since clearing would redo their ticks."""
        for axes in self.figure.axes:
            self.figure.delaxes(axes)
        self.figure.clear()
        self.figure.description = ""

    def __repr__(self):
        words = [f"{name}={_short(value)}" for name, value in self.state().items()]
        words += [f"error={self.error!r}"] if self.error else []
        return f"{type(self).__name__}({', '.join(words)})"

    def _repr_mimebundle_(self, **options):
        with self._lock:
            bundle = super()._repr_mimebundle_(**options)
            bundle["text/plain"] = repr(self)
            bundle["image/png"] = base64.b64encode(small_png(self.figure)).decode()
        return bundle, {"image/png": {"alt": self.figure.description or repr(self)}}


def draw_error(figure, error: Exception, draw) -> str:
    """Write on a figure what a drawing function raised; return the first sentence.

    Args:
        figure: a cleared figure.
        error: what was raised.
        draw: the function; the line of it that was running is written too.

    >>> figure = Figure()
    >>> draw_error(figure, ValueError("lr is negative"), print)
    'ValueError: lr is negative'
    """
    message = "".join(traceback.format_exception_only(type(error), error))
    sentence = textwrap.shorten(message, 500, placeholder=" ...")
    columns = int(figure.get_figwidth() * 11)
    lines = [f"{getattr(draw, '__name__', 'draw')} stopped with", sentence]
    lines += _line_of(draw, error)
    wrapped = "\n\n".join(textwrap.fill(line, columns) for line in lines)
    figure.text(
        *(0.04, 0.92, wrapped),
        verticalalignment="top",
        fontsize=10,
        color=INK,
        family="monospace",
        parse_math=False,
        bbox={"facecolor": COLORS["warning"], "alpha": 0.35, "edgecolor": "none"},
    )
    return sentence


def _line_of(draw, error) -> list[str]:
    """In words, the last line of `draw` itself that was running."""
    code = getattr(draw, "__code__", None)
    steps = traceback.walk_tb(error.__traceback__)
    numbers = [number for frame, number in steps if frame.f_code is code]
    if not numbers:
        return []
    number = numbers[-1]
    lookup = {"filename": code.co_filename, "lineno": number, "name": code.co_name}
    text = traceback.FrameSummary(**lookup).line
    return [f"in its line {number - code.co_firstlineno + 1}: {text}"]


def _short(value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else repr(value)
