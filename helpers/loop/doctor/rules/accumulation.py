"""Rules about clipping, accumulation over micro-batches, and closures."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules import source
from helpers.loop.doctor.rules.words import line, number, times

FEW = 2


def clip_in_the_wrong_place(story):
    """Gradients are clipped where there are none, or where nobody reads them."""
    clips = story.of("clip")
    if len(clips) < FEW:
        return
    kinds = [where_it_stands(story, clip) for clip in clips]
    for kind, text in CLIPPED.items():
        found = [c for c, k in zip(clips, kinds, strict=True) if k == kind]
        if len(found) >= FEW and 2 * len(found) >= len(clips):
            yield Finding(
                "clip-misplaced",
                f"{times(len(found)).capitalize()} gradients were clipped "
                f"({line(found[-1].place)}) {text[0]}.",
                text[1],
                "Clip between backward() and step(), once a step; with a GradScaler "
                "after scaler.unscale_(optimizer).",
                found[-1].place,
                0.9,
            )
            return


CLIPPED = {
    "nothing": ("when there was no gradient", "There was nothing to clip."),
    "after": (
        "after step() had read them",
        "The step went along the unclipped gradients.",
    ),
    "before": (
        "before backward()",
        "backward() adds to what was clipped, and the step reads the sum.",
    ),
    "scaled": (
        "while they were multiplied by the loss scale",
        "The length that is clipped is thousands of times too large, so the step is far "
        "too short.",
    ),
    "micro": (
        "after every micro-batch",
        "The sum is clipped again and again: the first micro-batches count less.",
    ),
}


def where_it_stands(story, clip):
    """What is wrong with a place of clipping, or None."""
    before = last_before(
        story, clip, ("backward", "step", "zero_grad", "scaler_unscale")
    )
    after = first_after(story, clip, ("backward", "step", "zero_grad", "clip"))
    if clip["with_gradient"] == 0:
        return "nothing"
    if before == "step" or (before == "zero_grad" and after == "backward"):
        return "after" if before == "step" else "before"
    if story.of("scaler_scale") and before != "scaler_unscale":
        return "scaled"
    if before == "backward" and after == "backward":
        return "micro"
    return None


def last_before(story, event, kinds):
    """The kind of the last event of some kinds before another one."""
    for earlier in reversed(story.events[: event.index]):
        if earlier.kind in kinds:
            return earlier.kind
    return None


def first_after(story, event, kinds):
    """The kind of the first event of some kinds after another one."""
    for later in story.events[event.index + 1 :]:
        if later.kind in kinds:
            return later.kind
    return None


def groups_of(story):
    """By step: the backward events of its gradients, all from one line."""
    for step in story.steps:
        found = {id(b): b for bs in step.fresh.values() for b in bs}
        events = sorted(found.values(), key=lambda e: e.index)
        if step.event["closure"] or len({e.place for e in events}) != 1:
            continue
        yield step, events


def not_averaged(story):
    """Means of micro-batches are added, and the sum is not divided."""
    groups = [(s, g) for s, g in groups_of(story) if len(g) > 1]
    if len(groups) < FEW:
        return
    wrong = [g for _, g in groups if all(is_plain_mean(story, e) for e in g)]
    if len(wrong) < FEW or len(wrong) < 0.8 * len(groups):
        return
    size = len(wrong[-1])
    yield Finding(
        "accum-not-averaged",
        f"At {number(len(wrong), 'step')} the gradients of {size} micro-batches were "
        "added, each of a mean, and not divided.",
        f"The step is {size} times as long as that of one large batch.",
        f"Divide each loss by {size}, or weight it by its share of the samples, before "
        f"backward() ({line(wrong[-1][-1].place)}).",
        wrong[-1][-1].place,
        0.8,
    )


def is_plain_mean(story, backward):
    """Whether what is differentiated is a loss's mean itself, with no factor."""
    losses = [
        e
        for e in story.of("call_loss")
        if e.index < backward.index and e.get("result_id") == backward.get("loss_id")
    ]
    return bool(losses) and losses[-1]["reduction"] == "mean"


