"""Which steps belong to one run: a kernel, a sweep and a k-fold hold many."""

import math

RISE = 100.0  # a range test takes the rate up by more than that
GROWTH = 20.0  # a loss that grew by more than that has exploded


class Run:
    """The steps of one optimizer from one beginning of its parameters.

    Attributes: `optimizer`, its record; `steps`, their events; `backwards`, the events
    of the backward calls that came before them.
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.steps, self.backwards = [], []

    def curves(self):
        """The losses of each line that differentiates one, in order."""
        found = {}
        for event in self.backwards:
            if event.get("loss") is not None and event.get("inside") is None:
                found.setdefault(event.place, []).append(event["loss"])
        return list(found.values())

    @property
    def rates(self):
        """The first rate of each step."""
        return [event["rates"][0] for event in self.steps if event["rates"]]

    @property
    def is_range_test(self):
        """Whether the rate rose from the first step to the last, by far."""
        rates = self.rates
        rises = all(b > a for a, b in zip(rates, rates[1:], strict=False))
        return len(rates) > 3 and rises and rates[-1] > RISE * max(rates[0], 1e-12)

    @property
    def went_well(self):
        """Whether there are losses, which stayed numbers and did not explode."""
        curves = self.curves()
        finite = all(math.isfinite(loss) for curve in curves for loss in curve)
        return bool(curves) and finite and not any(map(has_grown, curves))


def tell_runs(story):
    """The runs of a story: a new optimizer begins one, and so do loaded weights."""
    current, found, block, is_stepping = {}, [], [], False
    for event in story.events:
        if event.kind == "backward" and event.get("done"):
            block = [event] if is_stepping else [*block, event]
            is_stepping = False
        elif event.kind == "step":
            is_stepping, optimizer = True, event["optimizer"]
            if optimizer not in current:
                current[optimizer] = Run(optimizer)
                found.append(current[optimizer])
            take(current[optimizer], event, block)
        elif event.kind == "load_state_dict":
            for optimizer in [o for o in current if o.numbers & event["numbers"]]:
                del current[optimizer]
    if not is_stepping:
        for run in current.values():
            lines = {each.place for each in run.backwards}
            run.backwards += [each for each in block if each.place in lines]
    return found


def take(run, step, block):
    """Add a step, and the backward calls before it that reached its parameters."""
    known = run.backwards[-1].index if run.backwards else -1
    run.steps.append(step)
    run.backwards += [
        event
        for event in block
        if event.index > known
        and ("reached" not in event.facts or event["reached"] & run.optimizer.numbers)
    ]


def has_grown(losses):
    """Whether losses grew far beyond the first, before one was not finite."""
    return bool(losses) and max(losses) > GROWTH * max(abs(losses[0]), 1e-3)


def is_one_of_a_sweep(run, runs):
    """Whether another rate was tried by the same line, and went well."""
    return any(
        other.optimizer.place == run.optimizer.place
        and other.rates[:1] != run.rates[:1]
        and other.went_well
        for other in runs
    )


def is_search_for_a_rate(run, runs):
    """Whether a run may diverge, since it is to tell how high a rate can be."""
    return run.is_range_test or is_one_of_a_sweep(run, runs)
