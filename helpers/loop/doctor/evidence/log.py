"""The log: what happened, in order, on which line of the user's files."""

from collections import Counter, deque

KEPT = 50_000  # events from the beginning, in full
LAST = 5_000  # and the last ones of a longer run


class Event:
    """One thing that happened.

    Attributes: `kind`; `index`, its place in the log; `place`, the (file, line) of the
    user's code; `steps`, how many optimizer steps had been made before; and its facts,
    as `event["name"]`.
    """

    __slots__ = ("facts", "index", "kind", "place", "steps")

    def __init__(self, kind, index, place, steps, facts):
        self.kind = kind
        self.index = index
        self.place = place
        self.steps = steps
        self.facts = facts

    def __getitem__(self, name):
        return self.facts[name]

    def get(self, name, default=None):
        """A fact, or `default` if it was not gathered for this event."""
        return self.facts.get(name, default)

    def __repr__(self):
        line = self.place[1] if self.place else "?"
        return f"{self.kind}@{line} {self.facts}"


class Log:
    """All events, or the first and the last ones of a long run."""

    def __init__(self):
        self._first, self._last = [], deque(maxlen=LAST)
        self.counts = Counter()
        self.length = 0
        self.listener = None  # called with each event, if it is not None

    def add(self, kind, place, facts):
        """Append an event, and return it."""
        event = Event(kind, self.length, place, self.counts["step"], facts)
        (self._first if self.length < KEPT else self._last).append(event)
        self.length += 1
        self.counts[kind] += 1
        if self.listener is not None:
            self.listener(event)
        return event

    def __iter__(self):
        yield from self._first
        yield from self._last

    def of(self, *kinds):
        """The events of some kinds, in order."""
        return [event for event in self if event.kind in kinds]
