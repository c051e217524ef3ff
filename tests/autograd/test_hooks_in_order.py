"""Hooks of nodes, tensors and leaves: in which order, and at the inputs of a pass."""

import pytest

from tests.engines import compare, error_of


def watched(engine):
    """A graph a -> b -> c; b with a tensor hook (x 3), a prehook (x 10) and a hook."""
    a, seen = engine.leaf(2.0), []
    b = a * 1
    c = b * 2
    b.register_hook(lambda g: note(seen, "tensor", g * 3))
    b.grad_fn.register_prehook(lambda g: note(seen, ("before", g), (g[0] * 10,)))
    b.grad_fn.register_hook(lambda ins, outs: note(seen, ("after", ins, outs), None))
    return a, b, c, seen


def note(seen, what, answer):
    seen.append(what)
    return answer


@pytest.mark.parametrize("names", ["b", "a", "ab", "ba", "bb", "cb", "c"])
def test_what_grad_finds_and_which_hooks_it_runs(names):
    def scenario(engine):
        a, b, c, seen = watched(engine)
        inputs = [{"a": a, "b": b, "c": c}[name] for name in names]
        found = engine.grad(c, inputs)
        return found, seen, b.retains_grad

    compare(scenario)


@pytest.mark.parametrize("names", ["b", "a", "ab", "ba", "bb", "cb", "c"])
def test_what_backward_fills_and_which_hooks_it_runs(names):
    def scenario(engine):
        a, b, c, seen = watched(engine)
        inputs = [{"a": a, "b": b, "c": c}[name] for name in names]
        for _ in range(2):
            c.backward(inputs=inputs, retain_graph=True)
        kept = [each.grad for each in (b, c) if each.retains_grad]
        return a.grad, kept, seen

    outcome = compare(scenario)
    if names == "b":
        assert outcome[:2] == (None, [[12.0]])  # twice 6: after the tensor hook


def test_a_node_above_no_input_gets_no_gradient_for_it():
    def scenario(engine):
        a, b, seen = engine.leaf(2.0), engine.leaf(3.0), []
        c = a * b
        c.grad_fn.register_hook(lambda ins, outs: seen.append(ins))
        return engine.grad(c, a), seen

    compare(scenario)


KINDS = {
    "t": lambda leaf, node, seen: leaf.register_hook(
        lambda g: note(seen, ("tensor", g), g * 3)
    ),
    "p": lambda leaf, node, seen: node.register_prehook(
        lambda g: note(seen, ("before", g), (g[0] * 10,))
    ),
    "q": lambda leaf, node, seen: node.register_hook(
        lambda ins, outs: note(seen, ("after", ins, outs, leaf.grad.clone()), None)
    ),
    "a": lambda leaf, node, seen: leaf.register_post_accumulate_grad_hook(
        lambda leaf: note(seen, ("accumulated", leaf.grad.clone()), None)
    ),
}


@pytest.mark.parametrize("order", ["tpqa", "patq", "aqpt", "ptqa"])
def test_the_hooks_of_a_leaf_have_an_order_of_their_own(order):
    def scenario(engine):
        x, seen = engine.leaf(2.0), []
        y = x * 2
        node = y.grad_fn.next_functions[0][0]
        for kind in order:
            KINDS[kind](x, node, seen)
        y.backward(retain_graph=True)
        y.backward(retain_graph=True)  # the node sees what arrives, not the sum
        y.backward(inputs=x, retain_graph=True)
        return engine.grad(y, x), x.grad, seen

    compare(scenario)


def test_a_retained_gradient_is_the_one_before_the_prehooks():
    def scenario(engine):
        x = engine.leaf(2.0)
        y = x * 1
        y.retain_grad()
        y.grad_fn.register_prehook(lambda g: (g[0] * 10,))
        y.register_hook(lambda g: g * 3)
        y.backward()
        return y.grad, x.grad

    assert compare(scenario) == ([3.0], [30.0])


@pytest.mark.parametrize("answer", [
    lambda g: g[0] * 2, lambda g: [g[0]], lambda g: (g[0], g[0]), lambda g: (None,),
])  # fmt: skip
@pytest.mark.parametrize("of_leaf", [True, False])
def test_what_a_prehook_may_return(answer, of_leaf):
    def scenario(engine):
        x = engine.leaf(2.0)
        y = x * 1
        node = y.grad_fn.next_functions[0][0] if of_leaf else y.grad_fn
        node.register_prehook(answer)
        return error_of(y.backward), x.grad

    compare(scenario)


def test_a_hook_behind_a_leaf_has_nothing_to_replace():
    def scenario(engine):
        x = engine.leaf(2.0)
        y = x * 1
        node = y.grad_fn.next_functions[0][0]
        node.register_hook(lambda ins, outs: outs)
        return error_of(y.backward)

    assert compare(scenario) is RuntimeError
