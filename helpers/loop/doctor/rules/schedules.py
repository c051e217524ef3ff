"""Rules about schedules: their unit, their length, their order, what they are fed."""

import math
from collections import Counter

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import line, times

FEW = 2


def steps_between(story, optimizer):
    """The number of steps of an optimizer in each pass of the training loader."""
    counts, now = [], None
    for event in story.events:
        if event.kind == "pass":
            now = 0
        elif event.kind == "pass_end" and now:
            counts.append(now)
            now = None
        elif (
            event.kind == "step" and event["optimizer"] is optimizer and now is not None
        ):
            now += 1
    return counts


def unit(story):
    """A schedule made for epochs is stepped with every batch, or the reverse."""
    for record in story.evidence.schedulers.all:
        calls = [e for e in story.of("schedule") if e["scheduler"] is record]
        optimizer = record.optimizer
        if optimizer is None or len(calls) < FEW:
            continue
        steps = [e for e in story.of("step") if e["optimizer"] is optimizer]
        passes = steps_between(story, optimizer)
        if not steps or not passes or max(passes) < 3:
            continue
        per_batch = len(calls) >= 0.8 * len(steps)
        first, lowest = rates_of(calls)
        horizon = horizon_of(record)
        if per_batch and made_for_epochs(record, passes, horizon, len(steps)):
            yield Finding(
                "scheduler-unit",
                f"{record.kind} was stepped after every batch ({len(calls)} times; "
                f"passes over the data: {len(passes)}), and took the "
                f"rate from {first:.3g} to {lowest:.3g}.",
                f"Its numbers ({described(record)}) are then batches, not epochs.",
                "Call scheduler.step() once an epoch, outside the loop over batches, "
                "or give its numbers in batches.",
                calls[-1].place,
                0.85,
            )
        elif not per_batch and made_for_batches(record, passes, horizon, len(calls)):
            yield Finding(
                "scheduler-unit",
                f"{record.kind} was stepped {times(len(calls))}, once an epoch, over "
                f"{len(steps)} optimizer steps; its numbers ({described(record)}) are "
                "batches.",
                "The rate hardly leaves its beginning.",
                "Call scheduler.step() after every optimizer.step().",
                calls[-1].place,
                0.8,
            )


def rates_of(calls):
    """The first rate and the lowest one."""
    first = calls[0]["before"][0]
    lowest = min(min(e.get("after") or e["before"]) for e in calls)
    return first, lowest


def horizon_of(record):
    """How many steps a schedule was made for, or None."""
    numbers = record.numbers
    for name in ("total_steps", "T_max", "total_iters", "T_0"):
        if isinstance(numbers.get(name), int | float):
            return numbers[name]
    return None


def described(record):
    """The numbers of a schedule, in words."""
    shown = {
        name: value
        for name, value in record.numbers.items()
        if name in ("T_max", "T_0", "total_steps", "step_size", "total_iters", "gamma")
        or name == "milestones"
    }
    found = [
        f"{name}={sorted(value) if isinstance(value, Counter) else value}"
        for name, value in shown.items()
    ]
    return ", ".join(found) or "its own"


def made_for_epochs(record, passes, horizon, steps):
    """Whether a schedule that is stepped per batch collapses in the first epochs."""
    per_epoch = max(passes)
    numbers = record.numbers
    if record.kind == "ExponentialLR":
        return numbers.get("gamma", 1.0) ** per_epoch < 0.2
    if record.kind == "StepLR":
        return (
            numbers["step_size"] < per_epoch
            and numbers["gamma"] ** (per_epoch // numbers["step_size"]) < 0.2
        )
    if record.kind == "MultiStepLR":
        return max(numbers["milestones"], default=math.inf) < per_epoch
    if record.kind == "CosineAnnealingLR":
        return horizon is not None and 2 * horizon <= steps and horizon <= 4 * per_epoch
    if record.kind == "ReduceLROnPlateau":
        return False
    return False


def made_for_batches(record, passes, horizon, calls):
    """Whether a schedule that is stepped per epoch was made for batches."""
    if horizon is None or record.kind not in (
        "OneCycleLR",
        "CosineAnnealingLR",
        "LinearLR",
    ):
        return False
    total = sum(passes)
    return horizon > 2 * calls and 0.5 * total <= horizon <= 2 * total


def before_the_optimizer(story):
    """A schedule makes its step before the first step of its optimizer."""
    for record in story.evidence.schedulers.all:
        calls = [e for e in story.of("schedule") if e["scheduler"] is record]
        steps = [e for e in story.of("step") if e["optimizer"] is record.optimizer]
        if not calls or not steps or calls[0].index > steps[0].index:
            continue
        if (
            story.of("scaler_step")
            and story.of("scaler_step")[0].index < calls[0].index
        ):
            continue
        pairs = order_of_pairs(story, record)
        if pairs < 1:
            continue
        yield Finding(
            "scheduler-before-step",
            f"scheduler.step() ({line(calls[0].place)}) was called before the first "
            f"optimizer.step() ({line(steps[0].place)}).",
            "The first rate of the schedule is never used.",
            "Call optimizer.step() first, then scheduler.step().",
            calls[0].place,
            0.9,
        )


def order_of_pairs(story, record):
    """How many schedule steps come before any optimizer step."""
    count = 0
    for event in story.events:
        if event.kind == "step" and event["optimizer"] is record.optimizer:
            return count
        if event.kind == "schedule" and event["scheduler"] is record:
            count += 1
    return 0


def bad_metric(story):
    """ReduceLROnPlateau is fed a number that goes the other way."""
    for record in story.evidence.schedulers.all:
        if record.kind != "ReduceLROnPlateau":
            continue
        calls = [e for e in story.of("schedule") if e["scheduler"] is record]
        fed = [e["given"] for e in calls if isinstance(e["given"], int | float)]
        if len(fed) < 3 or len(fed) != len(calls):
            continue
        if fed == list(range(int(fed[0]), int(fed[0]) + len(fed))):
            what = "the number of the epoch"
        elif wrong_way(fed, record.numbers.get("mode", "min")):
            what = f"a number that went from {fed[0]:.3g} to {fed[-1]:.3g}"
        else:
            continue
        mode = record.numbers.get("mode", "min")
        yield Finding(
            "scheduler-bad-metric",
            f"ReduceLROnPlateau(mode={mode!r}) was fed {what} "
            f"({line(calls[-1].place)}).",
            "It lowers the rate while the run gets better.",
            "Feed it the validation loss, or set mode='max' for an accuracy.",
            calls[-1].place,
            0.85,
        )


def wrong_way(fed, mode):
    """Whether numbers move against a mode, as an accuracy does under 'min'."""
    rising = fed[-1] > fed[0] and all(0.0 <= x <= 1.0 for x in fed)
    falling = fed[-1] < fed[0]
    changes = [b - a for a, b in zip(fed, fed[1:], strict=False)]
    if mode == "min":
        return rising and sum(c >= 0 for c in changes) >= 0.7 * len(changes)
    return falling and sum(c <= 0 for c in changes) >= 0.8 * len(changes)


RULES = [
    unit,
    before_the_optimizer,
    bad_metric,
]
