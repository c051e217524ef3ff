"""The worked solutions are right because training with PyTorch says so."""

from itertools import permutations

import pytest
import torch

from helpers.autograd import tensor
from helpers.exercises.chapter_00 import e1_calls, e2_orders, e3_sgd_step
from helpers.exercises.chapter_02 import (
    e1_leaves,
    e2_descend,
    e3_sum_back,
    e4_softmax,
    e5_scale_gradient,
)
from helpers.exercises.chapter_03 import e1_raising
from helpers.exercises.chapter_03.e2_two_heads import exercise as e2_two_heads
from helpers.exercises.chapter_03.e4_hessian import exercise as e4_hessian
from tests import exercise_walks as walks


def train_in_order(order, batches=4):
    """Run the four lines in this order over some batches; give the parameters."""
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 1, dtype=torch.float64)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss = None
    for _ in range(batches):
        inputs = torch.randn(5, 3, dtype=torch.float64)
        for line in order:
            if line == "zero_grad":
                optimizer.zero_grad()
            elif line == "forward":
                loss = (model(inputs) - inputs.sum(1, keepdim=True)).square().mean()
            elif line == "backward":
                loss.backward()
            else:
                optimizer.step()
    return torch.cat([p.detach().flatten() for p in model.parameters()])


@pytest.mark.parametrize("order", list(permutations(e2_orders.LINES)), ids="-".join)
def test_orders_that_train_are_those_the_solution_names(order):
    standard = train_in_order(e2_orders.LINES)
    try:
        same = torch.equal(train_in_order(order), standard)
    except (RuntimeError, AttributeError):  # no loss yet, or its graph is used up
        same = False
    assert e2_orders.trains(order) == same


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_step_by_hand_is_torchs_to_the_bit(dtype):
    torch.manual_seed(0)
    ours = [torch.randn(4, 3, dtype=dtype, requires_grad=True) for _ in range(3)]
    theirs = [p.detach().clone().requires_grad_() for p in ours]
    for p, q in list(zip(ours, theirs, strict=True))[:2]:  # the third has no gradient
        p.grad = torch.randn_like(p)
        q.grad = p.grad.clone()
    e3_sgd_step.sgd_step(ours, 0.1)
    torch.optim.SGD(theirs, lr=0.1).step()
    assert all(torch.equal(p, q) for p, q in zip(ours, theirs, strict=True))


def test_counted_calls_are_those_of_a_loop_that_counts():
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 4, gamma=0.5)
    count = dict.fromkeys(e1_calls.CALLS, 0)
    for _ in range(12):
        for _ in range(0, 1437, 128):
            optimizer.zero_grad()
            optimizer.step()
            count["zero_grad"] += 1
            count["step"] += 1
        count["lr in the last epoch"] = optimizer.param_groups[0]["lr"]
        scheduler.step()
        count["scheduler.step"] += 1
    assert count == e1_calls.CALLS


def test_the_tensors_with_a_gradient_are_those_the_solution_names():
    has_gradient = {
        name: each.is_leaf and each.grad is not None
        for name, each in e1_leaves.run_lines().items()
    }
    assert has_gradient == e1_leaves.HAS_GRADIENT


def test_descent_is_sgds():
    targets = torch.tensor([1.0, 2.0], dtype=torch.float64)
    ours, theirs = (walks.parameter(5.0, -1.0) for _ in range(2))
    e2_descend.descend(ours, targets, 0.1, 3)
    optimizer = torch.optim.SGD([theirs], lr=0.1)
    walks.descend(optimizer, theirs, lambda x: (x - targets).square().sum(), steps=3)
    assert torch.allclose(ours, theirs, rtol=1e-15)


@pytest.mark.parametrize("result, shape", e3_sum_back.SHAPES)
def test_summed_back_is_the_gradient_of_a_broadcast(result, shape):
    leaf = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    grad = torch.randn(result, dtype=torch.float64)
    leaf.expand(result).backward(grad)
    assert torch.allclose(e3_sum_back.sum_back(grad, shape), leaf.grad, rtol=1e-14)


@pytest.mark.parametrize("size", [(3,), (2, 4), (2, 3, 5)])
def test_the_rule_of_softmax_is_torchs(size):
    x = torch.randn(size, dtype=torch.float64, requires_grad=True)
    grad = torch.randn(size, dtype=torch.float64)
    out = x.softmax(-1)
    out.backward(grad)
    ours = e4_softmax.softmax_rule(grad, out.detach())
    assert torch.allclose(ours, x.grad, rtol=1e-12)


def test_gradcheck_refuses_a_scaled_gradient_and_not_an_unscaled_one():
    def scaled_by(factor):
        return lambda x: e5_scale_gradient.ScaleGradient.apply(x, factor)

    x = torch.randn(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(scaled_by(1.0), x)
    assert not torch.autograd.gradcheck(scaled_by(-1.0), x, raise_exception=False)


@pytest.mark.parametrize("make", [torch.tensor, tensor])
@pytest.mark.parametrize("line", e1_raising.RAISING)
def test_the_lines_that_raise_are_those_the_solution_names(line, make):
    names = {"x": make([0.5, 1.0], requires_grad=True) * 1.0}
    exec(line, names)
    try:
        names["y"].sum().backward()
        raised = False
    except RuntimeError as error:
        raised = "inplace operation" in str(error)
    assert raised == e1_raising.RAISING[line]


def test_two_heads_fill_the_trunk_as_in_torch():
    trunks = [make([0.5, -1.0], requires_grad=True) for make in (torch.tensor, tensor)]
    for trunk in trunks:
        e2_two_heads.two_heads(trunk, lambda f: (f * f).sum(), lambda f: (f * 3).sum())
    assert torch.allclose(trunks[0].grad, trunks[1].grad.data)


@pytest.mark.parametrize("function, point, vector", e4_hessian._functions())
def test_hessian_times_is_torchs_hvp(function, point, vector):
    ours = e4_hessian.hessian_times(
        function, tensor(point, requires_grad=True), tensor(vector)
    )
    arguments = torch.tensor(point), torch.tensor(vector)
    theirs = torch.autograd.functional.hvp(function, *arguments)[1]
    assert torch.allclose(ours.data, theirs, rtol=1e-5)
