"""The tables as a picture.

With this module one can: draw the ratios of several results, torch = 1, with what they
must reach and the goals (`chart`).
"""

from benchmarks.harness import digits
from helpers.viz.style import COLORS, Figure

ROW = 0.24  # inches for a bar
LEGEND = {"loc": "lower right", "bbox_to_anchor": (1, 0.98), "fontsize": 8, "ncols": 2}
NUMBER = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}


def chart(results: dict, benchmarks: dict) -> Figure:
    """Horizontal bars of ratios on a logarithmic axis, a panel for each result.

    `results` are those of `harness.interleaved` by name; the titles and marks are those
    of the benchmarks with these names.
    """
    heights = [len(result.seconds) + 2.5 for result in results.values()]
    figure = Figure((9.0, ROW * sum(heights) + 0.6), "ratios of time to the reference")
    panels = figure.subplots(
        len(results), sharex=True, squeeze=False, height_ratios=heights
    )[:, 0]
    for axes, (name, result) in zip(panels, results.items(), strict=True):
        draw(axes, result, benchmarks[name])
    low, high = panels[0].get_xlim()
    panels[0].set_xlim(low / 1.2, high * 2)  # room for the numbers
    panels[-1].set_xlabel("time, as a ratio to the first (shorter is better)")
    return figure


def draw(axes, result, benchmark):
    """The bars of one result."""
    names = list(result.seconds)
    ratios = [result.ratio(name) for name in names]
    marks = [
        (each.name, each.must, each.goal)
        for each in benchmark.marks
        if each.than is None and each.name in names
    ]
    colors = [
        "parameters" if name.startswith("ours") else "reference" for name in names
    ]
    axes.barh(names, ratios, color=[COLORS[color] for color in colors], height=0.7)
    axes.set_xscale("log")
    axes.invert_yaxis()
    axes.axvline(1, color=COLORS["loss"], linewidth=1)
    axes.set_title(benchmark.title, loc="left", fontsize=10)
    for place, (name, ratio) in enumerate(zip(names, ratios, strict=True)):
        own = [limit for each, *limits in marks if each == name for limit in limits]
        end = max([ratio, *own])
        axes.annotate(digits(ratio), (end, place), (4, 0), va="center", fontsize=8,
                      textcoords="offset points", bbox=NUMBER)  # fmt: skip
    axes.xaxis.set_major_formatter("{x:g}")
    for name, must, goal in marks:
        place = names.index(name)
        for ratio, meaning in ((must, "gradients"), (goal, "steps")):
            axes.vlines(ratio, place - 0.45, place + 0.45, color=COLORS[meaning], lw=3,
                        label="must" if ratio == must else "goal")  # fmt: skip
    if marks:
        handles, labels = axes.get_legend_handles_labels()
        unique = dict(zip(labels, handles, strict=True))
        axes.legend(unique.values(), unique, **LEGEND)
