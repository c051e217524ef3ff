"""ShardedOptimizer on 2 and 4 real processes: bits of one optimizer, an n-th each."""

import copy

import pytest
import torch
from torch import nn

from helpers import nn as our_nn
from helpers import optim
from helpers.parallel import DataParallel, ParallelError, ShardedOptimizer
from tests.parallel.models import (
    TINY,
    close,
    loss_of,
    network,
    numbers,
    part,
    same,
    samples,
    train,
)
from tests.parallel.ranks import on_ranks

BATCHES = [samples(16, seed) for seed in range(3)]
METHODS = [
    (library, name, options)
    for library in (optim, torch.optim)
    for name, options in [
        ("SGD", dict(lr=0.1, momentum=0.9)),
        ("Adam", dict(lr=0.01, amsgrad=True)),
        ("AdamW", dict(lr=0.01, foreach=True)),
        ("Adagrad", dict(lr=0.01)),
        ("RMSprop", dict(lr=0.01, centered=True)),
        ("Adafactor", dict(lr=0.01)),
        ("RAdam", dict(lr=0.01)),
    ]
]


def equal_layers(dtype=torch.float64):
    """Eight parameters of one size, so that they can be dealt out evenly."""
    torch.manual_seed(0)
    return nn.Sequential(*[nn.Linear(4, 4, bias=False) for _ in range(8)]).to(dtype)


def elements_of(state):
    """How many numbers the state holds, counts of steps left out."""
    tensors = [
        value for each in state.values() for k, value in each.items() if k != "step"
    ]
    return sum(each.numel() for each in tensors if isinstance(each, torch.Tensor))


def over_ranks(number, here):
    """That number of every rank."""
    found = [None] * here.size
    torch.distributed.all_gather_object(found, number)
    return found


@on_ranks(2, 4)
def test_the_parameters_are_those_of_one_optimizer_to_the_bit(here):
    for library, name, options in METHODS:
        method = getattr(library, name)
        one, many = network(), network()
        train(one, method(one.parameters(), **options), BATCHES)
        train(many, ShardedOptimizer(many.parameters(), method, **options), BATCHES)
        same(numbers(many), numbers(one))


@on_ranks(2, 4)
def test_muon_is_dealt_out_by_whole_matrices(here):
    one, many = equal_layers(), equal_layers()
    data = [(x, torch.cat([y, x[:, :1]], 1)) for x, y in BATCHES]
    train(one, optim.Muon(one.parameters(), lr=0.01), data)
    train(many, ShardedOptimizer(many.parameters(), optim.Muon, lr=0.01), data)
    same(numbers(many), numbers(one))


