"""What the live figure of chapter 08 shows is true."""

import pytest

from helpers.viz.style import Figure
from tests.test_figures_of_tensors import names_after


@pytest.fixture(scope="module")
def chapter_08():
    return names_after("08_networks", "def draw_signals")


@pytest.mark.parametrize(
    "weights, activation, forward, backward",
    [
        ("PyTorch's default", "relu", "dies", "dies"),
        ("std 0.05", "tanh", "dies", "dies"),
        ("Xavier", "relu", "dies", "dies"),
        ("Xavier", "none", "stays", "stays"),
        ("Xavier", "tanh", "stays", "stays"),
        ("Kaiming", "relu", "stays", "stays"),
        ("Kaiming", "none", "grows", "grows"),
        ("std 0.2", "relu", "grows", "grows"),
        ("std 0.2", "tanh", "stays", "grows"),
    ],
)
def test_signals_die_stay_or_grow(chapter_08, weights, activation, forward, backward):
    there, back = chapter_08["sizes"][weights, activation]
    assert kind(there[-1]) == forward
    assert kind(back[0]) == backward


def kind(size):
    """What a signal of size 1 has become."""
    return "dies" if size < 0.05 else "grows" if size > 50 else "stays"


def test_every_choice_is_drawn_and_marks_what_leaves(chapter_08):
    for weights, activation in chapter_08["sizes"]:
        figure = Figure(figsize=(8, 2.9))
        chapter_08["draw_signals"](figure, weights, activation)
        for ax, values in zip(
            figure.axes, chapter_08["sizes"][weights, activation], strict=True
        ):
            leaves = any(not 1e-9 < value < 1e9 for value in values)
            marks = [line for line in ax.lines if line.get_marker() in "^v"]
            assert len(marks) == leaves
