"""Rules about the closure of `step(closure)`."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules import source
from helpers.loop.doctor.rules.words import number, times

FEW = 2


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
    closure_is_wrong,
]
