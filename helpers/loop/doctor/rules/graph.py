"""Rules about the graph: cut, used twice, kept too long, changed in place."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules import source
from helpers.loop.doctor.rules.words import line, names, number, times

FEW = 2
WAYS = {
    "detach": "detach() hands on values without their graph.",
    "data": ".data hands on values without their graph.",
    "no_grad": "under torch.no_grad() nothing is recorded.",
    "tensor": "torch.tensor() copies values and not their graph.",
    "argmax": "argmax has no derivative.",
    "round": "a rounded number has derivative 0 everywhere.",
}
TERMS = {
    "autograd.grad": "torch.autograd.grad() records nothing without create_graph=True.",
    "no_grad": WAYS["no_grad"],
    "data": WAYS["data"],
    "detach": WAYS["detach"],
}


def graph_cut(story):
    """Parameters take part in the forward pass, and their gradient stays None."""
    for model, missing, events in silent_parameters(story):
        cut = cut_before(story, events)
        if cut is None and len(missing) == len(model.parameters):
            continue
        how, place = cut or (None, events[-1].place)
        way = WAYS.get(how, f"{how}() ends the graph." if how else "")
        yield Finding(
            "graph-cut",
            f"After {number(len(events), 'backward()')} {names(missing)} had no "
            "gradient, though their module took part in the forward pass"
            + (f"; the graph ends at {line(place)}." if cut else "."),
            f"What lies before the cut never learns. {way}".strip(),
            "Keep torch operations from the parameters to the loss; detach only what "
            "is logged, or what is meant to be a constant.",
            place,
            0.9 if cut else 0.6,
        )


def silent_parameters(story):
    """Models of which a part ran with gradients on, and never got one."""
    owned = {r.number for o in story.stepped for r in o.parameters}
    for model in story.evidence.modules.all:
        used, reached, events = set(), set(), []
        waiting = []
        for event in story.events:
            if event.kind == "forward" and event["module"] is model:
                if event["training"] and "used" in event.facts:
                    waiting.append(event)
            elif event.kind == "backward" and "reached" in event.facts:
                reached |= event["reached"]
                for forward in waiting:
                    used |= forward["used"]
                events += [event] if waiting else []
                waiting = []
        missing = [
            record
            for record in model.parameters
            if record.number in used - reached
            and record.number in owned
            and record.requires_grad
        ]
        if missing and len(events) >= FEW and reached:
            yield model, missing, events


def cut_before(story, events):
    """The (name, place) at which the graph of the last backward was cut, if known."""
    for loss in reversed(story.of("call_loss")):
        for origin in loss.get("origins", ()):
            for how, place, what in sorted(origin.cuts if origin else (), key=str):
                if what == "graph" or how == "no_grad":
                    return how, place
    for left in reversed(story.of("leaves_torch")):
        if left.index < events[-1].index and left["size"] > 1:
            return left["name"], left.place
    return None


def term_without_graph(story):
    """A term of the loss is a constant for backward, though it was computed."""
    for term in story.of("constant_term"):
        for how, place, _ in sorted(term["cuts"], key=str):
            losses = [
                b
                for b in story.backwards
                if any(cut[:2] == (how, place) for cut in b.get("cuts", ()))
            ]
            if how not in TERMS or len(losses) < FEW:
                continue
            yield Finding(
                "graph-cut",
                f"{times(len(losses)).capitalize()} a term of the loss, added at "
                f"{line(term.place)}, had no graph: it ends at {line(place)}.",
                f"The term is a constant for backward(): nothing follows it. "
                f"{TERMS[how]}",
                "Compute the term by torch operations with gradients enabled; a "
                "gradient in a loss needs create_graph=True.",
                place,
                0.9 if how == "autograd.grad" else 0.75,
            )
            return


def loss_without_graph(story):
    """backward() raised because nothing leads from the loss to a parameter."""
    error = story.error
    if error is None or "does not require grad" not in error["text"]:
        return
    last = [e for e in story.of("backward") if not e.get("done")]
    inside = bool(last) and last[-1].get("inside") is not None
    if inside:
        return  # a closure's: another rule
    cut = cut_before(story, last) if last else None
    how, place = cut or (None, error.place)
    way = WAYS.get(how, f"{how}() ends the graph." if how else "")
    yield Finding(
        "graph-cut",
        f"backward() ({line(error.place)}) raised: no graph leads from the loss to a "
        "parameter" + (f"; it ends at {line(place)}." if cut else "."),
        f"Nothing can be differentiated. {way}".strip(),
        "Compute the loss from the model's output by torch operations, with gradients "
        "enabled.",
        place,
        0.8,
    )


def target_with_graph(story):
    """The target of a loss has a graph of its own."""
    losses = [e for e in story.of("call_loss") if e["target_grad"] and e["input_grad"]]
    twice = [e for e in losses if bootstraps(e)]
    if len(twice) < FEW:
        return
    place = twice[-1].place
    yield Finding(
        "detach-missing",
        f"{times(len(twice)).capitalize()} the target of a loss ({line(place)}) "
        "required grad, as its input does.",
        "backward() then also moves the target towards the prediction.",
        "Compute the target under torch.no_grad(), or detach it.",
        place,
        0.75,
    )


def detach_without_effect(story):
    """What detach() returned was dropped: the tensor keeps its graph."""
    for name, place in sorted(story.evidence.cut_at, key=str):
        if name == "detach" and source.is_dropped(place, "detach"):
            yield Finding(
                "detach-missing",
                f"detach() was called at {line(place)}, and what it returned was "
                "dropped.",
                "detach() changes nothing in place: it returns a tensor without graph, "
                "and the old one keeps its own.",
                "Keep the result, z = z.detach(); or call z.detach_().",
                place,
                0.9,
            )
            return


def bootstraps(loss):
    """Whether a target was computed from a maximum or a sum, as a bootstrapped one."""
    origins = loss.get("origins") or []
    target = origins[1] if len(origins) > 1 else None
    return target is not None and target.name in {
        "add", "__add__", "__radd__", "mul", "__mul__", "__rmul__", "max", "amax",
    }  # fmt: skip


def call_before(story, backward, optimizer):
    """Where a model that is not the optimizer's was called last before a backward."""
    calls = [
        e
        for e in story.of("forward")
        if e.index in backward.get("forwards", ())
        and not optimizer.numbers & {r.number for r in e["module"].parameters}
    ]
    return max(calls, key=lambda e: e.index).place if calls else None