def accumulation_lost(story):
    """Gradients of most micro-batches are cleared before any step reads them."""
    for optimizer in story.stepped:
        steps = story.steps_of(optimizer)
        lost = []
        for step in steps:
            gone = {
                id(b): (b, by)
                for pairs in step.cleared.values()
                for b, by in pairs
                if by.kind == "zero_grad" and b.get("inside") is None
            }
            kept = {b.place for bs in step.fresh.values() for b in bs}
            same = [(b, by) for b, by in gone.values() if b.place in kept]
            if same and not other_steps_between(story, optimizer, same, step):
                lost.append((step, same))
        if len(lost) < FEW:
            yield from last_group_lost(story, optimizer, steps)
            continue
        step, same = lost[-1]
        yield Finding(
            "accum-lost",
            f"At {number(len(lost), 'step')} gradients of {len(same)} earlier "
            f"micro-batches had been cleared (zero_grad at {line(same[-1][1].place)}) "
            "before the step read them.",
            "Only the last micro-batch counts; the work for the others is lost.",
            "Call zero_grad() once a step, right after step(), not once a micro-batch.",
            same[-1][1].place,
            0.9,
        )


def other_steps_between(story, optimizer, same, step):
    """Whether another optimizer used the gradients that were cleared."""
    first = min(b.index for b, _ in same)
    return any(
        e.kind == "step" and e["optimizer"] is not optimizer
        for e in story.events[first : step.event.index]
    )


def last_group_lost(story, optimizer, steps):
    """At the end of a pass the last, incomplete group is cleared or left lying."""
    sizes = [len({id(b) for bs in s.fresh.values() for b in bs}) for s in steps]
    usual = max(sizes, default=0)
    if usual < 2:
        return
    odd = [s for s, n in zip(steps, sizes, strict=True) if n > usual or n < usual]
    crossing = [s for s in steps if crosses_a_pass(story, s)]
    if len(crossing) >= 1 and usual >= 2:
        place = crossing[-1].event.place
        yield Finding(
            "accum-lost",
            f"{times(len(crossing)).capitalize()} a step used micro-batches of two "
            "passes over the data: the last group of a pass was not complete.",
            "Leftover gradients leak into the next epoch.",
            "Make a step at the end of each pass too: if (i + 1) % k == 0 or i + 1 == "
            "len(loader).",
            place,
            0.75,
        )
    del odd


def crosses_a_pass(story, step):
    """Whether a step used gradients from before the end of a pass and after it."""
    events = [b for bs in step.fresh.values() for b in bs]
    if not events:
        return False
    first, last = min(e.index for e in events), max(e.index for e in events)
    return any(e.kind == "pass_end" for e in story.events[first:last])


def closure_is_wrong(story):
    """A closure does not do what step(closure) needs."""
    with_closure = [e for e in story.of("step") if e["closure"]]
    needing = [e for e in story.of("step") if e["optimizer"].kind == "LBFGS"]
    error = story.error
    if error is not None and error.get("stepping") is not None and with_closure:
        text = error["text"]
        if "second time" in text or "does not require grad" in text:
            why = (
                "it differentiates a loss that was computed outside"
                if "second time" in text
                else "its loss has no graph"
            )
            yield closure_finding(error.place, f"The closure raised: {why}.")
            return
    if error is not None and "closure" in error["text"] and "missing" in error["text"]:
        yield closure_finding(error.place, "step() was called without its closure.")
        return
    wrong = [closure_lacks(story, step) for step in with_closure if step in needing]
    found = [w for w in wrong if w]
    if found and 2 * len(found) >= len(wrong):
        step = with_closure[-1]
        yield closure_finding(
            source.function_place(step.place, "closure") or step.place,
            f"At {number(len(found), 'step')} the closure {found[-1]}.",
        )


def closure_finding(place, seen):
    """The finding about a closure."""
    return Finding(
        "closure-wrong",
        seen,
        "The optimizer asks for loss and gradients several times a step, each time at "
        "other parameters.",
        "In the closure: zero_grad(), the forward pass, backward(), return the loss.",
        place,
        0.85,
    )


def closure_lacks(story, step):
    """What the calls inside a step lack."""
    inside = []
    for event in story.events[step.index + 1 :]:
        if event.get("inside") is not step["optimizer"]:
            if event.kind in ("forward", "backward", "zero_grad", "step"):
                break
            continue
        inside.append(event.kind)
    count = inside.count("backward")
    if not count:
        return "called no backward()"
    if count > 1 and "zero_grad" not in inside:
        return f"called backward() {times(count)} and never zero_grad()"
    if count > 1 and inside.count("forward") == 0 and story.of("forward"):
        return f"called backward() {times(count)} and no forward pass"
    return None


RULES = [
    clip_in_the_wrong_place,
    not_averaged,
    accumulation_lost,
    closure_is_wrong,
]
