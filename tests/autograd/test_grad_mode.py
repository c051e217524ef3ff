"""no_grad, enable_grad, set_grad_enabled: blocks, decorators, generators, threads."""

import threading

import torch

from tests.engines import OURS, compare, error_of


def test_blocks():
    def scenario(engine):
        x, seen = engine.leaf(1.0), []
        with engine.no_grad():
            seen.append((x * 2).requires_grad)
            with engine.enable_grad():
                seen.append((x * 2).requires_grad)
            seen.append(engine.is_grad_enabled())
            with engine.set_grad_enabled(True):
                seen.append((x * 2).requires_grad)
            seen.append(engine.is_grad_enabled())
        seen.append(engine.is_grad_enabled())
        return seen

    assert compare(scenario) == [False, True, False, True, False, True]


def test_an_error_leaves_the_block_too():
    def scenario(engine):
        def fail():
            with engine.no_grad():
                raise KeyError("inside")

        return error_of(fail), engine.is_grad_enabled()

    assert compare(scenario) == (KeyError, True)


def test_set_grad_enabled_holds_from_the_call_on():
    def scenario(engine):
        engine.set_grad_enabled(False)
        first = engine.is_grad_enabled()
        engine.set_grad_enabled(True)
        with engine.set_grad_enabled(False):
            second = engine.is_grad_enabled()
        return first, second, engine.is_grad_enabled()

    assert compare(scenario) == (False, False, True)


def test_decorators():
    def scenario(engine):
        @engine.no_grad()
        def inside(depth):
            return [engine.is_grad_enabled()] + (inside(depth - 1) if depth else [])

        @engine.no_grad
        def without_brackets():
            return engine.is_grad_enabled()

        @engine.set_grad_enabled(False)
        def by_choice():
            return engine.is_grad_enabled()

        after = engine.is_grad_enabled()
        with engine.no_grad():
            back = engine.enable_grad()(lambda: engine.is_grad_enabled())()
        return inside(2), without_brackets(), by_choice(), after, back, inside.__name__

    assert compare(scenario) == ([False] * 3, False, False, True, True, "inside")


def test_generator_functions():
    def scenario(engine):
        seen = []

        @engine.no_grad()
        def steps():
            try:
                received = yield engine.is_grad_enabled()
                seen.append((received, engine.is_grad_enabled()))
                yield engine.is_grad_enabled()
            except ValueError:
                seen.append(("thrown", engine.is_grad_enabled()))
                yield "caught"
            finally:
                seen.append(("end", engine.is_grad_enabled()))

        run = steps()
        seen.append((next(run), engine.is_grad_enabled()))
        seen.append((run.send(5), engine.is_grad_enabled()))
        seen.append(run.throw(ValueError()))
        run.close()
        seen.append(engine.is_grad_enabled())
        return seen, list(steps())

    compare(scenario)


def test_a_leaf_made_under_no_grad_may_require_grad():
    def scenario(engine):
        with engine.no_grad():
            x = engine.leaf(1.0)
            y = x * 2
            y.requires_grad_()
        (y * 3).backward()
        return x.grad, y.grad, y.is_leaf

    assert compare(scenario) == (None, [3.0], True)


def test_backward_works_under_no_grad():
    def scenario(engine):
        x = engine.leaf(1.0)
        y = x * x
        with engine.no_grad():
            y.backward()
        return x.grad

    assert compare(scenario) == [2.0]


def test_the_switch_is_one_for_both_engines():
    with torch.no_grad():
        assert not (OURS.leaf(1.0) * 2).requires_grad
    with OURS.no_grad():
        assert not (torch.ones(1, requires_grad=True) * 2).requires_grad


def in_thread(run):
    """Run a function in a thread of its own, to its end."""
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_each_thread_has_its_own_switch():
    def scenario(engine):
        seen = []
        with engine.no_grad():
            in_thread(lambda: seen.append(engine.is_grad_enabled()))
        in_thread(lambda: engine.set_grad_enabled(False))
        return seen, engine.is_grad_enabled()

    assert compare(scenario) == ([True], True)


def test_several_threads_add_to_one_leaf():
    def scenario(engine):
        x = engine.leaf(1.0)

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

    assert compare(scenario) == [400.0]
