"""Rules about the length that a schedule was made for."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import line, times

FEW = 2
WARM = {"LambdaLR", "LinearLR", "SequentialLR", "MultiplicativeLR"}


def horizon(story):
    """A schedule ends long before the training, or is stepped past its end."""
    error = story.error
    if error is not None and "Tried to step" in error["text"]:
        yield Finding(
            "scheduler-horizon",
            f"The loop ended at {line(error.place)}: a schedule was stepped past its "
            "total_steps.",
            "OneCycleLR has no rate beyond its end.",
            "Give total_steps=epochs * len(loader), and step once a batch, no more.",
            error.place,
            0.9,
        )
        return
    for record in story.evidence.schedulers.all:
        calls = [e for e in story.of("schedule") if e["scheduler"] is record]
        end = record.numbers.get("T_max")
        if record.kind != "CosineAnnealingLR" or not end or len(calls) < 1.3 * end:
            continue
        rises = sum(e["after"][0] > e["before"][0] for e in calls if e.get("after"))
        if rises < FEW:
            continue
        yield Finding(
            "scheduler-horizon",
            f"CosineAnnealingLR with T_max={end} was stepped {times(len(calls))}; "
            "after its end the rate rose again.",
            "The cosine goes on: the run ends at a high rate.",
            "Give T_max the number of scheduler steps of the whole run.",
            record.place,
            0.75,
        )


def still_warming_up(story):
    """A warm-up is so long that the rate never comes near its goal."""
    for record in story.evidence.schedulers.all:
        calls = [e for e in story.of("schedule") if e["scheduler"] is record]
        rates = [e["after"][0] for e in calls if e.get("after")]
        goal = record.base
        if record.kind not in WARM or len(rates) < 20 or not goal:
            continue
        passes = [e for e in story.of("pass_end") if e.index < calls[-1].index]
        rises = all(b >= a for a, b in zip(rates, rates[1:], strict=False))
        if story.error is not None or len(passes) < FEW or not rises:
            continue
        if rates[-1] > 0.3 * goal or rates[-1] == rates[0]:
            continue
        yield Finding(
            "scheduler-horizon",
            f"{record.kind} was stepped {times(len(calls))} ({line(calls[-1].place)}), "
            f"and the rate still rose at the end: {rates[-1]:.3g} of {goal:.3g}.",
            "The warm-up is longer than the run: the rate never leaves it.",
            "Give the schedule the steps of this run: epochs * len(loader), of which "
            "a warm-up takes a few percent.",
            calls[-1].place,
            0.7,
        )


RULES = [horizon, still_warming_up]
