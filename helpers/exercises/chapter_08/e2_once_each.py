"""Exercise 8.2: the parameters of a module by their paths, each once."""

import torch

from helpers import nn
from helpers.exercises.exercise import Exercise, Mistake, faulty


def named_parameters(module):
    """Pairs of path and parameter, each parameter under its first path."""
    return _build()(module)


def _build(once=True, own=True, parts_first=False, prefix="path", skips_none=True,
           deep=True, compares="id"):  # fmt: skip
    """A walk with any of its parts exchanged."""

    def named_parameters(module):
        seen, pairs = [], []

        def add(name, parameter):
            if parameter is None and skips_none:
                return
            mark = id(parameter) if compares == "id" else name
            if compares == "shape":
                mark = parameter.shape
            if not once or mark not in seen:
                seen.append(mark)
                pairs.append((name, parameter))

        def walk_own(module, path):
            for name, parameter in module._parameters.items():
                add(path + name, parameter)

        def walk_parts(module, path, depth):
            for name, part in module._modules.items():
                if part is not None:
                    inner = {"path": f"{path}{name}.", "last": f"{name}.", "none": ""}
                    walk(part, inner[prefix], depth + 1)

        def walk(module, path, depth=0):
            if depth and not deep:
                return walk_own(module, path)
            steps = [walk_own] * (own or depth > 0)
            for step in steps if not parts_first else []:
                step(module, path)
            walk_parts(module, path, depth)
            for step in steps if parts_first else []:
                step(module, path)

        walk(module, "")
        return pairs

    return named_parameters


FAULTS = (
    (
        {"once": False},
        "The names are right, and a tensor with two names comes twice. An optimizer "
        "refuses that. Remember what you have met.",
    ),
    (
        {"own": False},
        "You walk into the parts and leave out the parameters that the module itself "
        "holds, in its own _parameters.",
    ),
    (
        {"parts_first": True},
        "A module's own parameters come before those of its parts: the order decides "
        "which optimizer state belongs to which, and which name is the first.",
    ),
    (
        {"prefix": "last"},
        "The name of the innermost module alone stands in front. A path has all names "
        "from the top: hand the path so far down to the inner call.",
    ),
    (
        {"prefix": "none"},
        "The paths are missing: two layers both have a `weight`. Put the name of the "
        "part and a dot in front.",
    ),
    (
        {"skips_none": False},
        "A layer without bias has None in its table, to keep the name. That is no "
        "parameter: skip it.",
    ),
    (
        {"deep": False},
        "You look into the parts and not into the parts of parts. The function has to "
        "call itself.",
    ),
    (
        {"compares": "shape"},
        "You take two tensors of one shape for the same. Compare the objects: id(...).",
    ),
)

SEEN_ANEW = (
    "You remember what was met in one module, and begin anew in each part. A weight "
    "that two parts share comes twice: one set for the whole walk."
)


def _seen_anew(module):
    """A walk in which each part begins to remember anew."""
    pairs = []
    for name, parameter in module._parameters.items():
        if parameter is not None and all(parameter is not p for _, p in pairs):
            pairs.append((name, parameter))
    for name, part in module._modules.items():
        if part is not None:
            pairs += [(f"{name}.{inner}", p) for inner, p in _seen_anew(part)]
    return pairs


class _Scaled(nn.Module):
    """A parameter of its own, behind its part in the order of assignment."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner
        self.scale = nn.Parameter(torch.ones(2))


def _nested():
    return _Scaled(nn.Sequential(nn.Linear(2, 2), _Scaled(nn.Linear(2, 2, bias=False))))


def _tied():
    first, second = nn.Linear(2, 2), nn.Linear(2, 2)
    second.weight = first.weight
    return nn.Sequential(nn.Sequential(first, nn.ReLU()), second)


def _two_names():
    model = _Scaled(nn.Linear(2, 2))
    model.other_scale = model.scale
    return model


def _with_a_gap():
    model = _nested()
    model.register_module("later", None)
    model.register_parameter("shift", None)
    return model


SCENES = {
    "one linear layer": lambda: nn.Linear(2, 3),
    "modules in modules": _nested,
    "two layers that share a weight": _tied,
    "one parameter with two names": _two_names,
    "a part and a parameter that are None": _with_a_gap,
}


def _walked(answer, scene):
    """The names, and for each the place of the very tensor in the model."""
    torch.manual_seed(0)
    model = SCENES[scene]()
    own = {id(p): name for name, p in model.named_parameters()}
    found = answer(model)
    if found is None or isinstance(found, dict):
        return found if found is None else {"a dict of": list(found)}
    pairs = [tuple(pair) for pair in found]
    names = [name for name, _ in pairs]
    return {
        "names": names,
        "tensors": [own.get(id(p), "of another") for _, p in pairs],
    }


EXERCISE = Exercise(
    number="8.2",
    title="Once each",
    solution=named_parameters,
    cases=lambda: [(scene,) for scene in SCENES],
    probe=_walked,
    mistakes=(*faulty(_build, FAULTS), Mistake(_seen_anew, SEEN_ANEW)),
    compared_with="named_parameters of helpers.nn on five models",
    build=_build,
    faults=FAULTS,
)
