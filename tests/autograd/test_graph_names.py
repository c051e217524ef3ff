"""The graph of a small network, printed on both engines."""

import pytest
import torch
import torch.nn.functional as F

from tests.engines import compare


def lines(node, depth=0):
    """The nodes below one, each with its depth and the output that the edge is from."""
    found = []
    for each, index in node.next_functions:
        name = each and each.name().removeprefix("torch::autograd::")
        found.append((depth, name, index))
        if each is not None:
            found += lines(each, depth + 1)
    return found


def network(x, w, b, v):
    """Two layers, and a loss."""
    hidden = torch.tanh(torch.addmm(b, x, w))
    return F.cross_entropy(torch.mm(hidden, v), torch.tensor([0, 1]))


PROGRAMS = {
    "arithmetic": lambda x, w, b, v: (x * 2 * x + x.exp()).mean(),
    "network": network,
    "activations": lambda x, w, b, v: (x.relu() + x.sigmoid() + F.gelu(x)).sum(),
    "matrices": lambda x, w, b, v: (x.mm(w.t()) + b).softmax(1).prod(),
    "shapes": lambda x, w, b, v: torch.cat(
        [x.view(-1), w.reshape(9), b[None].flatten()]
    ).unbind()[1],
    "pieces": lambda x, w, b, v: x.unbind(1)[2] * x.split(2, 1)[1].squeeze(),
    "indexing": lambda x, w, b, v: x[0, 1:].max() + x[:, torch.tensor([0, 0])].amax(),
    "where": lambda x, w, b, v: torch.where(x > 0, x, w[:1]).abs().var(),
    "numbers": lambda x, w, b, v: (1 - x**2) / (2**x + 1) - x % 2,
    "bounds": lambda x, w, b, v: torch.lerp(x.clamp(0, 1), x.clamp_min(0), 0.5),
    "arrays for numbers": lambda x, w, b, v: x.pow(x).lerp(x, x.detach()) % x,
    "masks": lambda x, w, b, v: x.masked_fill(x > 0, 2.0) + x.masked_fill(x > 0, b[0]),
    "pools": lambda x, w, b, v: F.avg_pool2d(x[None], 2) + F.max_pool2d(x[None], 2),
    "mse": lambda x, w, b, v: F.mse_loss(x.mm(w), x),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_chain_reads_as_torchs(name):
    def scenario(engine):
        torch.manual_seed(0)
        shapes = [(2, 3), (3, 3), (3,), (3, 4)]
        leaves = [
            engine.tensor(torch.randn(each), requires_grad=True) for each in shapes
        ]
        result = PROGRAMS[name](*leaves)
        return result.grad_fn.name(), lines(result.grad_fn)

    compare(scenario)


def test_a_layer_without_bias_is_a_product():
    def scenario(engine):
        x, w = (engine.tensor(torch.ones(2, 2), requires_grad=True) for _ in range(2))
        node = F.linear(x, w).grad_fn
        with_bias = F.linear(x, w, w[0]).grad_fn
        counts = len(node.next_functions), len(with_bias.next_functions)
        return node.name(), with_bias.name(), counts

    assert compare(scenario) == ("MmBackward0", "AddmmBackward0", (2, 3))


def test_a_node_keeps_notes():
    def scenario(engine):
        node = (engine.tensor([1.0], requires_grad=True) * 2).grad_fn
        node.metadata["seen"] = 1
        return node.metadata

    assert compare(scenario) == {"seen": 1}


def test_a_result_prints_its_node():
    def scenario(engine):
        x = engine.tensor([1.0, 2.0], requires_grad=True)
        kept = [100 * x, x, x.sum(), x.max(0).values, x.detach(), x.double() * 1]
        return [repr(each) for each in kept]

    assert compare(scenario)[0] == "tensor([100., 200.], grad_fn=<MulBackward0>)"