@on_ranks(2, 4)
def test_each_rank_keeps_an_nth_of_the_state(here):
    data = [(x, torch.cat([y, x[:, :1]], 1)) for x, y in BATCHES]
    for library in (optim, torch.optim):
        model = equal_layers()
        whole = library.Adam(model.parameters())
        train(model, whole, data)
        optimizer = ShardedOptimizer(model.parameters(), library.Adam)
        train(model, optimizer, data)
        assert elements_of(whole.state) == 2 * 8 * 16
        assert elements_of(optimizer.state) == 2 * 8 * 16 // here.size
    uneven = ShardedOptimizer(network().parameters(), optim.Adam)
    found = over_ranks(uneven.shares.elements, here)
    assert found == [found[0]] * here.size and sum(found[0]) == 139
    assert max(found[0]) <= max(64, -(-139 // here.size) + 32)


@on_ranks(2, 4)
def test_with_data_parallel_it_is_one_process_with_the_big_batch(here):
    whole, model = network(), DataParallel(network(), **TINY)
    train(whole, optim.AdamW(whole.parameters(), lr=0.01), BATCHES)
    optimizer = ShardedOptimizer(model.parameters(), optim.AdamW, lr=0.01)
    train(model, optimizer, [part(here, *each) for each in BATCHES])
    close(numbers(model), numbers(whole))


@on_ranks(2)
def test_our_parameters_are_moved_too(here):
    def layers():
        torch.manual_seed(0)
        return our_nn.Sequential(our_nn.Linear(4, 8), our_nn.Linear(8, 3)).double()

    one, many = layers(), layers()
    train(one, optim.Adam(one.parameters()), BATCHES)
    train(many, ShardedOptimizer(many.parameters(), optim.Adam), BATCHES)
    same(numbers(many), numbers(one))


@on_ranks(2)
def test_groups_keep_their_options_and_can_be_added(here):
    one, many = network(), network()
    optimizers = []
    for model, build in ((one, optim.SGD), (many, sharded_sgd)):
        groups = [
            {"params": model[0].named_parameters(), "lr": 0.01, "momentum": 0.5},
            {"params": model[2].named_parameters()},
        ]
        optimizers.append(build(groups, lr=0.1))
        train(model, optimizers[-1], BATCHES)
        optimizers[-1].add_param_group(
            {"params": model[4].named_parameters(), "lr": 0.2}
        )
        train(model, optimizers[-1], BATCHES)
    same(numbers(many), numbers(one))
    plain, dealt = optimizers
    rates = [[group["lr"] for group in each.param_groups] for each in (plain, dealt)]
    assert rates == [[0.01, 0.1, 0.2]] * 2
    assert dealt.param_groups[0]["param_names"] == ["weight", "bias"]


def sharded_sgd(params, **options):
    return ShardedOptimizer(params, optim.SGD, **options)


@on_ranks(2)
def test_schedulers_work_on_it(here):
    for library in (optim, torch.optim):
        models = [network(), network()]
        for model, is_sharded in zip(models, (False, True), strict=True):
            build = library.SGD
            options = dict(lr=0.1, momentum=0.9)
            parameters = model.parameters()
            optimizer = (
                ShardedOptimizer(parameters, build, **options)
                if is_sharded
                else build(parameters, **options)
            )
            scheduler = library.lr_scheduler.OneCycleLR(optimizer, 0.3, total_steps=9)
            for batch in BATCHES * 3:
                train(model, optimizer, [batch])
                scheduler.step()
        same(numbers(models[1]), numbers(models[0]))


@on_ranks(2, 4)
def test_gradients_are_clipped_by_the_norm_of_all(here):
    for norm_type in (2.0, 1.0, 3.5, float("inf")):
        for max_norm in (0.01, 100.0):
            one, many = network(), network()
            optimizer = ShardedOptimizer(many.parameters(), optim.SGD, lr=0.1)
            for model in (one, many):
                loss_of(model, *BATCHES[0]).backward()
            expected = nn.utils.clip_grad_norm_(one.parameters(), max_norm, norm_type)
            found = optimizer.clip_grad_norm_(max_norm, norm_type)
            close(found, expected)
            assert len(set(over_ranks(found.item(), here))) == 1
            for a, b in zip(many.parameters(), one.parameters(), strict=True):
                close(a.grad, b.grad)


@on_ranks(2, 4)
def test_its_state_is_that_of_one_optimizer(here):
    one, many = network(), network()
    whole = torch.optim.AdamW(one.parameters(), lr=0.01)
    optimizer = ShardedOptimizer(many.parameters(), torch.optim.AdamW, lr=0.01)
    train(one, whole, BATCHES)
    train(many, optimizer, BATCHES)
    with pytest.raises(RuntimeError, match="has only its share of the state"):
        optimizer.state_dict()
    optimizer.consolidate_state_dict(to=1)
    if here.rank != 1:
        with pytest.raises(RuntimeError, match="call consolidate_state_dict"):
            optimizer.state_dict()
    else:
        saved, expected = optimizer.state_dict(), whole.state_dict()
        same(saved["state"], expected["state"])
        assert saved["param_groups"] == expected["param_groups"]
        another = torch.optim.AdamW(one.parameters())
        another.load_state_dict(saved)
        same(another.state_dict()["state"], expected["state"])
    train(many, optimizer, BATCHES)
    with pytest.raises(RuntimeError, match="since the last step"):
        optimizer.state_dict()


@on_ranks(2, 4)
def test_it_goes_on_with_the_state_of_one_optimizer(here):
    for library in (optim, torch.optim):
        one, many = network(), network()
        whole = library.Adam(one.parameters(), lr=0.01)
        train(one, whole, BATCHES)
        many.load_state_dict(one.state_dict())
        optimizer = ShardedOptimizer(many.parameters(), library.Adam, lr=0.5)
        optimizer.load_state_dict(copy.deepcopy(whole.state_dict()))
        assert optimizer.param_groups[0]["lr"] == 0.01
        assert len(optimizer.state) < len(whole.state)
        for model, each in ((one, whole), (many, optimizer)):
            train(model, each, BATCHES)
        same(numbers(many), numbers(one))


@on_ranks(2)
def test_a_state_that_does_not_fit_is_refused(here):
    optimizer = ShardedOptimizer(network().parameters(), optim.Adam)
    shorter = optim.Adam(list(network().parameters())[:4]).state_dict()
    with pytest.raises(ValueError, match="doesn't match the size"):
        optimizer.load_state_dict(shorter)
    with pytest.raises(KeyError, match="has no 'param_groups'"):
        optimizer.load_state_dict({"weight": torch.ones(1)})


@on_ranks(4)
def test_there_may_be_more_ranks_than_parameters(here):
    for library in (optim, torch.optim):
        weight = nn.Parameter(torch.ones(3))
        optimizer = ShardedOptimizer([weight], library.Adam, lr=0.5)
        for _ in range(2):
            weight.grad = torch.ones(3)
            optimizer.clip_grad_norm_(1.0)
            optimizer.step()
        torch.testing.assert_close(weight.data, torch.zeros(3))
        optimizer.consolidate_state_dict()
        if here.rank == 0:
            assert optimizer.state_dict()["state"][0]["step"] == 2


@on_ranks(2)
def test_what_can_not_be_dealt_out_is_refused(here):
    for library in (optim, torch.optim):
        with pytest.raises(ValueError, match="LBFGS takes all parameters as one vec"):
            ShardedOptimizer(network().parameters(), library.LBFGS)
    with pytest.raises(ValueError, match="Invalid learning rate"):
        ShardedOptimizer(network().parameters(), optim.SGD, lr=-1.0)
    parameters = list(network().parameters())
    with pytest.raises(ParallelError, match="rank 1 has 5 parameters of the optimizer"):
        ShardedOptimizer(parameters[here.rank :], optim.SGD)


@on_ranks(2)
def test_a_closure_is_called_once_and_the_rest_is_an_optimizer(here):
    model = network()
    optimizer = ShardedOptimizer(model.parameters(), optim.SGD, lr=0.1)
    calls = []

    def closure():
        calls.append(1)
        optimizer.zero_grad()
        loss = loss_of(model, *BATCHES[0])
        loss.backward()
        return loss

    first, second = optimizer.step(closure), optimizer.step(closure)
    assert second < first and len(calls) == 2
    assert isinstance(optimizer, torch.optim.Optimizer)
    optimizer.zero_grad(set_to_none=False)
    assert all((p.grad == 0).all() for p in model.parameters())
    optimizer.zero_grad()
    assert all(p.grad is None for p in model.parameters())


class Counting(optim.SGD):
    """Notes in its groups how often it stepped, as some methods do."""

    def step(self, closure=None):
        for group in self.param_groups:
            group["steps"] = group.get("steps", 0) + 1
        return super().step(closure)


@on_ranks(2)
def test_what_a_method_notes_in_its_groups_is_kept(here):
    model = network()
    optimizer = ShardedOptimizer(model.parameters(), Counting, lr=0.1)
    train(model, optimizer, BATCHES)
    assert optimizer.param_groups[0]["steps"] == 3
