"""Products, convolutions, pools, normalisation and losses in the ways users call them.

Each line is an expression, computed by torch and by our engine. `t` is a tensor of the
shape that is named above the lines; the other letters are what it is combined with.
"""

import warnings

import pytest
import torch
import torch.nn.functional as F

from helpers import autograd
from tests.engines import Sample, compare_gradients

DOUBLE = {"dtype": torch.float64}
CLASSES = torch.tensor([1, 0, 3])

PRODUCTS = """
    t @ t.t(); RAW @ t.t(); t @ RAW.t(); t.matmul(t[0]); t[0] @ t.t(); t[0] @ t[1]
    torch.matmul(t, other=t.t()); torch.einsum("ij,kj->ik", t, RAW)
    torch.einsum("ij,kj", [t, RAW]); torch.einsum(RAW, [0, 1], t, [2, 1], [0, 2])
    torch.einsum("...j,...j->...", t, t); torch.einsum("ii->i", t @ t.t())
    torch.einsum("ij->", t); torch.einsum("ij,ij,ij->j", t, t, RAW)
    torch.einsum(t, [..., 0], t, [..., 0], [...])
    torch.tensordot(t, RAW, 2); torch.tensordot(RAW, t, dims=([0], [0]))
    F.linear(t, RAW); F.linear(RAW, t, t[:, 0]); F.linear(t[0], RAW, RAW[:, 0])
    F.linear(t.reshape(1, 3, 4), RAW); F.linear(t, RAW[0]); torch.ger(t[0], t[1])
    torch.linalg.matrix_power(t @ t.t(), 3); torch.trace(t @ t.t()); torch.kron(t, RAW)
    (t @ t.t()).addmm_(t, t.t(), beta=0.5); t.mm(RAW.t()).inverse()
"""
IMAGES = """
    F.conv2d(t, RAW, padding="same"); F.conv2d(t, RAW, padding="valid")
    F.conv2d(t, RAW[:, :, :, :2], padding="same", dilation=2)
    F.conv2d(t[0], RAW, RAW[0, 0, 0, :2], stride=(2, 1), padding=1)
    F.conv2d(t, RAW[:, :1], groups=2); F.conv1d(t[0], t[1])
    F.conv_transpose2d(t, RAW, stride=2, padding=1, output_padding=1, dilation=2)
    F.conv_transpose1d(t[0], t.flatten(0, 1)); F.fold(t.reshape(2, 8, 4), (3, 3), 2)
    F.unfold(t, 2, padding=1, stride=2); F.max_pool2d(t, 2, 1, return_indices=True)[0]
    F.max_pool2d(t[0], 2, ceil_mode=True); torch.max_pool2d(t, 2); F.max_pool1d(t[0], 2)
    F.avg_pool2d(t, 2, 1, 1, count_include_pad=False)
    F.adaptive_avg_pool2d(t, (None, 2))
    F.adaptive_max_pool2d(t, 3); F.adaptive_avg_pool1d(t[0], 1)
    F.batch_norm(t, None, None, training=True); F.instance_norm(t)
    F.batch_norm(t, torch.zeros(2, **DOUBLE), torch.ones(2, **DOUBLE), t[0, 0, 0, :2])
    F.lp_pool2d(t, 2, 2); F.lp_pool1d(t[0], 2.0, 2, 1); F.gumbel_softmax(t, 0.5, dim=1)
    F.gumbel_softmax(t, hard=True); F.lp_pool3d(t, 2, 2); F.alpha_dropout(t, 0.3, True)
    F.interpolate(t, scale_factor=2, mode="bicubic", antialias=True)
    F.interpolate(t, (3, 5), mode="area"); F.pixel_shuffle(t.reshape(1, 4, 4, 4), 2)
    F.scaled_dot_product_attention(t, t, t, RAW.mean() * t[0, 0])
    F.scaled_dot_product_attention(t, t * 2, t, t[0, 0].exp())
    F.scaled_dot_product_attention(t[0], t[1], t[0], is_causal=True, scale=0.3)
    F.scaled_dot_product_attention(t, t, t, torch.ones(4, 4).tril(-1).bool())
    (t * 1).renorm_(2, 0, 1.0); (t * 1).logit_(0.1); (t * 1).i0_()
    (t * 1).scatter_reduce_(0, t.detach().long() * 0, t, "amax")
    F.layer_norm(t, (4, 4), t[0, 0], t[0, 1]); F.group_norm(t, 2, t[0, 0, 0, :2])
    F.normalize(t, dim=-1); F.cosine_similarity(t, RAW.mean(), dim=-1)
"""
LOSSES = """
    F.cross_entropy(t, CLASSES); F.cross_entropy(t[0], CLASSES[0])
    F.cross_entropy(t, CLASSES, ignore_index=3, label_smoothing=0.1)
    F.cross_entropy(t, CLASSES, weight=RAW[0].exp(), reduction="sum")
    F.cross_entropy(t, RAW.softmax(1))
    F.cross_entropy(t, t.softmax(1), reduction="none")
    F.cross_entropy(t, CLASSES, size_average=False)
    F.nll_loss(t, CLASSES, reduce=False)
    F.mse_loss(t, RAW); F.mse_loss(RAW, t, reduction="sum"); F.mse_loss(t, RAW[0])
    F.mse_loss(t, RAW, size_average=False); F.mse_loss(t, RAW, reduce=False)
    F.mse_loss(t, RAW, weight=RAW.exp()); F.l1_loss(t, RAW, reduction="none")
    F.smooth_l1_loss(t, RAW, beta=0.5); F.huber_loss(t, RAW, delta=0.5)
    F.binary_cross_entropy(t.sigmoid(), RAW.sigmoid(), weight=RAW[0].exp())
    F.binary_cross_entropy_with_logits(t, RAW.sigmoid(), pos_weight=RAW[0].exp())
    F.kl_div(t.log_softmax(1), RAW.softmax(1), reduction="batchmean")
    F.kl_div(t.log_softmax(1), t.log_softmax(0), reduction="sum", log_target=True)
    F.dropout(t, 0.3); F.dropout(t, 0.0); F.dropout(t, 1.0)
    F.dropout(t, training=False)
    F.dropout(t * 1, 0.3, inplace=True); F.dropout1d(t, 0.5)
    F.embedding(CLASSES[:2], t[:, :2].reshape(6, 1)); F.embedding(CLASSES, t.t(), 3)
    F.embedding(CLASSES, t.t().contiguous(), padding_idx=-1)
"""


