"""Rules about parameters that should stand still and don't."""

from helpers.loop.doctor.evidence.kinds import version
from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import names, number, times

FEW = 2


def frozen_but_moving(story):
    """A parameter moves at a step although its gradient is zero."""
    for optimizer in story.stepped:
        moved = {}
        for event in story.of("step"):
            if event["optimizer"] is not optimizer or "moves" not in event.facts:
                continue
            for n, (length, before) in event["moves"].items():
                if event["grads"].get(n) == 0.0 and length > 1e-9 * (before + 1e-30):
                    moved.setdefault(n, []).append(event)
                elif event["grads"].get(n):
                    moved[n] = []
                    moved.setdefault(f"live {n}", [])
        still = {
            n: events
            for n, events in moved.items()
            if len(events) > FEW and f"live {n}" not in moved
        }
        records = [r for r in optimizer.parameters if r.number in still]
        if not records:
            continue
        events = still[records[0].number]
        yield Finding(
            "frozen-but-moving",
            f"At {number(len(events), 'step')} {names(records)} moved, though the "
            "gradient was zero.",
            "A zero gradient freezes nothing: weight decay, momentum and Adam's "
            "moments still move the parameter. Only a gradient of None is skipped.",
            "Set requires_grad_(False) before the optimizer is built, or leave these "
            "parameters out of it.",
            optimizer.place,
            0.85,
        )


def statistics_of_the_frozen(story):
    """A norm whose parameters are all frozen still learns its running statistics."""
    for model in story.evidence.modules.all:
        calls = [
            e
            for e in story.of("forward")
            if e["module"] is model and e["grad"] and e["training"]
        ]
        alive = reached_later(story, calls) | written_by_hand(story)
        moving = [e for e in calls if e["asleep"] - alive]
        if len(moving) <= FEW or not story.of("step"):
            continue
        count = len(moving[-1]["asleep"] - alive)
        yield Finding(
            "frozen-but-moving",
            f"{times(len(moving)).capitalize()} norms with frozen parameters "
            f"({number(count, 'parameter')}) ran in training mode, and changed their "
            "running statistics.",
            "requires_grad=False stops gradients, not running means; and "
            "model.train() switches every layer back.",
            "Call .eval() on the frozen layers after every model.train().",
            moving[-1].place,
            0.8,
        )
        return


def reached_later(story, calls):
    """Parameters that were frozen in some of these calls, and trained afterwards."""
    frozen_at = {}
    for event in calls:
        for n in event["asleep"]:
            frozen_at.setdefault(n, event.index)
    return {
        n
        for backward in story.backwards
        for n in backward.get("reached", ())
        if backward.index > frozen_at.get(n, backward.index)
    }


def written_by_hand(story):
    """Parameters without an optimizer that are written to again and again: averages."""
    found = set()
    for record in story.evidence.parameters.all:
        parameter = record.object()
        if parameter is not None and version(parameter) > record.version + FEW:
            found.add(record.number)
    return found


RULES = [
    frozen_but_moving,
    statistics_of_the_frozen,
]
