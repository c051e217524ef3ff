"""Nodes as objects: called, recognised, and reached through torch.autograd."""

import pytest
import torch

from tests.engines import OURS, compare, error_of


def double(engine):
    class Double(engine.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, gradient):
            return gradient * 2

    return Double.apply


MADE = {
    "times a number": lambda x: x * 3,
    "times itself": lambda x: x * x,
    "two inputs": lambda x: x * x.exp(),
    "saves its output": lambda x: x.exp(),
    "sums": lambda x: x.cumsum(0),
    "a view": lambda x: x[1:],
}


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("recording", [True, False])
def test_a_node_is_called_with_the_gradient_of_its_output(name, recording):
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = MADE[name](x)
        y.register_hook(lambda g: g * 100)  # hooks belong to the pass
        gradient = engine.leaf_of(torch.ones(y.shape, dtype=torch.float64))
        with engine.set_grad_enabled(recording):
            found = y.grad_fn(gradient)
        several = found if isinstance(found, tuple) else (found,)
        return found, [each is not None and each.requires_grad for each in several]

    compare(scenario)


def test_gradients_of_a_call_have_the_shapes_of_the_inputs():
    """In torch's, they have the shape to which the inputs were broadcast."""
    x = OURS.leaf(1.0, 2.0)
    of_column, of_row = (x[:, None] + x).grad_fn(OURS.tensor(torch.ones(2, 2)))
    assert of_column.tolist() == [[2.0], [2.0]] and of_row.tolist() == [2.0, 2.0]


def test_a_node_of_several_outputs_takes_one_gradient_for_each():
    def scenario(engine):
        node = engine.leaf(1.0, 2.0).unbind()[0].grad_fn
        one = engine.tensor(1.0, dtype=torch.float64)
        return (
            node(one, None), node(None, one),
            error_of(lambda: node(one)), error_of(lambda: node(one, 3.0)),
        )  # fmt: skip

    compare(scenario)


def test_a_called_node_keeps_what_it_saved_and_a_freed_one_refuses():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = x.exp()
        one = engine.leaf(1.0, 1.0)
        y.grad_fn(one)
        y.sum().backward()
        return x.grad, error_of(lambda: y.grad_fn(one), "second time")

    compare(scenario)


def test_nodes_are_nodes_to_torch():
    def scenario(engine):
        x = engine.leaf(1.0)
        made = [(x * 2).grad_fn, double(engine)(x).grad_fn]
        made += [made[0].next_functions[0][0], x, None]
        return [isinstance(each, torch.autograd.graph.Node) for each in made]

    assert compare(scenario) == [True, True, True, False, False]


def test_torchs_grad_and_backward_know_our_tensors():
    def scenario(engine):
        x, y = engine.leaf(2.0), engine.leaf(3.0)
        (slope,) = torch.autograd.grad(x * x * y, x, create_graph=True)
        torch.autograd.backward([slope, x * y], [engine.leaf(1.0), None])
        unused = torch.autograd.grad([x * 2], [x, y], allow_unused=True)
        torch.Tensor.backward(x * 5, inputs=[x])
        return slope, x.grad, y.grad, unused

    compare(scenario)
    with pytest.raises(NotImplementedError, match="is_grads_batched"):
        x = OURS.leaf(1.0)
        torch.autograd.grad(x, x, torch.ones(2, 1), is_grads_batched=True)


@pytest.mark.parametrize("of_leaf", [True, False])
def test_a_view_taken_under_no_grad_has_no_place_in_the_graph(of_leaf):
    def scenario(engine):
        x = engine.leaf(1.0, 2.0, 3.0)
        root = x if of_leaf else x * 2
        with engine.no_grad():
            view = root[1:]
        ones = engine.leaf(1.0, 1.0)
        return (
            view.requires_grad, view.grad_fn,
            error_of(lambda: engine.grad(view, x, ones), "does not require grad"),
            error_of(lambda: engine.grad(view, view, ones), "does not require grad"),
            error_of(lambda: view.backward(ones), "does not require grad"),
            error_of(lambda: engine.grad((root * root).sum(), view), "not have been"),
            engine.grad((root * root).sum(), view, allow_unused=True),
        )  # fmt: skip

    compare(scenario)
