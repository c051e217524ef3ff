"""Figures look the same everywhere, and equal figures have equal bytes."""

import base64
import io

import pytest
from matplotlib.text import Text
from PIL import Image

from helpers.viz.png import quick_png, small_png
from helpers.viz.style import (
    COLORS,
    DASHES,
    MARKERS,
    METHODS,
    PAPER,
    Figure,
    look,
    new_figure,
)


def sample_figure():
    figure, (left, right) = new_figure(columns=2)
    left.plot([3.0, 1.0, 0.5], **look("loss"), label="ours")
    left.set(xlabel="epoch", ylabel="loss")
    left.legend()
    right.semilogy([1.0, 10.0], **look("gradients"))
    right.set(title="gradients")
    return figure


def picture(png):
    return Image.open(io.BytesIO(png)).convert("RGB")


def test_every_meaning_has_colour_dashes_and_marker():
    assert set(COLORS) == set(DASHES) == set(MARKERS)


def test_lines_that_share_a_chart_differ_without_colour():
    drawn = [name for name in COLORS if name != "warning"]
    signs = {(DASHES[name], MARKERS[name]) for name in drawn}
    assert len(signs) == len(drawn)
    markers = [MARKERS[name] for name in COLORS if MARKERS[name]]
    assert len(set(markers)) == len(markers)


def test_every_method_has_a_look_of_its_own():
    colours = [method["color"] for method in METHODS.values()]
    assert len(set(colours)) == len(colours)
    signs = {(str(m["linestyle"]), m["marker"]) for m in METHODS.values()}
    assert len(signs) == len(METHODS)
    assert {m["color"] for name, m in METHODS.items() if name != "SciPy"}.isdisjoint(
        COLORS.values()
    )


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_read_on_paper(name):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [
            c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    contrast = (light(PAPER) + 0.05) / (light(METHODS[name]["color"]) + 0.05)
    assert contrast >= (2.8 if name == "SciPy" else 3.0)


def test_look_can_be_changed():
    assert look("state", linestyle="-") == {"color": "#CC79A7", "linestyle": "-"}


def test_an_unknown_meaning_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="meaning = 'lost' .* parameters, gradients"):
        look("lost")


@pytest.mark.parametrize("encode", [quick_png, small_png])
def test_equal_figures_have_equal_bytes_without_metadata(encode):
    png = encode(sample_figure())
    assert png == encode(sample_figure())
    assert Image.open(io.BytesIO(png)).info == {}


def test_the_small_picture_is_smaller_and_looks_the_same():
    quick, small = quick_png(sample_figure()), small_png(sample_figure())
    assert len(small) < 0.6 * len(quick)
    pairs = zip(picture(quick).tobytes(), picture(small).tobytes(), strict=True)
    assert max(abs(one - other) for one, other in pairs) <= 8


def test_a_picture_of_many_colours_keeps_them():
    figure = Figure(figsize=(3, 2), layout=None)
    colours = [[(x / 60, y / 60, 0.5) for x in range(60)] for y in range(60)]
    figure.add_axes((0, 0, 1, 1)).imshow(colours, aspect="auto")
    assert picture(small_png(figure)).tobytes() == picture(quick_png(figure)).tobytes()


def test_the_picture_is_white_and_opaque_at_its_edge():
    png = small_png(sample_figure())
    assert "A" not in Image.open(io.BytesIO(png)).mode
    assert picture(png).getpixel((0, 0)) == (255, 255, 255)
    assert picture(png).size == (770, 330)


def test_no_text_is_smaller_than_nine_points():
    figure = sample_figure()
    quick_png(figure)
    sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text()]
    assert len(sizes) > 10
    assert min(sizes) >= 9


def test_a_notebook_gets_a_picture_and_stable_text():
    data, metadata = sample_figure()._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == small_png(sample_figure())
    assert data["text/plain"] == "Figure(loss against epoch)"
    assert metadata == {"image/png": {"alt": "loss against epoch"}}


def test_a_given_description_wins():
    figure = sample_figure()
    figure.description = "two curves"
    assert repr(figure) == "Figure(two curves)"


def test_the_look_stays_within_the_figure():
    import matplotlib

    before = dict(matplotlib.rcParams)
    sample_figure()
    assert dict(matplotlib.rcParams) == before


def test_axes_have_few_ticks_whatever_their_scale():
    figure, (left, right) = new_figure(columns=2, subplot_kw={"yscale": "log"})
    left.set(yscale="linear", xlim=(0, 9), ylim=(0, 9))
    right.plot([1e-3, 1e3])
    quick_png(figure)
    assert 4 <= len(left.get_xticks()) <= 7
    assert right.get_yscale() == "log"
