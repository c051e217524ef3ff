"""Leaves: who is one, whose .grad is filled, and what may be done to it."""

import copy
import pickle

import pytest
import torch

from helpers.autograd import tensor
from tests.engines import compare, error_of, warning_classes_of


def test_gradients_add_up_in_leaves_only():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        still = engine.tensor([5.0], dtype=torch.float64)
        y = 100 * x * still
        before = x.grad
        y.sum().backward(retain_graph=True)
        once = x.grad.tolist()
        y.sum().backward()
        return before, once, x.grad, still.grad, x.is_leaf, y.is_leaf, still.is_leaf

    assert compare(scenario)[:3] == (None, [500.0, 500.0], [1000.0, 1000.0])


def test_the_second_gradient_is_added_in_place():
    def scenario(engine):
        x = engine.leaf(1.0)
        (x * 2).backward()
        first = x.grad
        (x * 3).backward()
        same = x.grad is first
        x.grad = None
        (x * 4).backward()
        return same, first, x.grad, x.grad is first

    assert compare(scenario) == (True, [5.0], [4.0], False)


def test_two_leaves_do_not_share_one_gradient():
    def scenario(engine):
        x, y = engine.leaf(1.0), engine.leaf(2.0)
        (x + y).backward()
        x.grad.mul_(10)
        return x.grad, y.grad

    assert compare(scenario) == ([10.0], [1.0])


def test_a_given_gradient_stays_the_givers():
    def scenario(engine):
        x = engine.leaf(1.0)
        given = engine.tensor([7.0], dtype=torch.float64)
        (x * 1).backward(given)
        x.grad.mul_(10)
        x.backward(given)
        return x.grad, given

    assert compare(scenario) == ([77.0], [7.0])


def test_asking_a_non_leaf_for_grad_warns():
    def scenario(engine):
        y = engine.leaf(1.0) * 2
        kept = engine.leaf(1.0) * 2
        kept.retain_grad()
        kept.retain_grad()
        (kept * 3).backward()
        quiet = (
            warning_classes_of(lambda: kept.grad),
            warning_classes_of(lambda: engine.leaf(1.0).grad),
        )
        return warning_classes_of(lambda: y.grad), quiet, kept.grad, kept.retains_grad

    assert compare(scenario) == ([UserWarning], ([], []), [3.0], True)


def test_what_can_not_require_grad():
    def scenario(engine):
        whole = engine.tensor([1, 2])
        y = engine.leaf(1.0) * 2
        return (
            error_of(lambda: whole.requires_grad_(), "floating point"),
            error_of(lambda: y.requires_grad_(False), "leaf variables"),
            error_of(lambda: engine.tensor([1.0]).retain_grad(), "requires_grad=False"),
            error_of(lambda: engine.tensor([True], requires_grad=True)),
        )

    assert compare(scenario) == (RuntimeError,) * 4


def test_requires_grad_can_be_assigned():
    def scenario(engine):
        x = engine.tensor([1.0])
        x.requires_grad = True
        (x * 2).backward()
        x.requires_grad = False
        return x.grad, (x * 2).requires_grad

    assert compare(scenario) == ([2.0], False)


def test_a_leaf_that_requires_grad_is_not_changed_in_place():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)

        def assign():
            x[0] = 5

        errors = [
            error_of(lambda: x.add_(1), "a leaf Variable that requires grad"),
            error_of(lambda: x[:1].mul_(2), "a view of a leaf Variable"),
            error_of(assign, "a view of a leaf Variable"),
        ]
        with engine.no_grad():
            x.add_(1)
        return errors, x, x.is_leaf, x.requires_grad

    assert compare(scenario)[0] == [RuntimeError] * 3


@pytest.mark.parametrize("value", [3.0, "none", [1.0]])
def test_grad_is_a_tensor_or_none(value):
    def scenario(engine):
        x = engine.leaf(1.0)
        return error_of(lambda: setattr(x, "grad", value))

    assert compare(scenario) is TypeError


def test_grad_fits_its_tensor():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        shape = engine.tensor([1.0], dtype=torch.float64)
        dtype = engine.tensor([1.0, 2.0], dtype=torch.float32)
        fitting = engine.tensor([3.0, 4.0], dtype=torch.float64)
        errors = [
            error_of(lambda g=g: setattr(x, "grad", g)) for g in (shape, dtype, x)
        ]
        x.grad = fitting
        (x * 1).sum().backward()
        return errors, x.grad

    assert compare(scenario) == ([RuntimeError] * 3, [4.0, 5.0])


def test_backward_needs_a_number_or_a_gradient():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = x * 2
        return (
            error_of(y.backward, "implicitly created only for scalar outputs"),
            error_of(engine.tensor([1.0]).backward, "does not require grad"),
            error_of(lambda: y.backward(engine.tensor([1.0])), "shape"),
            error_of(lambda: y.backward([1.0, 2.0])),
        )

    assert compare(scenario)[:3] == (RuntimeError,) * 3


def test_a_leaf_may_be_where_backward_starts():
    def scenario(engine):
        x = engine.leaf(3.0)
        x.backward()
        return x.grad

    assert compare(scenario) == [1.0]


def test_detach_shares_memory_and_cuts_the_history():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = x * 2
        cut = y.detach()
        cut.zero_()
        copied = y.clone()
        (y.detach() * 3 + copied).sum().backward()
        return y, cut.requires_grad, cut.is_leaf, x.grad

    assert compare(scenario)[0] == [0.0, 0.0]


def test_detach_in_place():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        y = x * 2
        z = y * 3
        y.detach_()
        z.sum().backward()
        view = (x * 2)[:1]
        return y.is_leaf, y.requires_grad, x.grad, error_of(view.detach_, "views")

    assert compare(scenario) == (True, False, [6.0, 6.0], RuntimeError)


def test_leaves_are_copied_and_pickled():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        (x * x).sum().backward()
        twin = copy.deepcopy(x)
        again = pickle.loads(pickle.dumps(x))
        with engine.no_grad():
            x.zero_()
        shown = [(t, t.requires_grad, t.is_leaf) for t in (twin, again)]
        refused = error_of(lambda: copy.deepcopy(x * 2), "created explicitly")
        return shown, twin.grad, refused

    assert compare(scenario)[2] is RuntimeError


def test_a_raw_tensor_that_requires_grad_is_refused():
    raw = torch.tensor([1.0], requires_grad=True)
    ours = tensor([2.0], requires_grad=True)
    for mix in (lambda: ours * raw, lambda: raw * ours, lambda: torch.add(ours, raw)):
        assert error_of(mix, "two engines", "detach") is RuntimeError
    assert (ours * raw.detach()).requires_grad
    with torch.no_grad():
        assert (ours * raw).tolist() == [2.0]


def test_a_function_without_a_rule_is_named():
    ours = tensor([[2.0]], requires_grad=True)
    error = error_of(
        lambda: torch.linalg.ldl_factor(ours), "linalg_ldl_factor", "Add one"
    )
    assert issubclass(error, NotImplementedError)
    error = error_of(lambda: ours.pin_memory, "Tensor.pin_memory", "Add one")
    assert issubclass(error, NotImplementedError)
