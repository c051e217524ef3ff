"""Rules about losses whose graph ends in tensors that were made by hand."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules import source
from helpers.loop.doctor.rules.words import line, times

FEW = 2


def loss_is_a_leaf(story):
    """backward() starts at a tensor that was made by hand."""
    leaves = [
        event
        for event in story.of("backward")
        if event.get("is_leaf") and event.get("requires_grad")
    ]
    if len(leaves) < FEW:
        return
    for event in leaves:
        if story.evidence.parameters.all and event["loss"] is None:
            return
    yield Finding(
        "loss-leaf",
        f"{times(len(leaves)).capitalize()} backward() ({line(leaves[-1].place)}) "
        "started at a leaf: a tensor without a graph, with requires_grad set by hand.",
        "It reaches no parameter; setting requires_grad only silences the error.",
        "Find where the graph ends (argmax, item(), torch.tensor(), NumPy, no_grad) "
        "and compute the loss from the model's output by torch operations.",
        requires_grad_line(story, leaves[-1]) or leaves[-1].place,
        0.95,
    )


def loss_of_values(story):
    """The graph of every loss ends in tensors made by hand, and in no parameter."""
    events = [b for b in story.backwards if b.get("leaves")]
    records = story.evidence.parameters.all
    owned = {r.number for o in story.evidence.optimizers.all for r in o.parameters}
    if len(events) < FEW or len(story.of("step")) < FEW:
        return
    leaves = {n for event in events for n in event["leaves"]}
    if leaves & owned or any(records[n].module is not None for n in leaves):
        return
    if not owned or not any(e["grad"] for e in story.of("forward")):
        return
    yield Finding(
        "loss-leaf",
        f"{times(len(events)).capitalize()} backward() ({line(events[-1].place)}) "
        "ended in a tensor with requires_grad set by hand, and in no parameter.",
        "torch.tensor() copies values without their graph; requires_grad=True only "
        "silences the error.",
        "Use torch.stack() on the tensors themselves, and no requires_grad.",
        requires_grad_line(story, events[-1]) or events[-1].place,
        0.9,
    )


def requires_grad_line(story, backward):
    """Where requires_grad was set last before a backward call."""
    before = [e for e in story.of("call_in_place") if e.index < backward.index]
    before = [e for e in before if e["name"] in ("requires_grad_", "requires_grad=")]
    if before:
        return before[-1].place
    return source.last_before(backward.place, "requires_grad=True")


RULES = [loss_is_a_leaf, loss_of_values]
