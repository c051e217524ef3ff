"""The story of a run, read from the log: which backward filled which gradient."""

from collections import defaultdict
from functools import cached_property

from helpers.loop.doctor.rules.runs import tell_runs


class StepTold:
    """One step, and the gradients that it met.

    Attributes: `event`; `optimizer`, its record; `fresh`, by parameter number the
    backward events that filled its gradient and that no step had used; `used`, those
    that an earlier step had used already; `cleared`, backward events that were cleared
    away since the optimizer's last step, with the event that did it.
    """

    def __init__(self, event, fresh, used, cleared):
        self.event = event
        self.optimizer = event["optimizer"]
        self.fresh = fresh
        self.used = used
        self.cleared = cleared


class Story:
    """A log, with what follows from its order."""

    def __init__(self, evidence):
        self.evidence = evidence
        self.events = list(evidence.log)
        self.error = evidence.error

    def of(self, *kinds):
        """The events of some kinds, in order."""
        return [event for event in self.events if event.kind in kinds]

    @cached_property
    def backwards(self):
        """All backward calls that came to their end."""
        return [event for event in self.of("backward") if event.get("done")]

    @cached_property
    def reach(self):
        """By place: the parameters whose gradient a backward written there changes."""
        found = defaultdict(set)
        for event in self.backwards:
            found[event.place] |= event.get("reached", set())
        return found

    @cached_property
    def stepped(self):
        """The records of the optimizers that made a step."""
        return list(dict.fromkeys(event["optimizer"] for event in self.of("step")))

    def steps_of(self, optimizer):
        """The steps of one optimizer, as told."""
        return [step for step in self.steps if step.optimizer is optimizer]

    @cached_property
    def runs(self):
        """The steps in runs: each optimizer begins one, and so do loaded weights."""
        return tell_runs(self)

    @cached_property
    def steps(self):
        """Every step, with what had filled the gradients that it met."""
        return list(tell_steps(self))


def tell_steps(story):
    """Go through the log once, with the pile of backward events in each gradient."""
    fresh, used = defaultdict(list), defaultdict(list)
    cleared = defaultdict(list)  # by parameter: (backward event, clearing event)

    def clear(number, event):
        cleared[number] += [(backward, event) for backward in fresh.pop(number, [])]
        used.pop(number, None)

    inside, by_hand = None, set()
    for event in story.events:
        if event.kind == "zero_grad":
            for number in event["cleared"]:
                clear(number, event)
        elif event.kind == "backward" and event.get("done"):
            for number, size in event.get("found", {}).items():
                if size is None or size == 0.0:
                    if fresh.get(number) or used.get(number):
                        by_hand.add((event.place, number))
                    clear(number, event)
            if "found" not in event.facts:  # cleared by hand as in the first steps
                for place, number in by_hand:
                    if place == event.place:
                        clear(number, event)
            for number in event.get("reached") or story.reach[event.place]:
                fresh[number].append(event)
        elif event.kind == "step":
            inside = event if event["closure"] else None
            if inside is None:
                yield tell_step(event, fresh, used, cleared)
        if event.kind != "step" and inside is not None and event.get("inside") is None:
            yield tell_step(inside, fresh, used, cleared)
            inside = None
    if inside is not None:
        yield tell_step(inside, fresh, used, cleared)


def tell_step(event, fresh, used, cleared):
    """One step: hand over what it met, and count that as used from now on."""
    numbers = [record.number for record in event["optimizer"].parameters]
    told = StepTold(
        event,
        {n: list(fresh[n]) for n in numbers if fresh.get(n)},
        {n: list(used[n]) for n in numbers if used.get(n)},
        {n: list(cleared[n]) for n in numbers if cleared.get(n)},
    )
    for number in numbers:
        used[number] += fresh.pop(number, [])
        cleared.pop(number, None)
    return told
