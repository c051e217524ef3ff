"""Views: which tensors share memory, what their history is, and torch's errors."""

import gc
import weakref

import pytest
import torch

from helpers import autograd

ENGINES = [
    (torch, lambda raw: raw.clone().requires_grad_()),
    (autograd, lambda raw: autograd.tensor(raw.clone(), requires_grad=True)),
]


def on_both(story):
    """What a story returns, or the class of its error, on torch and on our engine."""
    told = []
    for engine, leaf in ENGINES:
        try:
            told.append(story(engine, leaf))
        except Exception as error:
            told.append(type(error))
    return told


def assert_same(story):
    """Assert that a story ends alike on both engines."""
    theirs, ours = on_both(story)
    if isinstance(theirs, torch.Tensor):
        torch.testing.assert_close(ours.data, theirs.detach())
    else:
        assert ours == theirs


START = torch.arange(1.0, 13, dtype=torch.float64).reshape(3, 4)

TAKE = {
    "select": lambda t: t[1],
    "slice": lambda t: t[:, 1:3],
    "steps": lambda t: t[::2, ::3],
    "new dimension": lambda t: t[None],
    "transposed": lambda t: t.t(),
    "T": lambda t: t.T,
    "permuted": lambda t: t.permute(1, 0),
    "flat": lambda t: t.view(-1),
    "reshaped": lambda t: t.reshape(2, 6),
    "unflattened": lambda t: t.unflatten(1, (2, 2)),
    "diagonal": lambda t: t.diagonal(),
    "narrow": lambda t: t.narrow(0, 1, 2),
    "windows": lambda t: t.unfold(1, 2, 2),
    "moved": lambda t: t.movedim(0, 1),
    "of a view": lambda t: t[1:].t()[2].view(2, 1),
}


@pytest.mark.parametrize("name", TAKE)
def test_change_of_a_view_reaches_the_root_and_its_gradient(name):
    def story(engine, leaf):
        x = leaf(START)
        root = x * 2
        early = TAKE[name](root)
        TAKE[name](root).mul_(x.sum())
        late = TAKE[name](root)
        (early * late).sum().backward(retain_graph=True)
        (root * root).sum().backward()
        return x.grad

    assert_same(story)


@pytest.mark.parametrize("name", TAKE)
def test_change_of_the_root_reaches_its_views(name):
    def story(engine, leaf):
        x = leaf(START)
        root = x * 2
        view = TAKE[name](root)
        root.mul_(x)
        (view * view).sum().backward()
        return x.grad

    assert_same(story)


@pytest.mark.parametrize("name", TAKE)
def test_a_view_shares_memory_and_knows_its_base(name):
    def story(engine, leaf):
        root = leaf(START) * 1
        view = TAKE[name](root)
        return (
            view._base is root,
            view.data_ptr() - root.data_ptr()
            if engine is torch
            else (view.data.data_ptr() - root.data.data_ptr()),
        )

    assert_same(story)


def test_gradient_of_gradient_through_a_changed_view():
    def story(engine, leaf):
        x = leaf(START)
        root = x * x
        root[0].mul_(root[1])
        (slope,) = (
            engine.autograd.grad(root.sum(), x, create_graph=True)
            if (engine is torch)
            else engine.grad(root.sum(), x, create_graph=True)
        )
        (slope * slope).sum().backward()
        return x.grad

    assert_same(story)


REFUSED = {
    "view of a leaf": lambda engine, x: x[0].add_(1),
    "leaf": lambda engine, x: x.add_(1),
    "index of a leaf": lambda engine, x: x.__setitem__(0, 1.0),
    "piece of unbind": lambda engine, x: (x * 1).unbind()[0].add_(1),
    "piece of split": lambda engine, x: (x * 1).split(2)[0].add_(1),
    "piece of chunk": lambda engine, x: (x * 1).chunk(2)[0].add_(1),
    "view of a piece": lambda engine, x: (x * 1).unbind()[0][1:].add_(1),
    "piece after its root changed": lambda engine, x: after_root_changed(x),
    "taken under no_grad": lambda engine, x: taken_under_no_grad(engine, x * 1).add_(1),
    "view of one under no_grad": lambda engine, x: taken_under_no_grad(engine, x * 1)[
        0
    ].add_(1),
    "no_grad view after its root changed": lambda engine, x: stale(engine, x * 1),
    "stretched": lambda engine, x: (x * 1)[0, 0].expand(3).add_(1),
}
ALLOWED = {
    "leaf under no_grad": lambda engine, x: under_no_grad(engine, lambda: x.add_(1)),
    "view of a leaf under no_grad": lambda engine, x: under_no_grad(
        engine, lambda: x[0].add_(1)
    ),
    "piece of tensor_split": lambda engine, x: (x * 1).tensor_split(2)[0].add_(1),
    "detached piece": lambda engine, x: (x * 1).unbind()[0].detach().add_(1),
}


def under_no_grad(engine, act):
    with engine.no_grad():
        return act()


def taken_under_no_grad(engine, root):
    return under_no_grad(engine, lambda: root[1:])


def after_root_changed(x):
    root = x * 1
    pieces = root.unbind()
    root.add_(1)
    return pieces[0].grad_fn


def stale(engine, root):
    view = taken_under_no_grad(engine, root)
    root.add_(1)
    return view.grad_fn


@pytest.mark.parametrize("name", REFUSED)
def test_refused_as_torch_does(name):
    theirs, ours = on_both(lambda engine, leaf: REFUSED[name](engine, leaf(START)))
    assert theirs is RuntimeError
    assert ours is RuntimeError


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed_as_in_torch(name):
    assert_same(lambda engine, leaf: ALLOWED[name](engine, leaf(START)))


def test_a_saved_array_changed_through_a_view_is_noticed():
    def story(engine, leaf):
        x = leaf(START)
        root = x * 1
        squares = root * root
        root[0].add_(1)
        squares.sum().backward()

    assert on_both(story) == [RuntimeError, RuntimeError]


def test_requires_grad_can_be_asked_of_a_tensor_changed_in_place():
    def story(engine, leaf):
        plain = leaf(START).detach()
        plain.add_(1)
        plain.requires_grad_()
        (plain * plain).sum().backward()
        return plain.grad

    assert_same(story)


def test_shape_iteration_and_unpacking():
    def story(engine, leaf):
        x = leaf(START)
        first, _, third = x
        ((first * third).sum() + sum(row.sum() for row in x)).backward()
        return x.grad

    assert_same(story)
    assert autograd.tensor(START).shape == (3, 4)
    assert len(autograd.tensor(START)) == 3


def test_names_in_the_graph_are_torchs():
    for take in (
        lambda t: t[0],
        lambda t: t[1:],
        lambda t: t[None],
        lambda t: t[...],
        lambda t: t[0, 1:],
        lambda t: t[[0, 1]],
        lambda t: t[:, 1],
        lambda t: t.T,
        lambda t: t.mT,
        lambda t: t.expand(2, 3, 4),
        lambda t: t.chunk(2)[0],
        lambda t: t.float(),
    ):
        assert_same(lambda engine, leaf, take=take: take(leaf(START)).grad_fn.name())


def test_a_changed_root_is_freed_without_the_garbage_collector():
    gc.disable()
    try:
        root = autograd.tensor(START, requires_grad=True) * 1
        root[0].mul_(2)
        gone = weakref.ref(root.grad_fn)
        del root
        assert gone() is None
    finally:
        gc.enable()
