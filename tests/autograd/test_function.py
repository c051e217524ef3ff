"""Function: one class text, with ours and with torch's base class."""

import gc
import weakref

import pytest
import torch

from tests.engines import OURS, TORCHS, compare, error_of, warning_classes_of


def function(engine, forward, backward, **more):
    """A Function of either engine, from two functions."""
    methods = {"forward": forward, "backward": backward, **more}
    methods = {name: staticmethod(each) for name, each in methods.items()}
    return type("Square", (engine.Function,), methods).apply


def square(engine, backward=lambda x, gradient: 2 * x * gradient, keep=None):
    """x * x, with a backward that may be wrong."""

    def forward(ctx, x, *rest):
        ctx.save_for_backward(x)
        if keep is not None:
            keep.append(ctx)
        return x * x

    def run(ctx, gradient):
        return backward(*ctx.saved_tensors, gradient)

    return function(engine, forward, run)


def test_a_function_gives_the_gradient_of_its_backward():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = square(engine)(x)
        y.sum().backward()
        return y, x.grad, y.grad_fn.name(), y.requires_grad

    assert compare(scenario)[1] == [2.0, 4.0]


def test_backward_is_recorded_for_gradients_of_gradients():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = square(engine)(square(engine)(x)).sum()
        (first,) = engine.grad(y, x, create_graph=True)
        (second,) = engine.grad(first.sum(), x, create_graph=True)
        (third,) = engine.grad(second.sum(), x)
        return first, second, third

    assert compare(scenario) == ([4.0, 32.0], [12.0, 48.0], [24.0, 48.0])


def test_an_output_may_be_saved_and_differentiated_twice():
    def scenario(engine):
        def forward(ctx, x):
            out = x.exp()
            ctx.save_for_backward(out)
            return out

        def backward(ctx, gradient):
            return gradient * ctx.saved_tensors[0]

        x = engine.leaf(0.0, 1.0)
        y = function(engine, forward, backward)(x).sum()
        (first,) = engine.grad(y, x, create_graph=True)
        return first, engine.grad(first.sum(), x)[0]

    first, second = compare(scenario)
    assert first == second


def test_setup_context_is_the_second_form():
    def scenario(engine):
        def setup(ctx, inputs, output):
            x, factor = inputs
            ctx.factor = factor
            ctx.recording = engine.is_grad_enabled()

        def backward(ctx, gradient):
            return gradient * ctx.factor, None

        times = function(
            engine, lambda x, factor=3: x * factor, backward, setup_context=setup
        )
        x = engine.leaf(1.0)
        results = times(x), times(x, 5), times(x, 7)
        recording = results[0].grad_fn.recording
        sum(results).sum().backward()
        return x.grad, recording

    assert compare(scenario) == ([15.0], False)


def test_keywords_find_their_place_in_forward():
    def scenario(engine):
        def setup(ctx, inputs, output):
            ctx.factor = inputs[1]

        def backward(ctx, gradient):
            return gradient * ctx.factor, None

        forward = function(
            engine, lambda x, factor=3: x * factor, backward, setup_context=setup
        )
        x = engine.leaf(1.0)
        forward(x, factor=7).sum().backward()
        return x.grad

    # PyTorch 2.11's own apply takes no keywords.
    engines = [OURS] if torch.__version__.startswith("2.11.") else [OURS, TORCHS]
    assert compare(scenario, engines=engines) == [7.0]


def test_forward_works_with_recording_off_on_tensors_that_require_grad():
    def scenario(engine):
        seen = []

        def forward(ctx, x, k):
            y = x * 2
            seen.append((x.requires_grad, y.requires_grad, y.is_leaf))
            seen.append((ctx.needs_input_grad, ctx.saved_tensors))
            return y

        function(engine, forward, None)(engine.leaf(1.0), 3)
        return seen

    assert compare(scenario)[1] == ((True, False), ())


def test_vjp_is_another_name_for_backward():
    def scenario(engine):
        def vjp(ctx, gradient):
            return 5 * gradient

        base = type("Times", (engine.Function,), {
            "forward": staticmethod(lambda ctx, x: x * 5), "vjp": staticmethod(vjp),
        })  # fmt: skip
        x = engine.leaf(1.0)
        base.apply(x).backward()
        both = type("Both", (base,), {"backward": staticmethod(vjp)})
        return x.grad, error_of(lambda: both.apply(x).backward(), "not allowed")

    assert compare(scenario) == ([5.0], RuntimeError)


