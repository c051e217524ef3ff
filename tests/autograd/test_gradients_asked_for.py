"""grad() and backward(inputs=...): the gradients that were asked for, and no others."""

import torch

from tests.engines import compare, error_of


def test_grad_touches_no_dot_grad():
    def scenario(engine):
        x, w = engine.leaf(2.0), engine.leaf(3.0)
        y = x * x * w
        return engine.grad(y, (x, w)), x.grad, w.grad

    assert compare(scenario) == (([12.0], [4.0]), None, None)


def test_gradients_of_non_leaves():
    def scenario(engine):
        x = engine.leaf(2.0)
        y = x * x
        z = y.exp() * y
        return engine.grad(z, (y, x), retain_graph=True), engine.grad(z, z)

    compare(scenario)


def test_hooks_of_a_leaf_that_nothing_reaches_do_not_run():
    def scenario(engine):
        x, other = engine.leaf(2.0), engine.leaf(1.0)
        seen = []
        for each in (x, other):
            each.register_post_accumulate_grad_hook(lambda it: seen.append(it.item()))
        (x * x).backward(inputs=[x, other])
        return seen, x.grad, other.grad

    assert compare(scenario) == ([2.0], [4.0], None)


def test_unused_inputs():
    def scenario(engine):
        x, other = engine.leaf(2.0), engine.leaf(1.0, 2.0)
        y = x * x

        def ask(**how):
            return engine.grad(y, (x, other), retain_graph=True, **how)

        return (
            error_of(ask, "not have been used in the graph", "allow_unused=True"),
            ask(allow_unused=True),
            ask(materialize_grads=True),
            error_of(lambda: ask(allow_unused=False, materialize_grads=True)),
            error_of(lambda: engine.grad(y, engine.tensor([1.0])), "require grad"),
        )

    assert compare(scenario)[1:3] == (([4.0], None), ([4.0], [0.0, 0.0]))


def test_backward_fills_only_the_inputs_it_is_given():
    def scenario(engine):
        x, w = engine.leaf(2.0), engine.leaf(3.0)
        y = x * w
        z = y * y
        z.backward(inputs=[w], retain_graph=True)
        first = x.grad, w.grad.tolist()
        z.backward(inputs=[y, x, x])
        return first, x.grad, w.grad, error_of(lambda: y.backward(inputs=[]), "empty")

    assert compare(scenario)[0] == (None, [24.0])


def test_only_the_way_to_the_inputs_is_walked():
    def scenario(engine):
        x, w, passed = engine.leaf(2.0), engine.leaf(3.0), []
        side, way = x.exp(), w.exp()
        x.register_hook(lambda gradient: passed.append("leaf"))
        side.register_hook(lambda gradient: passed.append("side"))
        way.register_hook(lambda gradient: passed.append("way"))
        engine.grad(side * way, w)
        return passed

    assert compare(scenario) == ["way"]


def test_gradients_of_gradients_by_create_graph():
    def scenario(engine):
        x = engine.leaf(2.0, 3.0)
        y = (x**4).sum()
        found = []
        for _ in range(4):
            (y,) = engine.grad(y.sum(), x, create_graph=True)
            found.append(y)
        return found, found[-1].requires_grad

    assert compare(scenario)[0] == [
        [32.0, 108.0],
        [48.0, 108.0],
        [48.0, 72.0],
        [24.0, 24.0],
    ]


def test_backward_with_create_graph_makes_dot_grad_part_of_a_graph():
    def scenario(engine):
        x = engine.leaf(2.0)
        (x**3).backward(create_graph=True)
        slope = x.grad
        x.grad = None
        slope.backward()
        return slope, slope.requires_grad, x.grad

    assert compare(scenario) == ([12.0], True, [12.0])


def test_a_penalty_on_gradients():
    def scenario(engine):
        w = engine.leaf(0.5, -1.0)
        x = engine.leaf(1.0, 2.0)
        out = torch.tanh(w * x).sum()
        (slope,) = engine.grad(out, x, create_graph=True)
        loss = out + (slope**2).sum()
        loss.backward(inputs=[w])
        return w.grad, x.grad

    assert compare(scenario)[1] is None


def test_views_pass_gradients_to_what_they_look_into():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0, 3.0)
        y = x * 2
        view = y[1:]
        view.mul_(10)
        (y * y).sum().backward()
        return y, x.grad, y.grad_fn.name().split(":")[-1]

    assert compare(scenario) == ([2.0, 40.0, 60.0], [8.0, 1600.0, 2400.0], "CopySlices")
