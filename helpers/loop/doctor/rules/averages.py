"""Rules about a running average of the weights."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import line, times

FEW = 2
MOST = 0.9  # a running average takes less than this of the newest weights


def average_is_wrong(story):
    """A running average that keeps nothing, takes everything, or comes too early."""
    places = dict.fromkeys(event.place for event in story.of("average"))
    for place in places:
        events = [e for e in story.of("average") if e.place == place]
        for look in (shares_memory, changes_nothing, keeps_nothing, comes_early):
            found, seen, means, instead = look(story, events)
            if found <= FEW:
                continue
            yield Finding(
                "ema-wrong",
                f"{times(found).capitalize()} the running average at {line(place)} "
                f"{seen}",
                means,
                instead,
                place,
                0.6 if look is comes_early else 0.9,
            )
            return


def shares_memory(story, events):
    """The average lies in the memory of the parameter itself."""
    return (
        sum(e["shadow"] is None for e in events),
        "was taken of a parameter with itself: both lie in the same memory.",
        "A reference is no copy, so the average follows every step at once.",
        "Begin with copies: copy.deepcopy(model), or p.detach().clone().",
    )


def changes_nothing(story, events):
    """A sum is computed and thrown away: what is averaged stays as it was."""
    before, still, moving = {}, 0, 0
    for event in events:
        key = event["live"], event["shadow"]
        values, moved = before.get(key, (None, event["moved"]))
        if event["moved"] != moved:
            still += event["values"] == values
            moving += event["values"] != values
        before[key] = event["values"], event["moved"]
    return (
        0 if moving else still,
        "was computed, and what it averages had not changed since the time before.",
        "Giving a name a new tensor writes nothing into the old one: the average keeps "
        "its first values.",
        "Write in place under no_grad: shadow.mul_(decay).add_(p, alpha=1 - decay).",
    )


def keeps_nothing(story, events):
    """The newest weights count for almost all."""
    late = [e for e in events if e.steps > 1]
    heavy = [e for e in late if MOST <= e["weight"] < 1]
    return (
        len(heavy) if len(heavy) == len(late) else 0,
        f"took {events[-1]['weight']:.3g} of the newest weights.",
        "An average that keeps so little of its past is the model itself: the two "
        "factors are swapped.",
        "Write decay * shadow + (1 - decay) * p, with a decay near 1.",
    )


def comes_early(story, events):
    """The average is taken between backward() and step()."""
    kinds = [e for e in story.events if e.kind in ("backward", "step")]
    found = set()
    for before, after in zip(kinds, kinds[1:], strict=False):
        if (before.kind, after.kind) == ("backward", "step"):
            found |= {e.index for e in events if before.index < e.index < after.index}
    return (
        len(found) if len(found) == len(events) else 0,
        "was taken between backward() and step().",
        "It averages the weights of the step before, and never sees the last ones.",
        "Update the average after optimizer.step().",
    )


def never_updated(story):
    """torch's AveragedModel is called, and was never given any weights."""
    for record in story.evidence.modules.all:
        model = record.object()
        if record.kind != "AveragedModel" or model is None or len(story.steps) <= FEW:
            continue
        if int(model.n_averaged) == 0:
            yield Finding(
                "ema-wrong",
                f"The AveragedModel of {line(record.place)} was called, and "
                "update_parameters() never was.",
                "It still holds the weights that it was made with.",
                "Call averaged.update_parameters(model) after optimizer.step().",
                record.place,
                0.9,
            )


RULES = [average_is_wrong, never_updated]
