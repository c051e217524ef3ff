"""Functions of one's own and views: changed in place, returned, blamed."""

import pytest
import torch

from tests.engines import compare, error_of

START = torch.tensor([1.0, 2.0, 3.0, 4.0], dtype=torch.float64)


def changing(engine, change):
    """A Function that doubles its first argument in place, and reads a second."""

    class Double(engine.Function):
        @staticmethod
        def forward(ctx, x, y):
            change(x)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx, gradient):
            return gradient * 2, gradient.sum() * 5

    return Double.apply


def through_numpy(x):
    array = x.detach().numpy()
    array *= 2


CHANGES = {
    "recorded": lambda x: x.mul_(2),
    "through its data": lambda x: x.data.mul_(2),
    "behind the engine's back": through_numpy,
    "promised, and not done": lambda x: None,
}
TARGETS = {
    "the root": lambda root: root,
    "a view": lambda root: root[1:],
    "a view of a view": lambda root: root[1:][1:],
    "flat": lambda root: root.view(2, 2)[0],
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("target", TARGETS)
def test_what_a_function_changes_in_place_is_part_of_backward(change, target):
    def scenario(engine):
        x = engine.leaf_of(START)
        root = x * 3
        early, changed = root[:3], TARGETS[target](root)
        apply = changing(engine, CHANGES[change])
        same = apply(changed, x.sum()) is changed
        late = root[1:]
        (root.sum() + (early * early).sum() + (late * changed.sum()).sum()).backward()
        return same, x.grad, root.detach()

    compare(scenario)


def test_a_sibling_view_is_read_as_it_was_before_the_change():
    def scenario(engine):
        x = engine.leaf_of(START)
        root = x * 3
        changed, sibling = root[1:], root[:2]
        changing(engine, CHANGES["recorded"])(changed, sibling.sum())
        (root.sum() + changed.sum() + sibling.sum()).backward()
        return x.grad

    compare(scenario)


def test_a_view_without_gradient_gets_one_by_the_other_argument():
    def scenario(engine):
        x = engine.leaf_of(START)
        root = engine.tensor(START.clone())
        view = root[1:]
        changing(engine, CHANGES["recorded"])(view, x.sum())
        (root.sum() + (view * view).sum()).backward()
        return root.requires_grad, x.grad

    compare(scenario)


def test_what_is_marked_dirty_counts_as_changed_without_recording_too():
    def scenario(engine):
        root = engine.leaf_of(START) * 3
        apply = changing(engine, CHANGES["promised, and not done"])
        with engine.no_grad():
            apply(root, root.sum())
        return root._version

    assert compare(scenario) == 1


def returning(engine, outputs):
    class Made(engine.Function):
        @staticmethod
        def forward(ctx, x):
            return outputs(x)

        @staticmethod
        def backward(ctx, *gradients):
            return engine.tensor(torch.ones(4, dtype=torch.float64))

    return Made.apply


def under_no_grad(engine, take):
    def taken(x):
        with engine.no_grad():
            return take(x)

    return taken


WORDS = (
    "Output 0 of", "Output 1 of", "None", "no_grad mode", "view of a view", "multiple",
    "inside a custom Function", "is being", "its base or another",
)  # fmt: skip
VIEWS = {
    "of a Function": lambda e: returning(e, lambda x: x[1:]),
    "an input returned": lambda e: returning(e, lambda x: x),
    "of what a Function made": lambda e: returning(e, lambda x: (x * 2)[1:]),
    "one of two": lambda e: lambda x: returning(e, lambda x: (x[1:], x * 2))(x)[0],
    "second of two": lambda e: lambda x: returning(e, lambda x: (x * 2, x[1:]))(x)[1],
    "a piece": lambda e: lambda x: x.unbind()[0],
    "a second piece": lambda e: lambda x: x.split(2)[1],
    "under no_grad": lambda e: under_no_grad(e, lambda x: x[1:]),
    "a piece under no_grad": lambda e: under_no_grad(e, lambda x: x.unbind()[0]),
}
ROOTS = {
    "requires grad": lambda x: x * 1,
    "does not": lambda x: x.detach().clone(),
}


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("again", [False, True])
def test_a_view_that_may_not_be_changed_is_blamed_for_what_it_is(name, root, again):
    def said(function):
        try:
            function()
        except RuntimeError as error:
            return [word in str(error) for word in WORDS]

    def scenario(engine):
        x = engine.leaf_of(START)
        base = ROOTS[root](x)
        view = VIEWS[name](engine)(base)
        if again and root != "requires grad":
            view = view[...]
        direct = said(lambda: view.mul_(x.sum()))
        base.mul_(x)
        return direct, said(lambda: view.grad_fn)

    compare(scenario)


def test_an_input_that_is_returned_where_nothing_is_recorded_is_another_tensor():
    def scenario(engine):
        x = engine.leaf_of(START)
        passed_on = returning(engine, lambda x: x)
        found = []
        for tensor in (x, x * 1, x.detach()):
            with engine.no_grad():
                made = passed_on(tensor)
            found.append((made is tensor, made.requires_grad, made._base is tensor))
        return found, error_of(lambda: passed_on(x.detach()).mul_(x), "custom Function")

    compare(scenario)
