"""What is refused, on both engines: the same class of error, and the same key words.

Key words are those that both messages share; ours may say more, or say it shorter.
"""

import copy
import re

import pytest
import torch

from tests.autograd.worlds import WORLDS, leaf

SHARED = 1 / 3  # of torch's words that carry meaning, at least so many are in ours
SMALL = set(
    "the a an of to is and for in that it or be was with as on by this at not".split()
)


def assign(target, name, value):
    setattr(target, name, value)


def in_place_after_saving(world):
    x = leaf(world, 1.0, 2.0) * 1
    y = x * x
    x.add_(1)
    y.sum().backward()


def in_place_on_a_result(world):
    y = leaf(world, 1.0, 2.0).exp()
    y.mul_(2)
    y.sum().backward()


def in_place_through_a_view(world):
    x = leaf(world, 1.0, 2.0) * 1
    y = x * x
    x[0] = 5
    y.sum().backward()


def step_between_two_backwards(world):
    x = leaf(world, 1.0, 2.0)
    loss = (x * x).sum()
    loss.backward(retain_graph=True)
    with world.no_grad():
        x -= 0.1 * x.grad
    loss.backward()


def twice(world):
    y = leaf(world, 1.0).exp()
    y.backward()
    y.backward()


def hooked(value):
    def story(world):
        y = leaf(world, 1.0, 2.0) * 2
        y.register_hook(lambda gradient: value(gradient))
        y.sum().backward()

    return story


def view_without_history(world):
    x = leaf(world, 1.0, 2.0) * 1
    with world.no_grad():
        view = x[:1]
    view.add_(1)


def float64(world, *numbers):
    return world.tensor(list(numbers), dtype=torch.float64)


REFUSED = {
    "a vector without a gradient": lambda w: (leaf(w, 1.0, 2.0) * 2).backward(),
    "a complex result without one": lambda w: (
        w.tensor([1 + 2j], requires_grad=True).sum().backward()
    ),
    "nothing that requires grad": lambda w: w.tensor([1.0]).sum().backward(),
    "a gradient of another shape": lambda w: (leaf(w, 1.0) * 2).backward(
        float64(w, 1.0, 2.0)
    ),
    "a gradient that is a number": lambda w: (leaf(w, 1.0) * 2).backward(2.0),
    "too few gradients": lambda w: w.backward(
        [leaf(w, 1.0), leaf(w, 1.0)], [float64(w, 1.0)]
    ),
    "a freed graph": twice,
    "no inputs of backward": lambda w: leaf(w, 1.0).backward(inputs=[]),
    "no inputs of grad": lambda w: w.grad(leaf(w, 1.0), []),
    "no outputs of grad": lambda w: w.grad([], [leaf(w, 1.0)]),
    "an unused input": lambda w: w.grad(leaf(w, 1.0) * 2, leaf(w, 2.0)),
    "zeros, but unused refused": lambda w: w.grad(
        leaf(w, 1.0), leaf(w, 2.0), allow_unused=False, materialize_grads=True
    ),
    "an input without gradient": lambda w: w.grad(leaf(w, 1.0), w.tensor([2.0])),
    "what was saved, changed": in_place_after_saving,
    "a saved result, changed": in_place_on_a_result,
    "what was saved, changed by a view": in_place_through_a_view,
    "a step between two backwards": step_between_two_backwards,
    "a leaf changed": lambda w: leaf(w, 1.0).add_(1),
    "a view of a leaf changed": lambda w: leaf(w, 1.0)[:1].mul_(2),
    "one of several views changed": lambda w: (leaf(w, 1.0) * 1).unbind()[0].add_(1),
    "a view without history changed": view_without_history,
    "a change that can't hold fractions": lambda w: w.tensor([1, 2]).add_(0.5),
    "integers that require grad": lambda w: w.tensor([1, 2]).requires_grad_(),
    "a result that stops requiring it": lambda w: (leaf(w, 1.0) * 2).requires_grad_(
        False
    ),
    "numpy() of what requires grad": lambda w: leaf(w, 1.0).numpy(),
    "item() of several": lambda w: leaf(w, 1.0, 2.0).item(),
    "bool() of several": lambda w: bool(leaf(w, 1.0, 2.0)),
    "len() of a number": lambda w: len(w.tensor(1.0)),
    "a loop over a number": lambda w: list(w.tensor(1.0)),
    "a hook where no gradient comes": lambda w: w.tensor([1.0]).register_hook(print),
    "a late hook of a result": lambda w: (
        leaf(w, 1.0) * 2
    ).register_post_accumulate_grad_hook(print),
    "a hook that returns a number": hooked(lambda gradient: 3.0),
    "a hook that changes the shape": hooked(lambda gradient: gradient[:1]),
    "retain_grad without a gradient": lambda w: w.tensor([1.0]).retain_grad(),
    "a number as .grad": lambda w: assign(leaf(w, 1.0), "grad", 3.0),
    "a .grad of another shape": lambda w: assign(
        leaf(w, 1.0), "grad", float64(w, 1.0, 2.0)
    ),
    "a tensor as its own .grad": lambda w: (lambda x: assign(x, "grad", x))(
        leaf(w, 1.0)
    ),
    "a copy of a result": lambda w: copy.deepcopy(leaf(w, 1.0) * 2),
    "detach_() of a view": lambda w: (leaf(w, 1.0) * 1)[:1].detach_(),
    "matrices that do not fit": lambda w: leaf(w, 1.0, 2.0) @ leaf(w, 1.0),
    "shapes that do not fit": lambda w: leaf(w, 1.0, 2.0) + leaf(w, 1.0, 2.0, 3.0),
    "an index too large": lambda w: leaf(w, 1.0)[5],
    "an attribute that is not there": lambda w: leaf(w, 1.0).nosuch,
    "a mode that is no boolean": lambda w: w.set_grad_enabled(3),
}


def words_of(error):
    """The words of a message's first sentences that carry meaning."""
    sentences = ". ".join(str(error).split(". ")[:2])
    return set(re.findall(r"\w+", sentences.lower())) - SMALL


@pytest.mark.parametrize("what", REFUSED)
def test_errors_are_torchs(what):
    errors = []
    for world in WORLDS:
        with pytest.raises(Exception) as caught:
            REFUSED[what](world)
        errors.append(caught.value)
    ours, torchs = errors
    assert type(ours) is type(torchs)
    wanted = words_of(torchs)
    shared = words_of(ours) & wanted
    assert len(shared) >= SHARED * len(wanted), (str(ours), str(torchs))
