"""The worked solutions are right because training with PyTorch says so."""

from itertools import permutations

import pytest
import torch

from helpers.exercises.chapter_00 import calls, orders, sgd_step


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


@pytest.mark.parametrize("order", list(permutations(orders.LINES)), ids="-".join)
def test_orders_that_train_are_those_the_solution_names(order):
    standard = train_in_order(orders.LINES)
    try:
        same = torch.equal(train_in_order(order), standard)
    except (RuntimeError, AttributeError):  # no loss yet, or its graph is used up
        same = False
    assert orders.trains(order) == same


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_step_by_hand_is_torchs_to_the_bit(dtype):
    torch.manual_seed(0)
    ours = [torch.randn(4, 3, dtype=dtype, requires_grad=True) for _ in range(3)]
    theirs = [p.detach().clone().requires_grad_() for p in ours]
    for p, q in list(zip(ours, theirs, strict=True))[:2]:  # the third has no gradient
        p.grad = torch.randn_like(p)
        q.grad = p.grad.clone()
    sgd_step.sgd_step(ours, 0.1)
    torch.optim.SGD(theirs, lr=0.1).step()
    assert all(torch.equal(p, q) for p, q in zip(ours, theirs, strict=True))


def test_counted_calls_are_those_of_a_loop_that_counts():
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 4, gamma=0.5)
    count = dict.fromkeys(calls.CALLS, 0)
    for _ in range(12):
        for _ in range(0, 1437, 128):
            optimizer.zero_grad()
            optimizer.step()
            count["zero_grad"] += 1
            count["step"] += 1
        count["lr in the last epoch"] = optimizer.param_groups[0]["lr"]
        scheduler.step()
        count["scheduler.step"] += 1
    assert count == calls.CALLS
