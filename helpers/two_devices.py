"""Which argument lies on which device, for errors of operations that met two."""

from itertools import chain

MOST_NAMES = 3  # of one device; the rest are counted
SAID_BY_TORCH = "on the same device, but found at least two devices"
MOVE_ONE = "All must lie on one device: move what stands out there, with .to(device)"


def with_places(error, caller, values, advice=MOVE_ONE):
    """An error of torch's, with the places of the arguments if they lie on two devices.

    Args:
        error: what torch raised.
        caller: who was called, such as "linear".
        values: a dict from names to tensors of torch's or ours, and to lists of them;
            all else in it is skipped.
        advice: what to do.

    Returns:
        RuntimeError: torch's words, and after them each device with the names of what
        lies there. `error` itself, if all lies on one device, or if it says so already
        or is of a class of its own. A number beside arrays may lie anywhere.

    >>> import torch
    >>> here, there = torch.ones(2), torch.ones(2, device="meta")
    >>> values = {"input": here, "weight": there}
    >>> print(with_places(RuntimeError("Two devices."), "linear", values, "Move one"))
    Two devices. In linear, input is on cpu, weight on meta. Move one

    Chapter 13 shows it.
    """
    is_plain = type(error) is RuntimeError or SAID_BY_TORCH in str(error)
    if not is_plain or hasattr(error, "places"):
        return error
    places = places_of(values)
    if len(places) < 2:
        return error
    (device, names), *others = places.items()
    verb = "are" if len(names) > 1 else "is"
    where = [f"{_in_words(names)} {verb} on {device}"]
    where += [f"{_in_words(names)} on {device}" for device, names in others]
    words = f"{_ended(str(error))} In {caller}, {', '.join(where)}. {advice}"
    said = RuntimeError(words)
    said.places = places
    return said


def places_of(values) -> dict:
    """The names of arrays by the device that they lie on; numbers only if all are."""
    tensors = list(chain.from_iterable(_tensors(*each) for each in values.items()))
    arrays = [(name, each) for name, each in tensors if each.dim() > 0] or tensors
    places = {}
    for name, each in arrays:
        places.setdefault(str(each.device), []).append(name)
    return places


def named_arguments(names, args, kwargs) -> dict:
    """The arguments of a call by their names; "argument 3" for what has none."""
    rest = [f"argument {place + 1}" for place in range(len(names), len(args))]
    return {**dict(zip([*names, *rest], args, strict=False)), **kwargs}


def _tensors(name, value):
    """Pairs of a name and a tensor: one, none, or those of a list."""
    if hasattr(value, "device") and hasattr(value, "dim"):
        return [(name, value)]
    if value.__class__ in (list, tuple):
        parts = (_tensors(f"{name}[{i}]", each) for i, each in enumerate(value))
        return list(chain.from_iterable(parts))
    return []


def _in_words(names):
    """input, weight and bias; of many, the first few."""
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _ended(words):
    """Words that end as a sentence does."""
    return words if words.endswith((".", "!", "?")) else words + "."