@pytest.mark.parametrize(
    ("backward", "words"),
    [
        (lambda x, g: (g, g), "returned an incorrect number of gradients"),
        (
            lambda x, g: (),
            "returned an incorrect number of gradients (expected 1, got 0)",
        ),
        (lambda x, g: 3.0, "expected Variable or None (got float)"),
        (lambda x, g: [g], "expected Variable or None (got list)"),
        (lambda x, g: g[:2], "got [2] but expected shape compatible with [3]"),
        (lambda x, g: g.to("meta"), "expected device cpu but got meta"),
    ],
)
def test_what_backward_may_not_return(backward, words):
    def scenario(engine):
        y = square(engine, backward)(engine.leaf(1.0, 2.0, 3.0)).sum()
        return error_of(y.backward, words)

    assert compare(scenario) is RuntimeError


@pytest.mark.parametrize(
    "backward",
    [
        lambda x, g: (g, None, None),
        lambda x, g: None,
        lambda x, g: g.expand(2, 3),
        lambda x, g: g.float(),
    ],
)
def test_what_backward_may_return(backward):
    def scenario(engine):
        x = engine.leaf(1.0, 2.0, 3.0)
        square(engine, backward)(x).sum().backward()
        return x.grad

    compare(scenario)


def test_a_gradient_for_what_is_no_tensor_is_an_error():
    def scenario(engine):
        y = square(engine, lambda x, g: (g, g))(engine.leaf(1.0), 2).sum()
        return error_of(y.backward, "gradient different than None at position 2")

    assert compare(scenario) is RuntimeError


def test_needs_input_grad_has_an_entry_for_each_argument():
    def scenario(engine):
        def backward(ctx, gradient):
            assert ctx.needs_input_grad == (True, False, False)
            return gradient, gradient, None

        add = function(engine, lambda ctx, x, y, k: x + y, backward)
        x, y = engine.leaf(1.0), engine.tensor([2.0])
        add(x, y, 3).backward()
        return x.grad, y.grad

    assert compare(scenario) == ([1.0], None)


def test_several_outputs_and_zeros_where_no_gradient_arrived():
    def scenario(engine, materialize):
        seen = []

        def forward(ctx, x):
            ctx.set_materialize_grads(materialize)
            return x * 2, "between", x.argmax(), x * 3

        def backward(ctx, *gradients):
            seen.append([None if g is None else (g, g.dtype) for g in gradients])
            return 2 * gradients[0]

        x = engine.leaf(1.0, 2.0)
        outputs = function(engine, forward, backward)(x)
        outputs[0].sum().backward()
        return seen, x.grad, outputs[1], outputs[2].requires_grad, outputs[3].output_nr

    assert compare(lambda engine: scenario(engine, True))[1] == [2.0, 2.0]
    assert compare(lambda engine: scenario(engine, False))[1] == [2.0, 2.0]


def test_an_output_marked_non_differentiable_passes_nothing_on():
    def scenario(engine):
        def forward(ctx, x):
            first, second = x * 2, x * 3
            ctx.mark_non_differentiable(second)
            return first, second

        def backward(ctx, one, other):
            assert other.tolist() == [0.0]
            return 2 * one

        x = engine.leaf(1.0)
        first, second = function(engine, forward, backward)(x)
        (first + second).backward()
        return x.grad, second.requires_grad, second.is_leaf

    assert compare(scenario) == ([2.0], False, True)


def doubled(engine):
    """A Function that doubles its input in place."""

    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x.mul_(2)

    return function(engine, forward, lambda ctx, gradient: 2 * gradient)


def test_a_dirty_input_is_returned_with_a_new_history():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = x * 3
        z = doubled(engine)(y)
        z.sum().backward()
        return z is y, y, x.grad, y.grad_fn.name()

    assert compare(scenario) == (True, [6.0, 12.0], [6.0, 6.0], "SquareBackward")


def test_a_dirty_view_changes_the_history_of_what_it_looks_into():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = x * 3
        doubled(engine)(y[:1])
        y.sum().backward()
        return y, x.grad

    assert compare(scenario) == ([6.0, 6.0], [6.0, 3.0])


def test_what_mark_dirty_refuses():
    def scenario(engine):
        def lost(ctx, x):
            ctx.mark_dirty(x)
            return x * 2

        def made(ctx, x):
            y = x * 2
            ctx.mark_dirty(y)
            return y

        x = engine.leaf(1.0)
        return (
            error_of(lambda: doubled(engine)(x), "a leaf Variable that requires grad"),
            error_of(lambda: function(engine, lost, None)(x * 1), "marked as dirty"),
        )

    assert compare(scenario) == (RuntimeError, RuntimeError)

    def marked(ctx, x):
        y = x * 2
        ctx.mark_dirty(y)
        return y

    run = function(OURS, marked, None)
    assert warning_classes_of(lambda: run(OURS.leaf(1.0))) == [UserWarning]


