"""Rules about graphs that are used twice, changed in place, or kept too long."""

from helpers.loop.doctor.evidence import graph
from helpers.loop.doctor.evidence.kinds import version
from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules import source
from helpers.loop.doctor.rules.words import line, number, times

FEW = 2
SUMS = {"add", "__add__", "__radd__", "__iadd__", "add_", "stack", "cat"}
KEPT = 5  # steps whose graphs live on: more than any loop needs at once


def backward_twice(story):
    """backward() raised because the graph was used before."""
    error = story.error
    if error is None or "backward through the graph a second time" not in error["text"]:
        return
    last = [e for e in story.of("backward") if not e.get("done")]
    if last and last[-1].get("inside") is not None:
        return
    oldest = last[-1].get("oldest") if last else None
    carried = oldest is not None and oldest < story.evidence.steps
    if carried:
        why = "a part of its graph belongs to an earlier step"
        instead = (
            "Detach what is carried from one step to the next (a hidden state, a "
            "running loss): state = state.detach()."
        )
    else:
        why = "an earlier backward() of the same step has freed a part of its graph"
        instead = "Add the losses and call backward() once on the sum."
    yield Finding(
        "backward-twice",
        f"backward() ({line(error.place)}) raised: {why}.",
        "backward() frees what it has used, so a graph serves once.",
        instead,
        error.place,
        0.95,
    )


def crutch(story):
    """retain_graph=True, and the graph grows from step to step."""
    events = [e for e in story.backwards if e["retain"] and e.get("nodes")]
    by_place = {}
    for event in events:
        by_place.setdefault(event.place, []).append(event)
    for place, found in by_place.items():
        sizes = [event["nodes"] for event in found]
        grows = sum(b > a for a, b in zip(sizes, sizes[1:], strict=False))
        old = [e for e in found if e["oldest"] is not None and e["oldest"] < e.steps]
        always = grows == len(sizes) - 1 and sizes[-1] > 3 * sizes[0]
        if (
            len(sizes) <= FEW
            or grows < len(sizes) - 2
            or (len(old) < FEW and not always)
        ):
            continue
        yield Finding(
            "retain-graph-crutch",
            f"With retain_graph=True the graph below the loss grew from {sizes[0]} to "
            f"{sizes[-1]} nodes in {number(len(sizes), 'step')}.",
            "Each backward() goes through all earlier steps again: time and memory "
            "grow, and the gradient is of old parameters.",
            "Detach what is carried from step to step, and drop retain_graph.",
            place,
            0.95,
        )


def changed_in_place(story):
    """backward() raised because a saved tensor had been written to."""
    error = story.error
    if error is None or "modified by an inplace operation" not in error["text"]:
        return
    last = [e for e in story.of("backward") if not e.get("done")]
    since = last[-1].index if last else story.evidence.log.length
    place, who = writer_before(story, since)
    yield Finding(
        "inplace-version",
        f"backward() ({line(error.place)}) raised: a tensor that it needs was written "
        f"to after the forward pass{who}.",
        "An operation saves its tensors by reference; a version number tells that one "
        "was changed since.",
        "Write to a new tensor (x = x + 1, not x += 1), or call every backward() "
        "before any step(), or compute the forward pass again after the step.",
        place or error.place,
        0.85,
    )


def writer_before(story, index):
    """What wrote to a tensor with a graph last: an operation, or a step."""
    forwards = [e for e in story.of("forward") if e.index < index]
    since = forwards[0].index if forwards else 0
    candidates = [
        e
        for e in story.events
        if since < e.index < index
        and (
            (e.kind == "call_in_place" and e["made_by"] and not e["is_leaf"])
            or e.kind == "step"
        )
    ]
    steps = [e for e in candidates if e.kind == "step"]
    writes = [e for e in candidates if e.kind == "call_in_place"]
    last_forward = forwards[-1].index if forwards else 0
    if steps and steps[-1].index > last_forward:
        return steps[-1].place, f" by the step at {line(steps[-1].place)}"
    if writes and (not steps or writes[-1].index > steps[-1].index):
        return writes[-1].place, f" by {writes[-1]['name']} at {line(writes[-1].place)}"
    if steps:
        return steps[-1].place, f" by the step at {line(steps[-1].place)}"
    return None, ""


def graphs_kept(story):
    """Graphs of old losses or outputs are alive long after their step."""
    graph.note_kept(story.evidence)
    for kind in ("loss", "forward"):
        count, made = story.evidence.kept.get(kind, (0, None))
        if count < KEPT:
            continue
        place = place_of_sum(story) if kind == "loss" else None
        place = place or source.accumulates_after(made) or made
        yield Finding(
            "graph-leak",
            f"The graphs of {count} earlier "
            f"{'losses' if kind == 'loss' else 'outputs'} were alive at once.",
            "A tensor with a history keeps its whole graph: memory grows from batch "
            "to batch.",
            "Add up and store plain numbers: loss.item(), or output.detach().",
            place,
            0.9,
        )
        return


def place_of_sum(story):
    """Where losses that were differentiated are used in new sums, or None."""
    used = story.of("uses_old_loss")
    sums = [e for e in used if e["name"] in SUMS] or used
    return sums[-1].place if len(sums) >= FEW else None


def update_of_a_name(story):
    """The same leaves get gradients, none ever changes, and a name is given away.

    An attack makes new leaves for each backward: its names may change their meaning.
    """
    backwards = story.backwards
    reached = [e["reached"] for e in backwards if "reached" in e.facts]
    if story.stepped or len(reached) <= FEW or reached[0] != reached[-1]:
        return
    known = [r for r in story.evidence.parameters.all if r.number in reached[0]]
    changed = [r for r in known if version(r.object()) != r.version]
    place = source.rebinding(backwards[-1].place)
    if not known or changed or place is None:
        return
    yield Finding(
        "manual-update-rebinds",
        f"{times(len(backwards)).capitalize()} backward() filled gradients, and no "
        f"parameter was ever written to; {line(place)} gives a name to a new tensor.",
        "p = p - lr * p.grad changes what the name means, and not the parameter.",
        "Write in place: with torch.no_grad(): p -= lr * p.grad.",
        place,
        0.9,
    )


def update_rebinds(story):
    """A parameter that was updated by hand is no leaf any more."""
    error = story.error
    names_none = error is not None and "NoneType" in error["text"]
    place = source.rebinding(error.place if error else None)
    if error is None or not names_none or place is None:
        return
    yield Finding(
        "manual-update-rebinds",
        f"The loop ended at {line(error.place)} on a .grad that is None; {line(place)} "
        "gives the name of the parameter to a new tensor.",
        "w = w - lr * w.grad makes a tensor that is no leaf, and backward() fills only "
        "leaves.",
        "Write in place: with torch.no_grad(): w -= lr * w.grad.",
        place,
        0.95,
    )


RULES = [
    backward_twice,
    crutch,
    changed_in_place,
    graphs_kept,
    update_rebinds,
    update_of_a_name,
]
