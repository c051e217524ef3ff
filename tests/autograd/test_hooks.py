"""Hooks: what they see, what they change, in which order, and how they are removed."""

import pytest

from tests.engines import OURS, compare, error_of


def test_hooks_of_tensors_change_gradients_in_the_order_of_registration():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = x * 3
        y.register_hook(lambda gradient: gradient + 1)
        y.register_hook(lambda gradient: gradient * 10)
        y.register_hook(lambda gradient: None)
        x.register_hook(lambda gradient: gradient * 2)
        y.sum().backward()
        return x.grad

    assert compare(scenario) == [120.0, 120.0]


def test_a_hook_sees_the_complete_gradient_once():
    def scenario(engine):
        x, seen = engine.leaf(1.0), []
        y = x * 2
        x.register_hook(seen.append)
        y.register_hook(seen.append)
        (y * 3 + y * 4 + x).backward()
        return seen

    assert compare(scenario) == [[7.0], [15.0]]


def test_a_hook_is_removed_by_its_handle():
    def scenario(engine):
        x, seen = engine.leaf(1.0), []
        handle = x.register_hook(seen.append)
        (x * 2).backward()
        handle.remove()
        handle.remove()
        with x.register_hook(seen.append):
            (x * 3).backward()
        (x * 4).backward()
        return seen, x.grad

    assert compare(scenario)[1] == [9.0]


def test_the_order_of_all_kinds_of_hooks():
    def scenario(engine):
        x, order = engine.leaf(1.0), []

        def note(name):
            return lambda *gradients: order.append(name)

        y = x * 2
        y.retain_grad()
        y.grad_fn.register_hook(note("after the node"))
        y.grad_fn.register_prehook(note("before the node"))
        y.register_hook(note("tensor"))
        x.register_post_accumulate_grad_hook(note("after .grad"))
        x.register_hook(note("leaf"))
        y.backward()
        return order

    compare(scenario)


def test_retain_grad_sees_what_hooks_made():
    def scenario(engine):
        x = engine.leaf(1.0)
        y = x * 2
        y.retain_grad()
        y.register_hook(lambda gradient: gradient * 5)
        y.backward()
        return y.grad, x.grad

    assert compare(scenario) == ([5.0], [10.0])


def test_prehooks_and_hooks_of_a_node():
    def scenario(engine):
        x, w, seen = engine.leaf(2.0), engine.leaf(3.0), []
        y = x * w
        y.grad_fn.register_prehook(lambda outs: (outs[0] * 10,))

        def after(ins, outs):
            seen.append((ins, outs))
            return ins[0] + 1, None

        y.grad_fn.register_hook(after)
        y.backward()
        return x.grad, w.grad, seen

    assert compare(scenario)[0] == [31.0]


def test_a_hook_after_the_gradient_is_there_may_take_it_away():
    def scenario(engine):
        x, seen = engine.leaf(1.0), []

        def step(leaf):
            seen.append((leaf is x, leaf.grad.tolist()))
            leaf.grad = None

        x.register_post_accumulate_grad_hook(step)
        (x * 2).backward()
        (x * 3).backward()
        return seen, x.grad

    assert compare(scenario) == ([(True, [2.0]), (True, [3.0])], None)


def test_hooks_of_a_leafs_node():
    def scenario(engine):
        x, seen = engine.leaf(1.0), []
        y = x * 2
        node = y.grad_fn.next_functions[0][0]
        node.register_hook(lambda ins, outs: seen.append((ins, outs)))
        node.register_prehook(lambda outs: seen.append(outs))
        same = node.variable is x
        y.backward()
        return same, seen

    assert compare(scenario)[0] is True


def test_hooks_run_for_grad_too_but_not_those_that_wait_for_dot_grad():
    def scenario(engine):
        x, seen = engine.leaf(1.0), []
        x.register_hook(lambda gradient: gradient * 2)
        x.register_post_accumulate_grad_hook(lambda leaf: seen.append(1))
        y = x * 3
        y.register_hook(lambda gradient: gradient * 5)
        (found,) = engine.grad(y, x, retain_graph=True)
        (middle,) = engine.grad(y, y)
        return found, middle, seen, x.grad

    assert compare(scenario)[2:] == ([], None)


def test_a_hook_under_create_graph_is_part_of_the_graph():
    def scenario(engine):
        x = engine.leaf(3.0)
        y = x * x
        y.register_hook(lambda gradient: gradient * x)
        (first,) = engine.grad(y, x, create_graph=True)
        (second,) = engine.grad(first, x)
        return first, second

    assert compare(scenario) == ([18.0], [12.0])


def test_a_hook_registered_before_a_change_in_place_stays_with_the_old_value():
    def scenario(engine):
        x, seen = engine.leaf(1.0), []
        y = x * 2
        y.register_hook(seen.append)
        y.retain_grad()
        y.mul_(5)
        y.backward()
        return seen, y.grad, x.grad

    compare(scenario)


@pytest.mark.parametrize(
    "changed", [lambda g: 3.0, lambda g: g[:1], lambda g: g.float()]
)
def test_what_a_hook_may_not_return(changed):
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        x.register_hook(changed)
        return error_of((x * 2).sum().backward)

    assert compare(scenario) in (RuntimeError, TypeError)


def test_hooks_need_a_tensor_that_requires_grad():
    def scenario(engine):
        x = engine.leaf(1.0)
        return (
            error_of(
                lambda: engine.tensor([1.0]).register_hook(print), "doesn't require"
            ),
            error_of(
                lambda: (x * 2).register_post_accumulate_grad_hook(print), "non-leaf"
            ),
        )

    assert compare(scenario) == (RuntimeError, RuntimeError)
    assert error_of(lambda: OURS.leaf(1.0).register_hook(3), "hook = 3") is TypeError
