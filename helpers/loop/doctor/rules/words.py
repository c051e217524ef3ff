"""Small pieces of sentences."""


def times(count):
    """A count in words: once, twice, 7 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def number(count, name):
    """A count and its noun: 1 step, 3 steps."""
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def names(records, most=3):
    """Names of parameters, the first few of many."""
    found = [
        each.name or f"a parameter of shape {list(each.shape)}" for each in records
    ]
    rest = len(found) - most
    listed = ", ".join(found[:most])
    return f"{listed} and {rest} more" if rest > 0 else listed


def line(place):
    """A place in a sentence: line 12."""
    return f"line {place[1]}" if place else "an unknown line"
