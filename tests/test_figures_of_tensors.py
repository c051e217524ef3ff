"""What the figures of chapters 02 and 03 show is true."""

from pathlib import Path

import nbformat
import pytest
import torch

from helpers.viz.style import Figure

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"


def names_after(chapter, mark):
    """The names in a chapter when its cells, up to the one with `mark`, have run."""
    names = {}
    for cell in nbformat.read(CHAPTERS / f"{chapter}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, f"{chapter}.ipynb", "exec"), names)
            if mark in cell.source:
                return names
    raise AssertionError(f"no cell of {chapter} has {mark!r}")


@pytest.fixture(scope="module")
def chapter_02():
    return names_after("02_tensors", "def draw_broadcast")


@pytest.fixture(scope="module")
def chapter_03():
    return names_after("03_backward", "def memory_curve")


@pytest.mark.parametrize("function", ["tanh", "sum", "softmax", "cumsum"])
def test_inputs_get_the_sum_over_their_lines(chapter_02, function):
    figure = Figure(figsize=(7, 3))
    chapter_02["draw_arrows"](figure, function)
    texts = [text for text in figure.axes[0].texts if text.get_weight() == "bold"]
    shown = [float(text.get_text()) for text in texts]
    back, arrived = shown[:3], torch.tensor(shown[3:])
    x = chapter_02["POINT"].clone().requires_grad_()
    options = {"dim": 0} if function in ("softmax", "cumsum") else {}
    out = getattr(torch, function)(x, **options)
    out.backward(arrived.view(out.shape))
    assert torch.allclose(torch.tensor(back), x.grad, rtol=6e-3)


SHAPES = [(), (3,), (1, 3), (2, 1), (2, 3)]


@pytest.mark.parametrize("a_shape", SHAPES)
@pytest.mark.parametrize("b_shape", SHAPES)
def test_a_stretched_element_gets_the_sum_of_its_places(chapter_02, a_shape, b_shape):
    a = chapter_02["count"](a_shape).requires_grad_()
    out = a + chapter_02["count"](b_shape)
    out.backward(chapter_02["count"](out.shape))
    for element in range(a.numel()):
        figure = Figure(figsize=(7, 3.2))
        chapter_02["draw_broadcast"](figure, a_shape, b_shape, element)
        bottom = figure.axes[3]
        bold = [text for text in bottom.texts if text.get_weight() == "bold"]
        assert [float(text.get_text()) for text in bold] == [a.grad.view(-1)[element]]
        terms = bottom.get_title(loc="left").removeprefix("gradient: ").split("+")
        assert sum(map(float, terms)) == a.grad.view(-1)[element]


def test_the_leaf_keeps_its_name_at_every_step_of_the_walk(chapter_03):
    stepper = chapter_03["stepper"]
    for step in range(stepper.count):
        figure = Figure(figsize=(7, 1.5))
        stepper.draw(figure, step)
        assert "a" in {text.get_text() for text in figure.axes[0].texts}
    assert [label.partition(" speaks")[0] for label in stepper.labels] == [
        f"depth {depth}" for depth in (4, 3, 2, 1, 0)
    ]


def test_memory_is_a_hill_or_a_shelf(chapter_03):
    kept, freed = chapter_03["kept"], chapter_03["freed"]
    hill = [0.0, 8.0, 16.0, 24.0, 32.0, 40.0, 48.0]
    assert freed == hill + hill[-2::-1]
    assert kept == hill + [48.0] * 6
