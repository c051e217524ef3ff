"""Who takes part: numbered parameters, modules, optimizers, schedulers, loaders.

An object is held weakly: a watch keeps nothing alive.
"""

import weakref


def gone():
    """What a record refers to while it refers to nothing."""


class Record:
    """What is known of one object.

    Attributes: `number`, in the order of appearance; `kind`, the name of its class;
    `place`, where it was first seen; `made`, how many steps had been made by then;
    `object()`, the object itself or None if it is gone; and what a source adds.
    """

    def __init__(self, number, thing, place, made):
        self.number = number
        self.kind = type(thing).__name__
        self.place = place
        self.made = made
        self.refer_to(thing)

    def refer_to(self, thing):
        """Refer to the object, weakly."""
        self.object = weakref.ref(thing)

    def __repr__(self):
        return f"{self.kind}#{self.number}"


class Known:
    """The records of all objects of one sort."""

    def __init__(self):
        self._by_id = {}
        self.all = []

    def find(self, thing):
        """The record of an object, or None."""
        record = self._by_id.get(id(thing))
        return record if record is not None and record.object() is thing else None

    def let_go(self, thing):
        """The record of an object, which it no longer refers to; or None."""
        record = self.find(thing)
        if record is not None:
            record.object = gone
        return record

    def add(self, thing, place, made):
        """The record of an object that is new."""
        record = Record(len(self.all), thing, place, made)
        self._by_id[id(thing)] = record
        self.all.append(record)
        return record
