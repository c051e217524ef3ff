"""Which steps belong to one run: a kernel, a sweep and a k-fold hold many."""

import math
from functools import cached_property

RISE = 100.0  # a range test takes the rate up by more than that
GROWTH = 20.0  # a loss that grew by more than that has exploded


class Run:
    """The steps of one optimizer from one beginning of its parameters.

    Attributes: `optimizer`, its record; `steps`, their events; `backwards`, the events
    of the backward calls before them, or inside of them.
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.steps, self.backwards = [], []

    def curves(self, with_closures=False):
        """The losses of each line that differentiates one, in order."""
        found = {}
        for event in self.backwards:
            if event.get("loss") is None:
                continue
            if with_closures or event.get("inside") is None:
                found.setdefault(event.place, []).append(event["loss"])
        return list(found.values())

    @cached_property
    def rates(self):
        """The first rate of each step."""
        return [event["rates"][0] for event in self.steps if event["rates"]]

    @cached_property
    def is_range_test(self):
        """Whether the rate rose from the first step to the last, by far."""
        rates = self.rates
        rises = all(b > a for a, b in zip(rates, rates[1:], strict=False))
        return len(rates) > 3 and rises and rates[-1] > RISE * max(rates[0], 1e-12)

    @cached_property
    def went_well(self):
        """Whether there are losses, and the last of each line did not explode."""
        curves = self.curves(with_closures=True)
        return bool(curves) and all(
            math.isfinite(losses[-1]) and not has_grown([losses[0], losses[-1]])
            for losses in curves
        )


class Teller:
    """Goes through the events once, and gathers the runs in `found`."""

    def __init__(self):
        self.found, self.current = [], {}  # all runs; the run of each optimizer now
        self.block, self.is_stepping = [], False  # backward calls before the next step
        self.born = {}  # by optimizer: the index of the event that made it

    def tell(self, event):
        """Take in one event."""
        if event.kind == "optimizer":
            self.born[event["optimizer"]] = event.index
        elif event.kind == "step":
            self.is_stepping = True
            self.step(self.run_of(event["optimizer"]), event)
        elif event.kind == "load_state_dict":
            for optimizer in list(self.current):
                if optimizer.numbers & event["numbers"]:
                    del self.current[optimizer]
        elif event.kind == "backward" and event.get("done"):
            if event.get("inside") is not None:
                self.run_of(event["inside"]).backwards.append(event)
                return
            self.block = [event] if self.is_stepping else [*self.block, event]
            self.is_stepping = False

    def run_of(self, optimizer):
        """The run of an optimizer, which may begin here."""
        if optimizer not in self.current:
            self.current[optimizer] = Run(optimizer)
            self.found.append(self.current[optimizer])
        return self.current[optimizer]

    def step(self, run, event):
        """Add a step, and the backward calls before it that reach its parameters."""
        known = run.backwards[-1].index if run.backwards else -1
        known = max(known, self.born.get(run.optimizer, -1))
        run.steps.append(event)
        run.backwards += [
            each
            for each in self.block
            if each.index > known
            and ("reached" not in each.facts or each["reached"] & run.optimizer.numbers)
        ]

    def end(self):
        """The last backward calls, which no step followed, belong to their lines."""
        if self.is_stepping:
            return
        for run in self.current.values():
            lines = {each.place for each in run.backwards}
            run.backwards += [each for each in self.block if each.place in lines]


def tell_runs(story):
    """The runs of a story: a new optimizer begins one, and so do loaded weights."""
    teller = Teller()
    for event in story.events:
        teller.tell(event)
    teller.end()
    return teller.found


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
