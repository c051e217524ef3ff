"""One text over both libraries, ours and torch's: it must come out the same.

With this module one can: run a scenario, a function of a `Library`, in both and assert
that the outcomes agree (`compare`), and say how a call fails (`failure`).
"""

from types import SimpleNamespace

import torch

from helpers import autograd, nn
from tests.engines import is_tensor, raw


class Library(SimpleNamespace):
    """torch.nn or ours as `nn`, and how `tensor` makes one of its tensors."""


OURS = Library(name="ours", nn=nn, tensor=lambda raw: autograd.tensor(raw))
TORCHS = Library(name="torch", nn=torch.nn, tensor=lambda raw: raw)
LIBRARIES = [OURS, TORCHS]


def plain(value):
    """Numbers for tensors, names for modules and errors; containers all the way."""
    if is_tensor(value):
        array = raw(value)
        return str(array.dtype), array.tolist()
    if isinstance(value, nn.Module | torch.nn.Module):
        return repr(value)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def compare(scenario):
    """Assert that a scenario comes out the same in both; return its outcome."""
    ours, torchs = (plain(seeded(scenario, library)) for library in LIBRARIES)
    assert ours == torchs
    return ours


def seeded(scenario, library):
    torch.default_generator.manual_seed(1)
    return scenario(library)


def failure(function, library, *others):
    """The class of what a call raises, and torch's words, which ours begin with.

    `others` are words that ours must hold besides: what is allowed, what to do.
    """
    try:
        function()
    except Exception as error:
        said = error.args[0] if error.args else ""
        if library is OURS:
            for word in others:
                assert word in said, f"{word!r} is not in: {said}"
        return type(error), said
    return None


def same_failure(call, *others):
    """Assert that call(library) fails alike in both; ours begins with torch's words.

    Returns the class.
    """
    (ours, said), (torchs, words) = (
        failure(lambda each=library: call(each), library, *others)
        for library in LIBRARIES
    )
    assert ours is torchs
    assert said.startswith(words.rstrip(".")), f"{said!r}\n{words!r}"
    return ours
