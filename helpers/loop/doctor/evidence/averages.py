"""Evidence of running averages of weights: what is blended, and with which weights."""

import torch

from helpers.loop.doctor.evidence import graph
from helpers.loop.doctor.evidence.values import SUMS, argument

LERPS = {"lerp", "lerp_", "_foreach_lerp_"}


class Averages:
    """Notes sums `a * shadow + (1 - a) * parameter`, written in one of many ways."""

    def __init__(self, evidence, origins):
        self.evidence = evidence
        self.origins = origins
        self.known = (-1, {})  # where parameters lie, and after how many steps

    def parts(self, name, args, kwargs):
        """What a product with a number, or a sum of two tensors, consists of.

        It is asked for when the call has been made, and before its origin is noted.
        """
        args = [first_of(each) for each in args]
        if not args or not is_plain(args[0]):
            return None
        return self.parts_of(name, args, kwargs)

    def keep(self, name, output, parts):
        """Remember the parts of a result, and log a running average."""
        origin = self.origins.of(first_of(output))
        if origin is not None:
            origin.parts = parts
        if name in SUMS or name in LERPS or name == "_foreach_add_":
            self.note(parts)

    def parts_of(self, name, args, kwargs):
        """The weight of each tensor in a result, and a number that tells its values."""
        other = args[1] if len(args) > 1 else None
        if isinstance(other, int | float):
            return whole(args[0], other) if "mul" in name else None
        if not is_plain(other) or other.shape != args[0].shape:
            return None
        if name in LERPS:
            weight = argument(args, kwargs, 2, "weight")
            if not isinstance(weight, int | float):
                return None
            return joined(whole(args[0], 1 - weight), whole(other, weight))
        alpha = kwargs.get("alpha", 1)
        return joined(self.known_parts(args[0], 1), self.known_parts(other, alpha))

    def known_parts(self, tensor, factor):
        """The parts of a tensor, each weight times a factor."""
        origin = self.origins.of(tensor)
        parts = origin.parts if origin is not None else None
        if not parts or sum(weight for weight, _ in parts.values()) > 1 - 1e-9:
            return whole(tensor, factor)
        return {key: (factor * weight, told) for key, (weight, told) in parts.items()}

    def note(self, parts):
        """Log a sum of which one part is a parameter that is trained."""
        if self.evidence.stepping is not None:
            return  # an optimizer's own averages
        if abs(sum(weight for weight, _ in parts.values()) - 1) > 1e-6:
            return
        live = [key for key in parts if key in self.trained()]
        if len(live) != 1 or len(parts) > 2:
            return
        shadow = next((key for key in parts if key != live[0]), None)
        weight, moved = parts[live[0]]
        self.evidence.add(
            "average",
            live=self.trained()[live[0]],
            weight=weight,
            moved=moved,
            shadow=shadow,  # None if both are the same memory
            values=None if shadow is None else parts[shadow][1],
        )

    def trained(self):
        """Where each parameter of an optimizer lies, and its number."""
        steps, found = self.known
        if steps != self.evidence.steps:
            records = [r for o in self.evidence.optimizers.all for r in o.parameters]
            pairs = [(record.object(), record.number) for record in records]
            found = {p.data_ptr(): number for p, number in pairs if p is not None}
            self.known = (self.evidence.steps, found)
        return found


def first_of(value):
    """The first of a list; anything else as it is."""
    return (value or [None])[0] if isinstance(value, list | tuple) else value


def is_plain(value):
    """Whether a value is a tensor that no graph made, with more than one element."""
    return (
        isinstance(value, torch.Tensor)
        and graph.is_leaf(value)
        and value.numel() > 1
        and value.is_floating_point()
        and value.layout == torch.strided
    )


def content(tensor):
    """A number that tells whether values have changed."""
    return float(tensor.detach().double().square().sum())


def whole(tensor, factor):
    """A tensor as the only part."""
    return {tensor.data_ptr(): (factor, content(tensor))}


def joined(first, second):
    """The parts of a sum."""
    found = dict(first)
    for key, (weight, told) in second.items():
        found[key] = (found.get(key, (0, told))[0] + weight, told)
    return found
