"""Views: which tensors share memory, what their history is, and torch's errors."""

import gc
import weakref

import pytest
import torch

from tests.engines import OURS, compare, error_of

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
    def scenario(engine):
        x = engine.leaf_of(START)
        root = x * 2
        early = TAKE[name](root)
        TAKE[name](root).mul_(x.sum())
        late = TAKE[name](root)
        (early * late).sum().backward(retain_graph=True)
        (root * root).sum().backward()
        return x.grad

    compare(scenario)


@pytest.mark.parametrize("name", TAKE)
def test_change_of_the_root_reaches_its_views(name):
    def scenario(engine):
        x = engine.leaf_of(START)
        root = x * 2
        view = TAKE[name](root)
        root.mul_(x)
        (view * view).sum().backward()
        return x.grad

    compare(scenario)


@pytest.mark.parametrize("name", TAKE)
def test_a_view_shares_memory_and_knows_its_base(name):
    def scenario(engine):
        root = engine.leaf_of(START) * 1
        view = TAKE[name](root)
        return (
            view._base is root,
            view.data.data_ptr() - root.data.data_ptr(),
        )

    compare(scenario)


def test_gradient_of_gradient_through_a_changed_view():
    def scenario(engine):
        x = engine.leaf_of(START)
        root = x * x
        root[0].mul_(x[1])
        (slope,) = engine.grad(root.sum(), x, create_graph=True)
        (slope * slope).sum().backward()
        return x.grad

    compare(scenario)


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
    def scenario(engine):
        x = engine.leaf_of(START)
        return error_of(lambda: REFUSED[name](engine, x))

    assert compare(scenario) is RuntimeError


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed_as_in_torch(name):
    compare(lambda engine: ALLOWED[name](engine, engine.leaf_of(START)))


def test_a_saved_array_changed_through_a_view_is_noticed():
    def scenario(engine):
        x = engine.leaf_of(START)
        root = x * 1
        squares = root * root
        root[0].add_(1)
        return error_of(squares.sum().backward)

    assert compare(scenario) is RuntimeError


def test_requires_grad_can_be_asked_of_a_tensor_changed_in_place():
    def scenario(engine):
        plain = engine.leaf_of(START).detach()
        plain.add_(1)
        plain.requires_grad_()
        (plain * plain).sum().backward()
        return plain.grad

    compare(scenario)


def test_a_piece_that_may_not_be_changed_and_was_is_refused_only_with_a_graph():
    def scenario(engine):
        piece = engine.leaf(1.0, 2.0).unbind()[1]
        with engine.no_grad():
            piece.mul_(2)
            used = piece * piece + piece.sin()
        asked_again = piece.requires_grad_() is piece
        return piece.requires_grad, repr(piece), asked_again, used

    assert compare(scenario)[0] is True


def test_the_history_of_a_view_is_found_anew_past_the_views_between():
    def scenario(engine):
        x = engine.leaf_of(START)
        between = x[...]
        view = between[...]
        between.retain_grad()
        with engine.no_grad():
            view.add_(1)
        view.sum().backward()
        return between.grad, x.grad

    assert compare(scenario)[0] is None


def test_shape_iteration_and_unpacking():
    def scenario(engine):
        x = engine.leaf_of(START)
        first, _, third = x
        ((first * third).sum() + sum(row.sum() for row in x)).backward()
        return x.grad

    compare(scenario)
    assert OURS.tensor(START).shape == (3, 4)
    assert len(OURS.tensor(START)) == 3


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
        compare(lambda e, take=take: take(e.leaf_of(START)).grad_fn.name())


def test_a_changed_root_is_freed_without_the_garbage_collector():
    gc.disable()
    try:
        root = OURS.leaf_of(START) * 1
        root[0].mul_(2)
        gone = weakref.ref(root.grad_fn)
        del root
        assert gone() is None
    finally:
        gc.enable()
