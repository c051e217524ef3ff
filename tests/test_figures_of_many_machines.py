"""What the figures of chapter 15 show: the timeline, and the scaling curve."""

import itertools
from pathlib import Path

import nbformat
import pytest

NOTEBOOK = Path(__file__).resolve().parents[1] / "chapters/15_many_machines.ipynb"
DRAWN = (
    "import time",
    "# Computes a step of four",
    "# Draws a step of four",
    "# Shows Figure 15.3",
    "def message_seconds",
    "# Compares the model with",
    "# Shows Figure 15.5",
)
FIGURES = {"draw_step": "timeline", "draw_scaling": "scaling"}


@pytest.fixture(scope="module")
def names():
    """What the cells of the two live figures define; no process is started."""
    found = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code" and cell.source.startswith(DRAWN):
            source = cell.source
            for draw, name in FIGURES.items():
                source = source.replace(
                    f"\nLiveFigure({draw},", f"\n{name} = LiveFigure({draw},"
                )
            exec(source, found)
    return found


STEPS = list(itertools.product((1, 5, 24), (False, True), (1, 2, 4), (False, True)))


@pytest.mark.parametrize("slow", [0, 50])
def test_every_step_is_drawn_inside_of_the_picture(names, slow):
    for buckets, overlap, micro_batches, sharded in STEPS:
        setting = dict(
            buckets=buckets, overlap=overlap, micro_batches=micro_batches,
            sharded=sharded, slow=slow,
        )  # fmt: skip
        assert 0 < names["end_of"](**setting) < 220
    names["timeline"].update(**setting)
    assert names["timeline"].error is None


def test_buckets_leave_one_after_the_other_and_all_of_them(names):
    for buckets, overlap, micro_batches, _ in STEPS:
        times, sent = names["bucket_times"](buckets, overlap, micro_batches, 0)
        assert len(times) == buckets
        ends = [begin + length for begin, length in times]
        assert all(e <= t[0] + 1e-9 for e, t in zip(ends, times[1:], strict=False))
        lead, whole = names["computing"](micro_batches)
        assert times[0][0] >= (lead if overlap else whole)
        assert sent == ends[-1] > whole


def test_overlap_helps_and_a_slow_rank_delays_all(names):
    end_of = names["end_of"]
    for buckets, _, micro_batches, sharded in STEPS:
        rest = micro_batches, sharded
        early = end_of(buckets, True, *rest, 0)
        assert early <= end_of(buckets, False, *rest, 0) + 1e-9
        assert end_of(buckets, True, *rest, 50) > early
    assert end_of(5, True, 1, False, 0) < end_of(1, True, 1, False, 0)
    assert end_of(5, True, 4, False, 0) > end_of(5, True, 1, False, 0)


def test_both_targets_need_all_three(names):
    assert names["met"]
    for _, overlap, micro_batches, sharded, _ in names["met"]:
        assert (overlap, micro_batches, sharded) == (True, 2, True)


def test_the_scaling_curve_falls_and_the_tree_keeps_it_up(names):
    worth, ranks = names["worth"], names["RANKS"]
    for compute, speed, latency in itertools.product(
        (0.01, 0.3), (1.25e9, 50e9), (5e-6, 5e-5)
    ):
        ring = [worth(n, compute, latency, speed) for n in ranks]
        tree = [worth(n, compute, latency, speed, True) for n in ranks]
        assert ring[0] == tree[0] == 1
        assert ring == sorted(ring, reverse=True)
        assert all(t >= r - 1e-12 for t, r in zip(tree, ring, strict=True))
    for tree in (False, True):
        names["scaling"].update(tree=tree, compute=10, speed="1.25", latency=50)
        assert names["scaling"].error is None


def test_the_model_is_near_what_was_published(names):
    assert max(names["errors"]) < 0.05
