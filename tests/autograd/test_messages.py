"""What is refused, on both engines: the same class of error, and the same key words.

Key words are those that both messages share; ours may say more, or say it shorter.
"""

import copy
import re

import pytest
import torch

from tests.engines import ENGINES

SHARED = 1 / 3  # of torch's words that carry meaning, at least so many are in ours
SMALL = set(
    "the a an of to is and for in that it or be was with as on by this at not".split()
)


def assign(target, name, value):
    setattr(target, name, value)


def in_place_after_saving(engine):
    x = engine.leaf(1.0, 2.0) * 1
    y = x * x
    x.add_(1)
    y.sum().backward()


def in_place_on_a_result(engine):
    y = engine.leaf(1.0, 2.0).exp()
    y.mul_(2)
    y.sum().backward()


def in_place_through_a_view(engine):
    x = engine.leaf(1.0, 2.0) * 1
    y = x * x
    x[0] = 5
    y.sum().backward()


def step_between_two_backwards(engine):
    x = engine.leaf(1.0, 2.0)
    loss = (x * x).sum()
    loss.backward(retain_graph=True)
    with engine.no_grad():
        x -= 0.1 * x.grad
    loss.backward()


def twice(engine):
    y = engine.leaf(1.0).exp()
    y.backward()
    y.backward()


def hooked(value):
    def scenario(engine):
        y = engine.leaf(1.0, 2.0) * 2
        y.register_hook(lambda gradient: value(gradient))
        y.sum().backward()

    return scenario


def view_without_history(engine):
    x = engine.leaf(1.0, 2.0) * 1
    with engine.no_grad():
        view = x[:1]
    view.add_(1)


def float64(engine, *numbers):
    return engine.tensor(list(numbers), dtype=torch.float64)


REFUSED = {
    "a vector without a gradient": lambda engine: (
        engine.leaf(1.0, 2.0) * 2
    ).backward(),
    "a complex result without one": lambda engine: (
        engine.tensor([1 + 2j], requires_grad=True).sum().backward()
    ),
    "nothing that requires grad": lambda engine: engine.tensor([1.0]).sum().backward(),
    "a gradient of another shape": lambda engine: (engine.leaf(1.0) * 2).backward(
        float64(engine, 1.0, 2.0)
    ),
    "a gradient that is a number": lambda engine: (engine.leaf(1.0) * 2).backward(2.0),
    "too few gradients": lambda engine: engine.backward(
        [engine.leaf(1.0), engine.leaf(1.0)], [float64(engine, 1.0)]
    ),
    "a freed graph": twice,
    "no inputs of backward": lambda engine: engine.leaf(1.0).backward(inputs=[]),
    "no inputs of grad": lambda engine: engine.grad(engine.leaf(1.0), []),
    "no outputs of grad": lambda engine: engine.grad([], [engine.leaf(1.0)]),
    "an unused input": lambda engine: engine.grad(
        engine.leaf(1.0) * 2, engine.leaf(2.0)
    ),
    "zeros, but unused refused": lambda engine: engine.grad(
        engine.leaf(1.0), engine.leaf(2.0), allow_unused=False, materialize_grads=True
    ),
    "an input without gradient": lambda engine: engine.grad(
        engine.leaf(1.0), engine.tensor([2.0])
    ),
    "what was saved, changed": in_place_after_saving,
    "a saved result, changed": in_place_on_a_result,
    "what was saved, changed by a view": in_place_through_a_view,
    "a step between two backwards": step_between_two_backwards,
    "a leaf changed": lambda engine: engine.leaf(1.0).add_(1),
    "a view of a leaf changed": lambda engine: engine.leaf(1.0)[:1].mul_(2),
    "one of several views changed": lambda engine: (
        (engine.leaf(1.0) * 1).unbind()[0].add_(1)
    ),
    "a view without history changed": view_without_history,
    "a change that can't hold fractions": lambda engine: engine.tensor([1, 2]).add_(
        0.5
    ),
    "integers that require grad": lambda engine: engine.tensor([1, 2]).requires_grad_(),
    "a result that stops requiring it": lambda engine: (
        engine.leaf(1.0) * 2
    ).requires_grad_(False),
    "numpy() of what requires grad": lambda engine: engine.leaf(1.0).numpy(),
    "item() of several": lambda engine: engine.leaf(1.0, 2.0).item(),
    "bool() of several": lambda engine: bool(engine.leaf(1.0, 2.0)),
    "len() of a number": lambda engine: len(engine.tensor(1.0)),
    "a loop over a number": lambda engine: list(engine.tensor(1.0)),
    "a hook where no gradient comes": lambda engine: engine.tensor([1.0]).register_hook(
        print
    ),
    "a late hook of a result": lambda engine: (
        engine.leaf(1.0) * 2
    ).register_post_accumulate_grad_hook(print),
    "a hook that returns a number": hooked(lambda gradient: 3.0),
    "a hook that changes the shape": hooked(lambda gradient: gradient[:1]),
    "retain_grad without a gradient": lambda engine: engine.tensor([1.0]).retain_grad(),
    "a number as .grad": lambda engine: assign(engine.leaf(1.0), "grad", 3.0),
    "a .grad of another shape": lambda engine: assign(
        engine.leaf(1.0), "grad", float64(engine, 1.0, 2.0)
    ),
    "a tensor as its own .grad": lambda engine: (lambda x: assign(x, "grad", x))(
        engine.leaf(1.0)
    ),
    "a copy of a result": lambda engine: copy.deepcopy(engine.leaf(1.0) * 2),
    "detach_() of a view": lambda engine: (engine.leaf(1.0) * 1)[:1].detach_(),
    "matrices that do not fit": lambda engine: engine.leaf(1.0, 2.0) @ engine.leaf(1.0),
    "shapes that do not fit": lambda engine: (
        engine.leaf(1.0, 2.0) + engine.leaf(1.0, 2.0, 3.0)
    ),
    "an index too large": lambda engine: engine.leaf(1.0)[5],
    "an attribute that is not there": lambda engine: engine.leaf(1.0).nosuch,
    "a mode that is no boolean": lambda engine: engine.set_grad_enabled(3),
}
# PyTorch changed the class later, and we raise the new one in every version.
OF_ANOTHER_CLASS_IN = {("no inputs of grad", "2.11.")}


def words_of(error):
    """The words of a message's first sentences that carry meaning."""
    sentences = ". ".join(str(error).split(". ")[:2])
    return set(re.findall(r"\w+", sentences.lower())) - SMALL


@pytest.mark.parametrize("what", REFUSED)
def test_errors_are_torchs(what):
    errors = []
    for engine in ENGINES:
        with pytest.raises(Exception) as caught:
            REFUSED[what](engine)
        errors.append(caught.value)
    ours, torchs = errors
    if (what, torch.__version__[:5]) not in OF_ANOTHER_CLASS_IN:
        assert type(ours) is type(torchs)
    wanted = words_of(torchs)
    shared = words_of(ours) & wanted
    assert len(shared) >= SHARED * len(wanted), (str(ours), str(torchs))
