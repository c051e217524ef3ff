"""Answers about calls, gradients and parameters, measured on a run."""

import math
from collections import Counter

from helpers.museum.answers_numbers import rounded

CALLS = ("zero_grad", "forward", "backward", "clip", "step", "schedule")
SHOWN = (*CALLS, "train")
NAMES = {"schedule": "scheduler.step", "clip": "clip_grad"}


def calls(run):
    """How often each call was made."""
    counts = Counter(event.kind for event in run.story.of(*CALLS))
    shown = [k for k in CALLS if counts[k] or k in ("zero_grad", "backward", "step")]
    return ", ".join(f"{NAMES.get(kind, kind)} {counts[kind]}" for kind in shown)


def order(run):
    """The first calls, each with its line."""
    told = []
    for event in run.story.of(*SHOWN)[:10]:
        kind = NAMES.get(event.kind, event.kind)
        if event.kind == "train":
            kind = "train()" if event["mode"] else "eval()"
        told.append(f"{kind} {event.place[1]}" if event.place else kind)
    return ", ".join(told)


def found(run):
    """What the steps found in .grad."""
    kinds = Counter(kind_of(step) for step in run.story.steps)
    return "; ".join(f"{count} x {kind}" for kind, count in kinds.items()) or "no step"


def kind_of(step):
    """In words, what one step found."""
    sizes = step.event.get("grads", {})
    if not step.fresh and not step.used:
        return "None"
    if step.used and set(step.used) & set(step.fresh):
        return "a sum with gradients that an earlier step had used"
    if not step.fresh:
        return "only gradients that an earlier step had used"
    if sizes and not any(sizes.values()):
        return "zeros"
    return "new gradients"


def norm(run):
    """How much longer the gradient became."""
    lengths = [
        total(s.event["grads"]) for s in run.story.steps if "grads" in s.event.facts
    ]
    lengths = [length for length in lengths if length]
    if len(lengths) < 2:
        return "there are no two gradients to compare"
    ratio = lengths[-1] / lengths[0]
    if not math.isfinite(ratio):
        return f"after {len(lengths)} steps it is no longer a finite number"
    return f"{len(lengths) - 1} steps later it is {rounded(ratio)} times as long"


def total(sizes):
    """The length of all gradients together."""
    return math.sqrt(sum(size**2 for size in sizes.values() if size))


def moved(run):
    """Which parameters moved at the steps, and which never."""
    told = {record.number: "never" for record in named(run)}
    for event in run.story.of("step"):
        for number, (length, _) in event.get("moves", {}).items():
            if number in told and length != 0.0:
                told[number] = "moved"
    return by_shape(run, told, ("moved", "never"))


def reached(run):
    """Which parameters have a gradient when the step comes, or after backward()."""
    sizes = {record.number: None for record in named(run)}
    for event in run.story.of("backward", "step"):
        for number, size in event.get("grads", {}).items():
            if number in sizes and size is not None:
                sizes[number] = max(size, sizes[number] or 0.0)
    if run.story.stepped:
        sizes |= at_the_step(run, sizes)
    kinds = {None: "None", True: "a gradient", False: "zeros"}
    told = {n: kinds[None if size is None else size != 0] for n, size in sizes.items()}
    return by_shape(run, told, ("a gradient", "zeros", "None"))


def at_the_step(run, numbers):
    """The longest gradient that a step found, of those that it could find."""
    longest = {}
    for event in run.story.of("step"):
        for number, size in event.get("grads", {}).items():
            if number in numbers and size is not None:
                longest[number] = max(size, longest.get(number, 0.0))
    return longest


def named(run):
    """The parameters that take part in a forward pass, or that a step moves."""
    used = {
        number for event in run.story.of("forward") for number in event.get("used", ())
    }
    records = run.story.evidence.parameters.all
    return [record for record in records if record.number in used]


def by_shape(run, told, words):
    """For each word, the shapes of the parameters that it is told of."""
    records = {record.number: record for record in named(run)}
    parts = []
    for word in words:
        shapes = [
            str(tuple(records[n].shape)) for n, said in told.items() if said == word
        ]
        if shapes:
            parts.append(f"{word}: {', '.join(shapes)}")
    return "; ".join(parts) or "no parameter was seen"


def owners(run):
    """How many of the tensors that are used the optimizer holds, and the model."""
    used = {record.number for record in named(run)}
    held = {r.number for o in run.story.evidence.optimizers.all for r in o.parameters}
    model = run.names.get("model")
    words = f"{len(used)} tensors are used; the optimizer holds {len(held)}, "
    words += f"{len(held & used)} of them among those"
    if model is not None:
        words += f"; model.parameters() gives {len(list(model.parameters()))}"
    return words