def expressions(text, shape, weight):
    """Expressions with the shapes of `t` and of RAW."""
    lines = text.strip().replace("\n", ";").split(";")
    return [(each.strip(), shape, weight) for each in lines]


@pytest.mark.parametrize(
    "text, shape, weight",
    expressions(PRODUCTS, (3, 4), (3, 4))
    + expressions(IMAGES, (2, 2, 4, 4), (2, 2, 3, 3))
    + expressions(LOSSES, (3, 4), (3, 4)),
)
def test_calls_give_torchs_gradients(text, shape, weight):
    torch.manual_seed(0)
    leaf = torch.randn(shape, **DOUBLE).requires_grad_()
    names = {**globals(), "RAW": torch.randn(weight, **DOUBLE)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compare_gradients(Sample(eval(f"lambda t: {text}", names), (leaf,), {}))


def network(images, classes, parameters, state):
    """Convolution, batch norm, relu, pool, linear, cross-entropy: a loss."""
    kernels, scale, shift, weight, bias = parameters
    features = F.conv2d(images, kernels, padding=1)
    features = F.batch_norm(features, *state, scale, shift, training=True)
    features = F.max_pool2d(F.relu(features), 2).flatten(1)
    return F.cross_entropy(F.linear(features, weight, bias), classes)


def test_a_small_network_has_torchs_gradients_to_the_last_bit(one_thread):
    torch.manual_seed(0)
    images, classes = torch.randn(8, 1, 8, 8), torch.randint(10, (8,))
    shapes = (4, 1, 3, 3), (4,), (4,), (10, 64), (10,)
    raws = [torch.randn(shape) for shape in shapes]
    states = [[torch.zeros(4), torch.ones(4)] for _ in range(2)]
    theirs = [raw.clone().requires_grad_() for raw in raws]
    ours = [autograd.tensor(raw, requires_grad=True) for raw in raws]
    wanted = network(images, classes, theirs, states[0])
    found = network(images, classes, ours, states[1])
    wanted.backward()
    found.backward()
    assert torch.equal(found.data, wanted)
    for own, his in zip(ours, theirs, strict=True):
        assert torch.equal(own.grad.data, his.grad)
    for own, his in zip(*states, strict=True):
        assert torch.equal(own, his)


def names_of(loss):
    """The names of the nodes on the first path from a loss to a leaf."""
    node, names = loss.grad_fn, []
    while node is not None:
        names.append(node.name())
        node = next((each for each, _ in node.next_functions if each), None)
    return names


def test_cross_entropy_is_two_nodes_with_torchs_names():
    raw = torch.randn(3, 4)
    ours = F.cross_entropy(autograd.tensor(raw, requires_grad=True), CLASSES)
    theirs = F.cross_entropy(raw.clone().requires_grad_(), CLASSES)
    assert names_of(ours)[:2] == ["NllLossBackward0", "LogSoftmaxBackward0"]
    assert [name.split("::")[-1] for name in names_of(theirs)][:2] == names_of(ours)[:2]


def test_embedding_max_norm_shortens_the_rows_of_the_table_in_place():
    raw = torch.randn(5, 3)
    ours, theirs = autograd.tensor(raw.clone()), raw.clone()
    found = F.embedding(CLASSES, ours, max_norm=0.5)
    wanted = F.embedding(CLASSES, theirs, max_norm=0.5)
    assert torch.equal(found.data, wanted)
    assert torch.equal(ours.data, theirs)


@pytest.mark.parametrize("option", ["scale_grad_by_freq", "sparse"])
def test_embedding_options_give_torchs_gradients(option):
    raw, indices = torch.randn(5, 3), torch.tensor([1, 3, 1])
    ours = autograd.tensor(raw, requires_grad=True)
    theirs = raw.clone().requires_grad_()
    for table in (ours, theirs):
        F.embedding(indices, table, **{option: True}).sum().backward()
    assert torch.equal(ours.grad.data.to_dense(), theirs.grad.to_dense())
    assert ours.grad.data.is_sparse == theirs.grad.is_sparse


def test_dropout_draws_torchs_random_numbers():
    raw = torch.randn(100)
    torch.manual_seed(3)
    wanted = F.dropout(raw, 0.4)
    torch.manual_seed(3)
    assert torch.equal(F.dropout(autograd.tensor(raw), 0.4).data, wanted)


@pytest.mark.parametrize("call", [
    lambda t: F.conv2d(t, torch.ones(1, 2, 2, 2), stride=2, padding="same"),
    lambda t: F.conv2d(t, torch.ones(1, 2, 2, 2), padding="other"),
    lambda t: F.conv2d(t, torch.ones(1, 3, 2, 2)),
    lambda t: F.dropout(t, 2.0),
    lambda t: F.group_norm(t, 3),
    lambda t: F.batch_norm(t[:1, :, :1, :1], None, None, training=True),
    lambda t: F.mse_loss(t, t, reduction="other"),
    lambda t: F.binary_cross_entropy(t, t[0]),
    lambda t: F.cross_entropy(t, torch.ones(3, 4, 4).long()),
    lambda t: t @ torch.ones(3, 3),
    lambda t: F.linear(t, torch.ones(2, 3)),
])  # fmt: skip
def test_what_torch_refuses_is_refused_with_its_exception(call):
    raw = torch.ones(2, 2, 4, 4)
    with pytest.raises(Exception) as torchs:
        call(raw)
    with pytest.raises(type(torchs.value)):
        call(autograd.tensor(raw, requires_grad=True))
