"""Rules about the state that a run keeps: moments, best weights, averages."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules import source
from helpers.loop.doctor.rules.words import line, number

FEW = 2


def state_lost(story):
    """A second optimizer goes on with the same parameters, and with no state."""
    made = story.of("optimizer")
    for earlier, later in zip(made, made[1:], strict=False):
        first, second = earlier["optimizer"], later["optimizer"]
        same = {r.number for r in first.parameters} & {
            r.number for r in second.parameters
        }
        steps = [e for e in story.of("step") if e["optimizer"] is first]
        after = [e for e in story.of("step") if e["optimizer"] is second]
        if not same or not steps or not after or second.is_loaded:
            continue
        if not steps[-1].index < later.index or second.kind != first.kind:
            continue
        if not remembers(later):
            continue
        rebuilt = [e for e in made if e.place == later.place and shares(e, same)]
        if len(rebuilt) <= FEW or first.place != second.place:
            continue  # another phase of the training may begin with another optimizer
        yield Finding(
            "optimizer-state-lost",
            f"{second.kind} was built anew at {line(later.place)}"
            f" ({number(len(rebuilt), 'time')}), after {len(steps)} steps of another "
            "one over the same parameters, and got no state.",
            "Momentum, moments and the step count begin again from nothing.",
            "Build the optimizer once, before the loop; on resume call "
            "optimizer.load_state_dict().",
            later.place,
            0.9,
        )
        return


def shares(event, numbers):
    """Whether an optimizer holds one of these parameters."""
    return any(r.number in numbers for r in event["optimizer"].parameters)


def remembers(event):
    """Whether an optimizer keeps state between steps."""
    optimizer, options = event["optimizer"], event["options"]
    if optimizer.kind != "SGD":
        return True
    return any(group.get("momentum") for group in options)


def loaded_without_state(story):
    """A model was loaded and trained on; its optimizer got nothing."""
    loads = [e for e in story.of("load_state_dict") if not e["is_own"]]
    saved = story.of("optimizer_saved", "optimizer_loaded")
    for load in loads:
        steps = [e for e in story.of("step") if e.index > load.index]
        for optimizer in dict.fromkeys(e["optimizer"] for e in steps):
            made = [e for e in story.of("optimizer") if e["optimizer"] is optimizer][0]
            before = [e for e in story.of("step") if e.index < load.index]
            if optimizer.is_loaded or not remembers(made):
                continue
            if not saved and not goes_on(story, load, optimizer):
                continue
            if is_a_beginning(story, load):
                continue
            if any(e["optimizer"] is optimizer for e in before):
                continue
            numbers = {r.number for r in optimizer.parameters}
            if not numbers & load["numbers"]:
                continue
            yield Finding(
                "optimizer-state-lost",
                f"The model was loaded at {line(load.place)} and trained on; "
                f"{optimizer.kind} ({line(optimizer.place)}) was not.",
                "Its moments begin from nothing: the loss jumps after a resume.",
                "Save and load optimizer.state_dict() beside the model's.",
                load.place,
                0.85,
            )
            return


def is_a_beginning(story, load):
    """Whether what is loaded can only be weights that nobody has trained."""
    given = [
        e
        for e in story.of("state_dict")
        if e["class_name"] == load["class_name"] and e.index < load.index
    ]
    return bool(given) and all(e.steps == 0 for e in given)


def goes_on(story, load, optimizer):
    """Whether a model goes on from the weights of one that this run has trained."""
    given = [
        e
        for e in story.of("state_dict")
        if e["class_name"] == load["class_name"] and 0 < e.steps <= load.steps
    ]
    before = [e["optimizer"] for e in story.of("step") if e.index < load.index]
    after = [e["optimizer"] for e in story.of("step") if e.index > load.index]
    loads = [e for e in story.of("load_state_dict") if not e["is_own"]]
    return (
        bool(given)
        and len(loads) == 1
        and any(each.kind == optimizer.kind for each in before)
        and not set(before) & set(after)
    )


def is_trained_around(story, load):
    """Whether the loaded module makes steps both before a load and after it."""
    steps = [e for e in story.of("step") if e["optimizer"].numbers & load["numbers"]]
    return bool(steps) and steps[0].index < load.index < steps[-1].index


def is_asked_again_and_again(given, load):
    """Whether weights were kept at several steps, on one line, to load the best."""
    asked = {e.steps for e in given if e.place == given[-1].place and e.steps}
    return len(asked) > 1 and given[-1].place != load.place


def own_weights_loaded(story):
    """A module is given its own memory: what was meant to be a copy was none."""
    for load in story.of("load_state_dict"):
        if not load["is_own"]:
            continue
        given = [e for e in story.of("state_dict") if e.index < load.index]
        if not given or load.steps == 0:
            continue
        if given[-1].steps == load.steps and is_trained_around(story, load):
            found = load  # what was asked for just now is loaded at once
        elif given[-1].steps == load.steps:
            found = given[-1]  # the last of several weights was the best
            if not is_asked_again_and_again(given, load):
                continue
        else:
            found = [e for e in given if e.steps < load.steps][-1]
        yield Finding(
            "alias-not-copy",
            f"load_state_dict() at {line(load.place)} was given the model's own "
            f"tensors, from state_dict() at {line(given[-1].place)}.",
            "state_dict() hands out references: they follow every step, so nothing is "
            "restored.",
            "Keep a copy: copy.deepcopy(model.state_dict()).",
            found.place,
            0.95,
        )
        return


def best_by_reference(story):
    """A state dict was kept for later, and has followed every step since."""
    last = story.evidence.log.counts["step"]
    for event in story.of("state_dict"):
        alive = [ref() for ref in event["tensors"] if ref() is not None]
        if not alive or event.steps >= last or event.steps == 0:
            continue
        if not shares_memory(story, event, alive):
            continue
        name = source.assigned_name(event.place)
        if name is None or not any(word in name.lower() for word in ("best", "snap")):
            continue
        yield Finding(
            "alias-not-copy",
            f"What state_dict() handed out at {line(event.place)} ({name}) shares its "
            f"memory with the model, which made {last - event.steps} steps since.",
            "It is no snapshot: it holds the last weights, not the best.",
            "Keep a copy: copy.deepcopy(model.state_dict()).",
            event.place,
            0.85,
        )
        return


def shares_memory(story, event, tensors):
    """Whether kept tensors lie in the memory of the module that they came from."""
    for record in story.evidence.modules.all:
        module = record.object()
        if module is not None and id(module) == event["module"]:
            own = {p.data_ptr() for p in module.parameters()}
            return any(t.data_ptr() in own for t in tensors)
    return False


RULES = [state_lost, loaded_without_state, own_weights_loaded, best_by_reference]