def gradient_of_the_other(story):
    """A backward for one optimizer fills gradients that another one then uses."""
    for step in story.steps:
        others = {
            b.place: b
            for backwards in step.fresh.values()
            for b in backwards
            if any(
                s.index > b.index
                and s.index < step.event.index
                and s["optimizer"] is not step.optimizer
                for s in story.of("step")
            )
        }
        own = {
            b.place
            for backwards in step.fresh.values()
            for b in backwards
            if b.place not in others
        }
        if not others or not own:
            continue
        place, backward = next(iter(others.items()))
        count = sum(
            place in {b.place for bs in s.fresh.values() for b in bs}
            for s in story.steps_of(step.optimizer)
        )
        if count < FEW:
            continue
        yield Finding(
            "detach-missing",
            f"At {number(count, 'step')} the gradients of {step.optimizer.kind} "
            f"({line(step.event.place)}) held those of another loss as well: "
            f"backward() at {line(place)} reaches its parameters.",
            "The step then serves two opposed losses.",
            "Detach what the other loss must not reach (fake.detach()), or clear these "
            "gradients before their own backward().",
            call_before(story, backward, step.optimizer) or place,
            0.85,
        )
        return


RULES = [
    graph_cut,
    term_without_graph,
    loss_without_graph,
    target_with_graph,
    detach_without_effect,
    gradient_of_the_other,
]
