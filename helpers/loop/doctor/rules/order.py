"""Rules about the order of zero_grad, forward, backward and step."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules import source
from helpers.loop.doctor.rules.words import line, names, number, times

FEW = 2  # steps that must show a thing


def gradients_never_cleared(story):
    """A step reads gradients that an earlier step has used already."""
    for optimizer in story.stepped:
        stale = [
            step
            for step in story.steps_of(optimizer)
            if any(number in step.fresh for number in step.used)
        ]
        if len(stale) < FEW:
            continue
        last = stale[-1]
        numbers = {n for n in last.used if n in last.fresh}
        records = [r for r in optimizer.parameters if r.number in numbers]
        all_of_them = len(records) == len(set(optimizer.parameters))
        which = "all gradients" if all_of_them else f"the gradients of {names(records)}"
        backward = last.fresh[records[0].number][-1]
        yield Finding(
            "zero-grad-missing",
            f"At {number(len(stale), 'step')} of {optimizer.kind} {which} still held "
            "what an earlier step had already used.",
            "backward() adds to .grad, so each step goes along the sum of all batches "
            "so far, and steps grow longer and longer.",
            "Call optimizer.zero_grad() once a step, anywhere but between backward() "
            f"({line(backward.place)}) and step() ({line(last.event.place)}).",
            clearing_of_others(story, numbers, backward) or backward.place,
            0.95 if len(stale) > FEW else 0.85,
        )


def clearing_of_others(story, numbers, backward):
    """Where gradients are cleared before a backward in each step, but never these."""
    clears = [e for e in story.of("zero_grad") if e.steps > 0]
    if len(clears) <= FEW or any(numbers & e["cleared"] for e in clears):
        return None
    before = [e for e in clears if e.index < backward.index]
    return (before or clears)[-1].place


def cleared_before_the_step(story):
    """What backward has computed is cleared before the step can read it."""
    for optimizer in story.stepped:
        lost = [
            step
            for step in story.steps_of(optimizer)
            if not step.fresh and not step.used and step.cleared
        ]
        if len(lost) < FEW:
            continue
        if story.of("step")[0].index < story.backwards[0].index:
            continue  # the same order, begun elsewhere: the step comes too early
        backward, clearing = next(iter(lost[-1].cleared.values()))[-1]
        if clearing.kind != "zero_grad" or clearing.index > lost[-1].event.index:
            continue
        yield Finding(
            "zero-grad-before-step",
            f"At {number(len(lost), 'step')} every gradient was gone: zero_grad() "
            f"({line(clearing.place)}) came between backward() "
            f"({line(backward.place)}) and step() ({line(lost[-1].event.place)}).",
            "A step reads .grad and nothing else, so no parameter moves by it.",
            "Move zero_grad() before backward(), or after step().",
            clearing.place,
            0.95,
        )


def step_before_backward(story):
    """The step stands between the forward pass and its backward pass."""
    for optimizer in story.stepped:
        early = list(early_steps(story, optimizer))
        steps = [e for e in story.of("step") if e["optimizer"] is optimizer]
        broke = story.error is not None and "inplace operation" in story.error["text"]
        if len(early) < (1 if broke else FEW) or 2 * len(early) < len(steps):
            continue
        step, backward = early[-1]
        yield Finding(
            "step-before-backward",
            f"{times(len(early)).capitalize()} step() ({line(step.place)}) was called "
            f"after the forward pass, but before its backward() "
            f"({line(backward.place)}).",
            "The step finds no gradient, or that of the batch before; and it changes "
            "parameters that backward() still needs.",
            "Call backward() first, then step().",
            step.place,
            0.95,
        )


def early_steps(story, optimizer):
    """Steps of an optimizer with a forward before them and its backward after them."""
    numbers = {record.number for record in optimizer.parameters}
    forward = step = None
    for event in story.events:
        if event.kind == "forward" and event["grad"] and event["training"]:
            owns = {r.number for r in event["module"].parameters}
            if owns & numbers:
                forward, step = event, None
        elif event.kind == "backward" and event.get("inside") is None:
            reached = event.get("reached") or story.reach[event.place] or numbers
            if reached & numbers:
                if step is not None and forward is not None:
                    yield step, event
                forward = step = None
        elif event.kind == "step" and event["optimizer"] is optimizer:
            if not event["closure"] and forward is not None:
                step = event


def empty_steps_first(story):
    """Each step is called before the forward pass, right after the clearing."""
    for optimizer in story.stepped:
        steps = story.steps_of(optimizer)
        empty = [s for s in steps if not s.fresh and not s.used]
        backwards = [b for b in story.backwards if b.get("inside") is None]
        if len(empty) < len(steps) or len(backwards) <= FEW or not empty[-1].cleared:
            continue
        if not steps[0].event.index < backwards[0].index:
            continue
        step = steps[-1].event
        yield Finding(
            "step-before-backward",
            f"All {number(len(steps), 'step')} ({line(step.place)}) found no gradient: "
            f"each stood before its backward() ({line(backwards[-1].place)}).",
            "A step reads .grad and nothing else, so no parameter moves.",
            "Call zero_grad(), then backward(), then step().",
            step.place,
            0.95,
        )


def backward_never_called(story):
    """Steps are made, and nothing was ever differentiated."""
    steps = story.of("step")
    if len(steps) < FEW or story.of("backward", "grad"):
        return
    if not any(event.kind == "forward" and event["grad"] for event in story.events):
        return
    if any(size for event in steps for size in event.get("grads", {}).values()):
        return  # somebody wrote the gradients by hand
    place = source.uncalled(steps[0].place, "backward")
    yield Finding(
        "backward-missing",
        f"{number(len(steps), 'step')} and no backward(): every .grad was None.",
        "A step skips a parameter without a gradient, so nothing moves.",
        "Call loss.backward(), with brackets, before optimizer.step().",
        place or steps[0].place,
        0.95,
    )


def step_never_called(story):
    """Gradients are computed for an optimizer that never makes a step."""
    moved = {r.number for optimizer in story.stepped for r in optimizer.parameters}
    for event in story.of("optimizer"):
        optimizer = event["optimizer"]
        numbers = {record.number for record in optimizer.parameters}
        if optimizer in story.stepped or numbers & moved:
            continue
        reaching = [
            backward
            for backward in story.backwards
            if backward.index > event.index
            and (backward.get("reached") or story.reach[backward.place]) & numbers
        ]
        if len(reaching) <= FEW:
            continue
        last = reaching[-1].place
        yield Finding(
            "step-missing",
            f"backward() filled the gradients of {optimizer.kind} "
            f"{times(len(reaching))}, and its step() was never called.",
            "Gradients pile up, and no parameter moves.",
            "Call optimizer.step(), with brackets, after backward().",
            source.uncalled(last, "step") or scheduler_line(story, optimizer) or last,
            0.9,
        )


def scheduler_line(story, optimizer):
    """Where a scheduler of an optimizer makes its steps, or None."""
    for event in story.of("schedule"):
        if event["scheduler"].optimizer is optimizer:
            return event.place
    return None


def gradient_read_when_none(story):
    """The loop ended on a `.grad` that was None."""
    error = story.error
    if error is None or "NoneType" not in error["text"]:
        return
    if ".grad" not in source.line_of(error.place):
        return
    before = story.of("zero_grad", "backward")
    cleared = bool(before) and before[-1].kind == "zero_grad"
    why = (
        f"zero_grad() ({line(before[-1].place)}) sets every gradient to None"
        if cleared
        else "no backward() has filled it"
    )
    yield Finding(
        "grad-none-read",
        f"The loop ended at {line(error.place)}, which reads a .grad that is None: "
        f"{why}.",
        "Since PyTorch 2.0 zero_grad() leaves None, not zeros.",
        "Read .grad between backward() and zero_grad(), and ask for None first.",
        error.place,
        0.95 if cleared else 0.7,
    )


RULES = [
    gradients_never_cleared,
    cleared_before_the_step,
    step_before_backward,
    empty_steps_first,
    backward_never_called,
    step_never_called,
    gradient_read_when_none,
]
