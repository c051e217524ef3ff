"""Changes in place: values, gradients, retained gradients, hooks and versions."""

import pytest
import torch

from tests.autograd.test_views import START
from tests.engines import compare, error_of

ROWS = torch.tensor([[0, 0, 1, 1], [2, 0, 0, 1], [0, 0, 0, 1]])
CHANGES = {
    "+=": lambda t, x: t.__iadd__(x),
    "-=": lambda t, x: t.__isub__(x),
    "*=": lambda t, x: t.__imul__(x),
    "/=": lambda t, x: t.__itruediv__(x),
    "**=": lambda t, x: t.__ipow__(2),
    "add_ with alpha": lambda t, x: t.add_(x, alpha=3),
    "mul_ by a number": lambda t, x: t.mul_(3),
    "mul_ broadcast": lambda t, x: t.mul_(x[0]),
    "exp_": lambda t, x: t.exp_(),
    "tanh_": lambda t, x: t.tanh_(),
    "sigmoid_": lambda t, x: t.sigmoid_(),
    "sqrt_": lambda t, x: t.sqrt_(),
    "clamp_": lambda t, x: t.clamp_(2, 8),
    "copy_": lambda t, x: t.copy_(x),
    "copy_ broadcast": lambda t, x: t.copy_(x[0]),
    "copy_ of another dtype": lambda t, x: t.copy_(x.float()),
    "fill_": lambda t, x: t.fill_(x[0, 0]),
    "fill_ with a number": lambda t, x: t.fill_(2.0),
    "zero_": lambda t, x: t.zero_(),
    "masked_fill_": lambda t, x: t.masked_fill_(x.detach() > 4, 7),
    "index_fill_": lambda t, x: t.index_fill_(0, torch.tensor([0]), 7),
    "index_add_": lambda t, x: t.index_add_(0, torch.tensor([0, 0]), x[1:]),
    "index_copy_": lambda t, x: t.index_copy_(0, torch.tensor([0, 2]), x[1:]),
    "scatter_add_": lambda t, x: t.scatter_add_(0, ROWS, x),
    "index_put_": lambda t, x: t.index_put_((torch.tensor([0, 0]),), x[1:], True),
    "t[0] += 1": lambda t, x: t.__setitem__(0, t[0].__iadd__(1)),
    "t[0] = x": lambda t, x: t.__setitem__(0, x[1]),
    "t[1:, 2] = 0": lambda t, x: t.__setitem__((slice(1, None), 2), 0),
    "t[:] = x": lambda t, x: t.__setitem__(slice(None), x * x),
    "t[...] = x": lambda t, x: t.__setitem__(..., x * x),
    "t[list] = x": lambda t, x: t.__setitem__([0, 2], x[1:]),
    "t[mask] = number": lambda t, x: t.__setitem__(t > 3, -1.0),
    "t[mask] = x": lambda t, x: t.__setitem__(START > 3, x[START > 3] * 2),
    "t[list, 1:] = x": lambda t, x: t.__setitem__(([0, 2], slice(1, None)), x[1:, :3]),
    "t[1] with a leading 1": lambda t, x: t.__setitem__(1, x[:1]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_values_and_gradients_of_a_change_are_torchs(name):
    def scenario(engine):
        x = engine.leaf_of(START)
        t = x * 2
        CHANGES[name](t, x)
        (t * t).sum().backward()
        return torch.stack([x.grad.data, t.data.detach()])

    compare(scenario)


@pytest.mark.parametrize("name", CHANGES)
def test_the_same_on_a_view(name):
    def scenario(engine):
        x = engine.leaf_of(START)
        root = x.repeat(2, 1) * 2
        CHANGES[name](root[1:4], x)
        (root * root).sum().backward()
        return x.grad

    compare(scenario)


@pytest.mark.parametrize("name", CHANGES)
def test_a_plain_tensor_gets_a_history(name):
    def scenario(engine):
        x = engine.leaf_of(START)
        t = x.detach().clone()
        CHANGES[name](t, x)
        if t.requires_grad:
            (t * t).sum().backward()
        return t.requires_grad, None if x.grad is None else x.grad.tolist()

    compare(scenario)


def test_retain_grad_moves_to_the_changed_tensor():
    def scenario(engine):
        x = engine.leaf_of(START)
        t = x * 2
        t.retain_grad()
        t.mul_(3)
        t[0].mul_(5)
        (t * t).sum().backward()
        return t.grad

    compare(scenario)


def test_retain_grad_of_a_view_follows_its_change():
    def scenario(engine):
        root = engine.leaf_of(START) * 2
        view = root[0]
        view.retain_grad()
        view.mul_(3)
        view.requires_grad  # noqa: B018 -- torch looks for its new place when asked
        (root * root).sum().backward()
        return view.grad is None

    compare(scenario)


def test_hooks_stay_with_the_value_they_were_hung_on():
    def scenario(engine):
        x = engine.leaf_of(START)
        t = x * 2
        t.register_hook(lambda grad: grad * 10)
        t.mul_(3)
        t.register_hook(lambda grad: grad + 1)
        t.sum().backward()
        return x.grad

    compare(scenario)


@pytest.mark.parametrize(
    "change",
    [
        lambda t, x: t.mul_(t),
        lambda t, x: t.exp_().add_(1),
        lambda t, x: t.mul_(x).mul_(2),
        lambda t, x: t[0].exp_().add_(t[0]),
        lambda t, x: t[0].mul_(t[0]),
    ],
)
def test_what_is_gone_is_noticed(change):
    def scenario(engine):
        x = engine.leaf_of(START)
        t = x * 2
        change(t, x)
        return error_of(t.sum().backward), x.grad

    compare(scenario)


def test_a_second_backward_through_a_changed_part_is_refused():
    def scenario(engine):
        t = engine.leaf_of(START) * 2
        t[0].add_(1)
        t.sum().backward()
        return error_of(t.sum().backward)

    assert compare(scenario) is RuntimeError
