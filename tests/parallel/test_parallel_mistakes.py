"""What DataParallel notices: ranks that differ, the raw module, a stale optimizer."""

import copy
import io
import warnings

import pytest
import torch
from torch import nn

from helpers import nn as ours
from helpers.parallel import DataParallel, ParallelError, start
from tests.parallel.models import loss_of, network, part, samples
from tests.parallel.ranks import on_ranks

DIFFERENT = [
    (lambda: nn.Linear(3, 2), "shape of 'weight' is (2, 3) on rank 1, and (2, 2)"),
    (lambda: nn.Linear(2, 2).double(), "dtype of 'weight' is torch.float64 on rank 1"),
    (lambda: nn.Linear(2, 2, bias=False), "rank 1 has 1 parameters and buffers and"),
    (lambda: nn.Sequential(nn.Linear(2, 2)), "name of '0.weight' is 0.weight on rank"),
]


@on_ranks(2, 4)
def test_ranks_with_other_modules_are_told_on_every_rank(here):
    for build, words in DIFFERENT:
        model = build() if here.rank == 1 else nn.Linear(2, 2)
        with pytest.raises(ParallelError) as raised:
            DataParallel(model)
        assert words in str(raised.value)


@on_ranks(2)
def test_other_buffers_are_told(here):
    model = nn.BatchNorm1d(2, track_running_stats=here.rank == 0)
    with pytest.raises(ParallelError, match="rank 1 has 2 parameters and buffers"):
        DataParallel(model)


@on_ranks(2)
def test_a_refused_module_can_be_wrapped_afterwards(here):
    model = nn.Linear(2 + here.rank, 2)
    with pytest.raises(ParallelError):
        DataParallel(model)
    again = nn.Linear(2, 2)
    if here.rank == 0:
        again = model
    DataParallel(again)


@on_ranks(2)
def test_the_raw_module_is_refused(here):
    for kind in (nn, ours):
        module = kind.Sequential(kind.Linear(4, 3), kind.Tanh())
        model = DataParallel(module)
        with pytest.raises(RuntimeError, match="call the DataParallel object"):
            module(torch.ones(2, 4))
        model(torch.ones(2, 4)).sum().backward()
        with torch.no_grad():
            module(torch.ones(2, 4))


@on_ranks(2)
def test_parts_called_themselves_are_averaged_too(here):
    """A method that isn't forward goes around the wrapper, and not around the hooks."""
    module = network()
    DataParallel(module)
    module[0](part(here, *samples(8))[0]).sum().backward()
    found = [torch.empty(8, 4, dtype=torch.float64) for _ in range(2)]
    torch.distributed.all_gather(found, module[0].weight.grad)
    assert torch.equal(*found)


@on_ranks(2)
def test_a_copy_of_the_module_is_free(here):
    model = DataParallel(network())
    for copied in (copy.deepcopy(model.module), pickled(model.module)):
        loss_of(copied, *samples(2)).backward()
        assert not copied[0].weight._post_accumulate_grad_hooks
    for refused in (copy.deepcopy, copy.copy):
        with pytest.raises(TypeError, match="copy wrapper.module"):
            refused(model)


def pickled(module):
    """A module that went through a file."""
    file = io.BytesIO()
    torch.save(module, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


@on_ranks(2)
def test_an_optimizer_built_before_stays_right(here):
    module = network(seed=here.rank)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    before = list(module.parameters())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = DataParallel(module, optimizer)
    assert all(a is b for a, b in zip(before, model.parameters(), strict=True))
    loss_of(model, *part(here, *samples(8))).backward()
    weight = module[0].weight.detach().clone()
    optimizer.step()
    assert not torch.equal(weight, module[0].weight)


@on_ranks(2)
def test_an_optimizer_of_other_parameters_is_told(here):
    module = network()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="holds 6 parameters, and none of the module"):
        DataParallel(copy.deepcopy(module), optimizer)
    module[4] = nn.Linear(8, 3).double()
    with pytest.warns(UserWarning, match="doesn't hold 4.weight, 4.bias") as told:
        model = DataParallel(module, [optimizer])
    assert told[0].filename == __file__
    model.unwrap()
    both = [optimizer, torch.optim.SGD(module[4].parameters(), lr=0.1)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        DataParallel(module, both)


@on_ranks(2)
def test_a_module_is_wrapped_once(here):
    module = network()
    model = DataParallel(module)
    for again, words in ((module, "it is"), (nn.Sequential(module), "its part 0 is")):
        with pytest.raises(ValueError, match=f"{words} wrapped in DataParallel alr"):
            DataParallel(again)
    DataParallel(model.unwrap())


@on_ranks(2)
def test_parameters_that_came_later_are_told(here):
    module = network()
    module[0].weight.requires_grad_(False)
    model = DataParallel(module)
    module[0].weight.requires_grad_(True)
    with pytest.raises(ParallelError, match="0.weight came or began to require grad"):
        model(samples(2)[0])
    module[0].weight.requires_grad_(False)
    model(samples(2)[0])
    module[2].bias = nn.Parameter(torch.zeros(8, dtype=torch.float64))
    with pytest.raises(ParallelError, match="2.bias came or began"):
        model(samples(2)[0])


@on_ranks(2)
def test_gradients_that_can_not_be_sent_are_told(here):
    sparse = DataParallel(nn.Embedding(5, 2, sparse=True))
    with pytest.raises(RuntimeError, match="gradient of weight is sparse"):
        sparse(torch.tensor([1])).sum().backward()
    model = DataParallel(network())
    with pytest.raises(RuntimeError, match="leave create_graph=True out"):
        loss_of(model, *samples(2)).backward(create_graph=True)


def test_arguments_that_make_no_sense_are_told():
    with start():
        with pytest.raises(ValueError, match="no parameter that requires grad"):
            DataParallel(nn.ReLU())
        for name in ("bucket_cap_mb", "first_bucket_cap_mb"):
            with pytest.raises(ValueError, match="a bucket of 0 MiB"):
                DataParallel(network(), **{name: 0})
    with pytest.raises(ValueError, match="timeout = 0; allowed"):
        start(timeout=0).__enter__()
    with pytest.raises(ValueError, match="rank = 1, size = None; allowed are all"):
        start(rank=1).__enter__()
