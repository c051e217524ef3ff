"""Rules about which parameters an optimizer holds, and which of them move."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules import source
from helpers.loop.doctor.rules.words import line, names, number

FEW = 2


def gradients_without_owner(story):
    """Leaves get gradients at every step, and no stepped optimizer holds them."""
    for _, orphans, events in orphaned(story):
        registered = [r for r in orphans if r.module is not None]
        if not registered:
            continue
        double = twin(story)
        optimizer = holder_of_nothing(story) or double or events[-1]["optimizer"]
        yield Finding(
            "optimizer-wrong-params",
            f"At {number(len(events), 'step')} {names(registered)} had a gradient, "
            "and no optimizer that makes steps holds it.",
            "Two optimizers hold the same parameters, so another model has none."
            if optimizer is double
            else "An optimizer moves the objects that it was given when it was made; "
            "a layer that is replaced or copied afterwards has others.",
            f"Build the optimizer ({line(optimizer.place)}) from model.parameters() "
            "when the model is final.",
            optimizer.place,
            0.9,
        )
        return


def not_registered(story):
    """Leaves get gradients and belong to no module's parameters()."""
    for _, orphans, events in orphaned(story):
        loose = [r for r in orphans if r.module is None]
        if not loose:
            continue
        place = loose[0].place
        yield Finding(
            "params-not-registered",
            f"At {number(len(events), 'step')} {number(len(loose), 'tensor')} that "
            f"require grad got a gradient ({names(loose)}), and belong to no module's "
            "parameters().",
            "A module finds its parts in attributes only: layers in a plain list or "
            "dict are not trained, saved or moved.",
            "Use nn.ModuleList, nn.ModuleDict or nn.ParameterList, or assign each "
            "layer to an attribute.",
            made_at(story, loose) or place,
            0.9,
        )
        return


def made_at(story, records):
    """Where the module that holds these parameters was called first."""
    for event in story.of("forward"):
        if event.get("used", set()) & {r.number for r in records}:
            kind, place = event["module"].kind, event["module"].place
            return source.plain_list(place, kind) or place
    return None


def orphaned(story):
    """Steps, and the parameters with a fresh gradient that no optimizer moves."""
    owned = {r.number for o in story.stepped for r in o.parameters}
    first_steps = [s for s in story.of("step") if "grads" in s.facts]
    if len(first_steps) < FEW or not owned:
        return
    last = None
    seen = {}
    for event in story.events:
        if event.kind == "backward" and event.get("done"):
            last = event
        elif event.kind == "step" and last is not None:
            for n in last.get("reached", ()) - owned if "reached" in last.facts else ():
                seen.setdefault(n, []).append(event)
    records = story.evidence.parameters.all
    often = [n for n, events in seen.items() if len(events) >= FEW]
    orphans = [records[n] for n in often if is_trained(story, records[n])]
    if orphans:
        yield owned, orphans, seen[orphans[0].number]


def is_trained(story, record):
    """Whether a parameter without an optimizer looks as if it should have one.

    A frozen or a second network may get gradients on the way: an adversary's, or one
    whose inputs are being optimised. It is a whole model then, called by itself.
    """
    module = record.module
    if module is None:
        return True
    owned = {r.number for o in story.stepped for r in o.parameters}
    mine = {r.number for r in module.parameters}
    if mine & owned or twin(story) is not None:
        return True  # a part of a model that is trained, or was meant to be
    return not any(
        {r.number for r in other.parameters} & owned
        for other in story.evidence.modules.all
        if other is not module
    )


def twin(story):
    """An optimizer that takes turns with an earlier one over the same parameters."""
    for later in story.stepped:
        for earlier in story.stepped[: story.stepped.index(later)]:
            if later.numbers == earlier.numbers:
                turns = [e["optimizer"] for e in story.of("step")]
                if earlier in turns[turns.index(later) :]:
                    return later
    return None


def holder_of_nothing(story):
    """An optimizer whose own parameters never have a gradient."""
    for optimizer in story.stepped:
        steps = [e for e in story.of("step") if e["optimizer"] is optimizer]
        grads = [g for e in steps for g in e.get("grads", {}).values()]
        if grads and all(g is None for g in grads):
            return optimizer
    return None


def steps_of_strangers(story):
    """An optimizer steps over parameters that never take part in anything."""
    optimizer = holder_of_nothing(story)
    if optimizer is None or not story.backwards:
        return
    steps = [e for e in story.of("step") if e["optimizer"] is optimizer]
    numbers = {r.number for r in optimizer.parameters}
    used = {n for e in story.of("forward") for n in e.get("used", ())}
    if len(steps) < FEW or numbers & used:
        return
    if any(numbers & b.get("reached", set()) for b in story.backwards):
        return
    yield Finding(
        "optimizer-wrong-params",
        f"{number(len(steps), 'step')} of {optimizer.kind} found no gradient: none of "
        "its parameters took part in a forward pass.",
        "It holds the parameters of another object than the one that is trained.",
        f"Build the optimizer ({line(optimizer.place)}) from the parameters of the "
        "model that the loop calls.",
        optimizer.place,
        0.9,
    )


def listed_twice(story):
    """One parameter stands twice in an optimizer."""
    for event in story.of("optimizer"):
        optimizer = event["optimizer"]
        numbers = [r.number for r in optimizer.parameters]
        twice = [r for r in set(optimizer.parameters) if numbers.count(r.number) > 1]
        if twice and optimizer in story.stepped:
            yield Finding(
                "duplicate-params",
                f"{optimizer.kind} ({line(optimizer.place)}) holds "
                f"{number(len(twice), 'parameter')} more than once: {names(twice)}.",
                "Each step moves it as often as it is listed.",
                "Hand over model.parameters(), which lists shared weights once.",
                optimizer.place,
                0.95,
            )


def one_for_two_players(story):
    """One optimizer makes a step after each of two losses, over two models."""
    for optimizer in story.stepped:
        models = [
            m
            for m in story.evidence.modules.all
            if m.parameters
            and {r.number for r in m.parameters}
            <= {r.number for r in optimizer.parameters}
        ]
        steps = [s for s in story.steps_of(optimizer) if s.fresh]
        if len(models) < 2 or len(steps) < 2 * FEW:
            continue
        losses = []
        for step in steps:
            found = {b.place for bs in step.fresh.values() for b in bs}
            losses.append(min(found, key=str) if len(found) == 1 else None)
        turns = sum(
            a != b and None not in (a, b)
            for a, b in zip(losses, losses[1:], strict=False)
        )
        both = len({p for p in losses if p}) == 2
        if not both or turns < len(losses) - 2:
            continue
        yield Finding(
            "shared-optimizer",
            f"{optimizer.kind} ({line(optimizer.place)}) holds {len(models)} models, "
            f"and made {number(len(steps), 'step')} after two losses in turn.",
            "Each step moves both along whichever loss was differentiated last.",
            "Give each player an optimizer of its own, and clear both.",
            optimizer.place,
            0.85,
        )


RULES = [
    gradients_without_owner,
    not_registered,
    steps_of_strangers,
    listed_twice,
    one_for_two_players,
]
