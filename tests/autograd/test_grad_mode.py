"""no_grad, enable_grad, set_grad_enabled: blocks, decorators, generators, threads."""

import threading

import torch

from tests.autograd.worlds import OURS, alike, error_of, leaf


def test_blocks():
    def story(world):
        x, seen = leaf(world, 1.0), []
        with world.no_grad():
            seen.append((x * 2).requires_grad)
            with world.enable_grad():
                seen.append((x * 2).requires_grad)
            seen.append(world.is_grad_enabled())
            with world.set_grad_enabled(True):
                seen.append((x * 2).requires_grad)
            seen.append(world.is_grad_enabled())
        seen.append(world.is_grad_enabled())
        return seen

    assert alike(story) == [False, True, False, True, False, True]


def test_an_error_leaves_the_block_too():
    def story(world):
        def fail():
            with world.no_grad():
                raise KeyError("inside")

        return error_of(fail), world.is_grad_enabled()

    assert alike(story) == (KeyError, True)


def test_set_grad_enabled_holds_from_the_call_on():
    def story(world):
        world.set_grad_enabled(False)
        first = world.is_grad_enabled()
        world.set_grad_enabled(True)
        with world.set_grad_enabled(False):
            second = world.is_grad_enabled()
        return first, second, world.is_grad_enabled()

    assert alike(story) == (False, False, True)


def test_decorators():
    def story(world):
        @world.no_grad()
        def inside(depth):
            return [world.is_grad_enabled()] + (inside(depth - 1) if depth else [])

        @world.no_grad
        def without_brackets():
            return world.is_grad_enabled()

        @world.set_grad_enabled(False)
        def by_choice():
            return world.is_grad_enabled()

        after = world.is_grad_enabled()
        with world.no_grad():
            back = world.enable_grad()(lambda: world.is_grad_enabled())()
        return inside(2), without_brackets(), by_choice(), after, back, inside.__name__

    assert alike(story) == ([False] * 3, False, False, True, True, "inside")


def test_generator_functions():
    def story(world):
        seen = []

        @world.no_grad()
        def steps():
            try:
                received = yield world.is_grad_enabled()
                seen.append((received, world.is_grad_enabled()))
                yield world.is_grad_enabled()
            except ValueError:
                seen.append(("thrown", world.is_grad_enabled()))
                yield "caught"
            finally:
                seen.append(("end", world.is_grad_enabled()))

        run = steps()
        seen.append((next(run), world.is_grad_enabled()))
        seen.append((run.send(5), world.is_grad_enabled()))
        seen.append(run.throw(ValueError()))
        run.close()
        seen.append(world.is_grad_enabled())
        return seen, list(steps())

    alike(story)


def test_a_leaf_made_under_no_grad_may_require_grad():
    def story(world):
        with world.no_grad():
            x = leaf(world, 1.0)
            y = x * 2
            y.requires_grad_()
        (y * 3).backward()
        return x.grad, y.grad, y.is_leaf

    assert alike(story) == (None, [3.0], True)


def test_backward_works_under_no_grad():
    def story(world):
        x = leaf(world, 1.0)
        y = x * x
        with world.no_grad():
            y.backward()
        return x.grad

    assert alike(story) == [2.0]


def test_the_switch_is_one_for_both_engines():
    with torch.no_grad():
        assert not (leaf(OURS, 1.0) * 2).requires_grad
    with OURS.no_grad():
        assert not (torch.ones(1, requires_grad=True) * 2).requires_grad


def in_thread(run):
    """Run a function in a thread of its own, to its end."""
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_each_thread_has_its_own_switch():
    def story(world):
        seen = []
        with world.no_grad():
            in_thread(lambda: seen.append(world.is_grad_enabled()))
        in_thread(lambda: world.set_grad_enabled(False))
        return seen, world.is_grad_enabled()

    assert alike(story) == ([True], True)


def test_several_threads_add_to_one_leaf():
    def story(world):
        x = leaf(world, 1.0)

        def work():
            for _ in range(50):
                (x * 2).backward()

        (x * 0).backward()
        threads = [threading.Thread(target=work) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        return x.grad

    assert alike(story) == [400.0]
