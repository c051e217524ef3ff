"""Rules about where gradients are clipped."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import line, times

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
        "What is clipped is thousands of times too long, so the step is far too short.",
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


RULES = [
    clip_in_the_wrong_place,
]
