"""torch.compile traces forward, our backward and an update as one graph."""

import pytest
import torch
import torch.nn.functional as F

from helpers.autograd import Tensor
from helpers.autograd.graph.saved_tensors import Packed

BATCH, INPUTS, HIDDEN, CLASSES = 8, 5, 4, 3


def step(weights, x, y):
    """Forward, backward, and one update of gradient descent; returns the loss."""
    w1, b1, w2 = (Tensor(each, requires_grad=True) for each in weights)
    hidden = F.linear(Tensor(x), w1, b1).relu() * 0.5
    loss = F.cross_entropy(torch.mm(hidden * hidden, w2), y)
    loss.backward()
    for raw, leaf in zip(weights, (w1, b1, w2), strict=True):
        raw.sub_(leaf.grad.data, alpha=0.1)
    return loss.data


def start():
    """The same weights and batch each time."""
    torch.manual_seed(0)
    shapes = [(HIDDEN, INPUTS), (HIDDEN,), (HIDDEN, CLASSES)]
    weights = [torch.randn(each) for each in shapes]
    return weights, torch.randn(BATCH, INPUTS), torch.randint(CLASSES, (BATCH,))


@pytest.mark.parametrize("hooks_were_used", [False, True])
def test_a_step_is_one_graph_with_equal_results(hooks_were_used, monkeypatch):
    monkeypatch.setattr(Packed, "is_used", hooks_were_used)
    torch._dynamo.reset()
    plain, compiled = start(), start()
    run = torch.compile(step, fullgraph=True, backend="eager")
    for _ in range(3):
        torch.testing.assert_close(run(*compiled), step(*plain), rtol=0, atol=0)
    torch.testing.assert_close(compiled[0], plain[0], rtol=0, atol=0)
