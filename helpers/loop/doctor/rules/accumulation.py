"""Rules about gradients that are added up over micro-batches."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import line, number, times

FEW = 2


def groups_of(story):
    """For each step the backward events of its gradients, all from one line."""
    for step in story.steps:
        found = {id(b): b for bs in step.fresh.values() for b in bs}
        events = sorted(found.values(), key=lambda e: e.index)
        if step.event["closure"] or len({e.place for e in events}) != 1:
            continue
        yield events


def not_averaged(story):
    """Means of micro-batches are added, and the sum is not divided."""
    groups = [g for g in groups_of(story) if len(g) > 1]
    groups = [g for g in groups if all("found" in e.facts for e in g)]
    if len(groups) < FEW:
        return
    wrong = [g for g in groups if all(is_plain_mean(story, e) for e in g)]
    if len(wrong) < FEW or len(wrong) < 0.8 * len(groups):
        return
    size = len(wrong[-1])
    yield Finding(
        "accum-not-averaged",
        f"At {number(len(wrong), 'step')} the gradients of {size} micro-batches were "
        "added, each of a mean, and not divided.",
        f"The step is {size} times as long as that of one large batch.",
        f"Divide each loss by {size}, or weight it by its share of the samples, before "
        f"backward() ({line(wrong[-1][-1].place)}).",
        wrong[-1][-1].place,
        0.8,
    )


def is_plain_mean(story, backward):
    """Whether what is differentiated is a loss's mean itself, with no factor."""
    losses = [
        e
        for e in story.of("call_loss")
        if e.index < backward.index and e.get("result_id") == backward.get("loss_id")
    ]
    return bool(losses) and losses[-1]["reduction"] == "mean"


def accumulation_lost(story):
    """Gradients of most micro-batches are cleared before any step reads them."""
    for optimizer in story.stepped:
        steps = story.steps_of(optimizer)
        lost = []
        for step in steps:
            gone = {
                id(b): (b, by)
                for pairs in step.cleared.values()
                for b, by in pairs
                if by.kind == "zero_grad" and b.get("inside") is None
            }
            kept = {b.place for bs in step.fresh.values() for b in bs}
            same = [(b, by) for b, by in gone.values() if b.place in kept]
            if same and not other_steps_between(story, optimizer, same, step):
                lost.append((step, same))
        if len(lost) < FEW:
            yield from last_group_lost(story, optimizer, steps)
            continue
        step, same = lost[-1]
        yield Finding(
            "accum-lost",
            f"At {number(len(lost), 'step')} gradients of {len(same)} earlier "
            f"micro-batches had been cleared (zero_grad at {line(same[-1][1].place)}) "
            "before the step read them.",
            "Only the last micro-batch counts; the work for the others is lost.",
            "Call zero_grad() once a step, right after step(), not once a micro-batch.",
            same[-1][1].place,
            0.9,
        )


def other_steps_between(story, optimizer, same, step):
    """Whether another optimizer used the gradients that were cleared."""
    first = min(b.index for b, _ in same)
    return any(
        e.kind == "step" and e["optimizer"] is not optimizer
        for e in story.events[first : step.event.index]
    )


def last_group_lost(story, optimizer, steps):
    """At the end of a pass the last, incomplete group is cleared or left lying."""
    sizes = [len({id(b) for bs in s.fresh.values() for b in bs}) for s in steps]
    usual = max(sizes, default=0)
    if usual < 2:
        return
    crossing = [s for s in steps if crosses_a_pass(story, s)]
    if crossing:
        place = crossing[-1].event.place
        yield Finding(
            "accum-lost",
            f"{times(len(crossing)).capitalize()} a step used micro-batches of two "
            "passes over the data: the last group of a pass was not complete.",
            "Leftover gradients leak into the next epoch.",
            "Make a step at the end of each pass too: if (i + 1) % k == 0 or i + 1 == "
            "len(loader).",
            place,
            0.75,
        )


def crosses_a_pass(story, step):
    """Whether a step used gradients from before the end of a pass and after it."""
    events = [b for bs in step.fresh.values() for b in bs]
    if not events:
        return False
    first, last = min(e.index for e in events), max(e.index for e in events)
    return any(e.kind == "pass_end" for e in story.events[first:last])


RULES = [
    not_averaged,
    accumulation_lost,
]