def test_an_input_that_is_returned_becomes_another_tensor():
    def scenario(engine):
        same = function(engine, lambda ctx, x: x, lambda ctx, gradient: 5 * gradient)
        x = engine.leaf(1.0)
        y = same(x)
        y.backward()
        with engine.no_grad():
            unrecorded = same(x)
        change = error_of(lambda: same(x * 1).add_(1), "is being modified inplace")
        return y is x, y.is_leaf, x.grad, unrecorded.requires_grad, change

    assert compare(scenario) == (False, False, [5.0], False, RuntimeError)


def test_only_tensors_can_be_saved():
    def scenario(engine):
        def forward(ctx, x):
            ctx.save_for_backward(x, None, 3)
            return x

        run = function(engine, forward, None)
        return error_of(lambda: run(engine.leaf(1.0)), "can only save variables")

    assert compare(scenario) is TypeError


def test_saved_tensors_are_freed_and_watched():
    def scenario(engine):
        x, kept = engine.leaf(1.0), []
        y = square(engine, keep=kept)(x).sum()
        y.backward(retain_graph=True)
        y.backward()
        freed = (
            error_of(y.backward, "second time"),
            error_of(lambda: kept[0].saved_tensors, "second time"),
        )
        z = square(engine)(x).sum()
        with engine.no_grad():
            x.add_(1)
        return (
            freed,
            error_of(z.backward, "modified by an inplace", "version 1"),
            x.grad,
        )

    assert compare(scenario)[2] == [4.0]


def test_a_missing_forward_or_backward_is_named():
    def scenario(engine):
        x = engine.leaf(1.0)
        nothing = type("Nothing", (engine.Function,), {})
        half = function(engine, lambda ctx, x: x * 2, None)
        half = type("Half", (engine.Function,), {
            "forward": staticmethod(lambda ctx, x: x * 2)
        })  # fmt: skip
        return (
            error_of(lambda: nothing.apply(x), "implement the forward function"),
            error_of(half.apply(x).backward, "either the backward or vjp"),
            error_of(lambda: half.__call__(half.__new__(half), x), "Legacy"),
        )

    assert compare(scenario) == (NotImplementedError, NotImplementedError, RuntimeError)


def test_once_differentiable_forbids_the_second_derivative():
    def scenario(engine):
        class Once(engine.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * x

            @staticmethod
            @engine.once_differentiable
            def backward(ctx, gradient):
                return gradient * 2 * ctx.saved_tensors[0]

        x = engine.leaf(3.0)
        y = Once.apply(x) ** 2
        (first,) = engine.grad(y, x, create_graph=True)
        return first, error_of(first.backward, "differentiate twice", "once_diff")

    assert compare(scenario) == ([108.0], RuntimeError)


def test_hooks_hang_on_the_node_of_a_function():
    def scenario(engine):
        x, seen = engine.leaf(1.0), []
        y = square(engine)(x)
        y.grad_fn.register_prehook(lambda gradients: (3 * gradients[0],))
        y.grad_fn.register_hook(lambda ins, outs: seen.append((ins, outs)))
        y.register_hook(lambda gradient: gradient + 1)
        y.backward()
        return x.grad, seen

    assert compare(scenario)[0] == [12.0]


def test_a_finished_function_is_freed_without_the_garbage_collector():
    gc.disable()
    try:
        y = square(OURS)(square(OURS)(OURS.leaf(1.0))).sum()
        node = weakref.ref(y.grad_fn.next_functions[0][0])
        y.backward()
        del y
        assert node() is None
    finally:
        gc.enable()


def test_raw_tensors_are_welcome_unless_they_require_grad():
    run = square(OURS)
    assert run(torch.tensor([3.0])).tolist() == [9.0]
    wrong = torch.tensor([3.0], requires_grad=True)
    assert error_of(lambda: run(wrong), "two engines") is RuntimeError


def test_the_same_class_passes_gradcheck_on_both():
    for engine in (OURS, TORCHS):
        x = engine.leaf(1.0, -2.0)
        assert engine.gradcheck(square(engine), (x,))
        assert engine.gradgradcheck(square(engine), (x,))
