"""Rules about rates, and about numbers that are not finite."""

import math

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.runs import has_grown, is_search_for_a_rate
from helpers.loop.doctor.rules.words import line, number

FEW = 2


def rate_is_zero(story):
    """All rates of an optimizer are 0 at its steps, though there are gradients."""
    for optimizer in story.stepped:
        steps = [
            e for e in story.of("step") if e["optimizer"] is optimizer and e["rates"]
        ]
        zero = [e for e in steps if all(rate == 0.0 for rate in e["rates"])]
        if len(zero) <= FEW or len(zero) < 0.4 * len(steps):
            continue
        schedules = [
            e for e in story.of("schedule") if e["scheduler"].optimizer is optimizer
        ]
        made = [e for e in story.of("optimizer") if e["optimizer"] is optimizer]
        is_born_zero = any(not group.get("lr", 1) for group in made[0]["options"])
        place = optimizer.place if is_born_zero else zero[-1].place
        place = schedules[-1]["scheduler"].place if schedules else place
        yield Finding(
            "lr-zero",
            f"At {len(zero)} of {number(len(steps), 'step')} the rate of "
            f"{optimizer.kind} was 0.",
            "A step of rate 0 moves nothing.",
            "Look at the rate that the optimizer was given, and at the end of its "
            "schedule or the first factor of its warm-up.",
            place,
            0.9,
        )


def rate_too_high(story):
    """The loss of a run grows from step to step until it is not finite."""
    for run in story.runs:
        if is_search_for_a_rate(run, story.runs):
            continue
        weights = growth_of_weights(run)
        for losses in run.curves():
            end, tame = until_not_finite(losses)
            if not explodes(tame, end, weights):
                continue
            yield Finding(
                "lr-too-high",
                f"The loss grew from {losses[0]:.3g} to {max(tame):.3g}"
                + (f" and was not finite from backward {end + 1} on" if end else "")
                + f", with a rate of {first_rate(run):.3g}.",
                "Each step goes beyond the far side of the valley.",
                "Lower the rate by factors of 3 to 10 until the loss falls; a warm-up "
                "or clipping helps at the beginning.",
                run.optimizer.place,
                0.8,
            )
            return


def until_not_finite(losses):
    """Where losses are no numbers any more (None if they stay so), and those before."""
    end = next((i for i, x in enumerate(losses) if not math.isfinite(x)), None)
    return end, losses[:end]


def explodes(tame, end, weights):
    """Whether losses grow, because they mostly rise or because steps are so long."""
    if len(tame) + (end is not None) < 4 or not has_grown(tame):
        return False
    if end is None and tame[-1] <= 5 * max(abs(tame[0]), 1e-3):
        return False
    lowest = tame.index(min(tame)) if end is not None else 0
    since = tame[lowest:] if len(tame) - lowest > FEW else tame
    rising = sum(b > a for a, b in zip(since, since[1:], strict=False))
    return rising >= 0.5 * (len(since) - 1) or weights > 5.0


def first_rate(run):
    """The rate of a run's first step."""
    return next(iter(run.rates), math.nan)


def growth_of_weights(run):
    """The largest step, measured by the length of what it moved."""
    found = [
        length / before
        for event in run.steps
        for length, before in event.get("moves", {}).values()
        if before > 0 and math.isfinite(length)
    ]
    return max(found, default=0.0)


def not_a_number(story):
    """The loss or a gradient is not finite, though weights were tame."""
    bad = first_not_finite(story)
    if bad is None:
        return
    tame = [x for x in losses_before(bad, story) if math.isfinite(x)]
    if len(tame) >= 3 and has_grown(tame):
        return  # it exploded: the rate's
    edges = [e for e in story.of("call_edge") if is_edge(e) and e.index <= bad.index]
    place = edges[-1].place if edges else bad.place
    what = f"{edges[-1]['name']} at {line(place)}" if edges else "an operation"
    yield Finding(
        "nan-math",
        f"A loss or gradient was not finite at {line(bad.place)}, while weights and "
        f"losses before it were tame; {what} was given a value at its edge.",
        "The derivative of sqrt, log, norm or a division is infinite at 0, and "
        "0 x inf is NaN.",
        "Keep away from the edge: add a small eps inside, or clamp, before the call.",
        place,
        0.85 if edges else 0.55,
    )


def losses_before(backward, story):
    """The losses of the same run up to a backward; of all, if it is in no run."""
    runs = [run.backwards for run in story.runs if backward in run.backwards]
    events = runs[0] if runs else story.backwards
    losses = [e.get("loss") for e in events if e.index <= backward.index]
    return [loss for loss in losses if loss is not None]


def first_not_finite(story):
    """The first backward whose loss or gradients are not finite.

    A scaled loss and its gradients may be infinite: the scaler then skips the step.
    A search for a rate may end so, and a loop may go on without a batch.
    """
    is_scaled = bool(story.of("scaler_scale"))
    searches = [run for run in story.runs if is_search_for_a_rate(run, story.runs)]
    allowed = {event.index for run in searches for event in run.backwards}
    for event in story.backwards:
        if event.index in allowed or not is_not_finite(event, is_scaled):
            continue
        if not recovers(story, event):
            return event
    return None


def is_not_finite(event, is_scaled):
    """Whether a loss or a gradient is not finite, and a scaler can't be the reason."""
    loss = event.get("loss")
    if loss is not None and not math.isfinite(loss):
        return not (is_scaled and math.isinf(loss))
    return not is_scaled and any(
        g is not None and not math.isfinite(g) for g in event.get("grads", {}).values()
    )


def recovers(story, backward):
    """Whether a later loss of the same run and line is a number again.

    A line search asks too far away, and a loop may leave a batch out.
    """
    return any(
        later.index > backward.index
        and later.place == backward.place
        and later.get("loss") is not None
        and math.isfinite(later["loss"])
        for run in story.runs
        if backward in run.backwards
        for later in run.backwards
    )


def is_edge(event):
    """Whether a call was given a value at which its derivative is not finite."""
    if not event["is_finite"]:
        return False
    name = event["name"]
    if name in ("acos", "asin"):
        return max(abs(event["least"]), abs(event["most"])) >= 1.0
    if name in ("log", "log2", "log10", "sqrt", "rsqrt"):
        return event["least"] <= 0.0
    if name == "log1p":
        return event["least"] <= -1.0
    if name == "exp":
        return event["most"] > 80.0
    if not event.get("result_finite", True):
        return True
    return event["nearest_zero"] == 0.0 and name not in ("pow", "__pow__", "logsumexp")


def half_precision_underflow(story):
    """Gradients in half precision are mostly exactly zero, and no loss is scaled."""
    if story.of("scaler_scale"):
        return
    shares = [e for e in story.of("step") if e.get("half_zero") is not None]
    low = [e for e in shares if e["half_zero"] > 0.5]
    if len(low) <= FEW:
        return
    backwards = [b for b in story.backwards if b.index < low[-1].index]
    yield Finding(
        "fp16-underflow",
        f"At {number(len(low), 'step')} {100 * low[-1]['half_zero']:.0f} % of all "
        "gradient elements that went through float16 were exactly 0.",
        "float16 has nothing between 0 and 6e-8: small gradients vanish.",
        "Scale the loss with torch.amp.GradScaler, or use bfloat16.",
        backwards[-1].place if backwards else low[-1].place,
        0.85,
    )


RULES = [
    rate_is_zero,
    rate_too_high,
    not_a_number,
    half_precision_underflow,
]
