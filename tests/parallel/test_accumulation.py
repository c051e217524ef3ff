"""Micro-batches and uneven batches on real processes: the mean of all samples."""

import pytest
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from helpers.parallel import DataParallel, ParallelError, loss_weights, until_all_end
from tests.parallel.models import (
    TINY,
    close,
    gradients,
    loss_of,
    network,
    numbers,
    part,
    samples,
    train,
)
from tests.parallel.ranks import on_ranks


def whole_gradient(*batches):
    """The gradient in one process, of all samples as one batch."""
    model = network()
    inputs, targets = zip(*batches, strict=True)
    loss_of(model, torch.cat(inputs), torch.cat(targets)).backward()
    return gradients(model)


@on_ranks(2, 4)
def test_micro_batches_are_averaged_at_the_last(here):
    batches = [samples(8, seed) for seed in range(3)]
    model = DataParallel(network(), **TINY)
    with model.no_sync():
        for batch in batches[:2]:
            (loss_of(model, *part(here, *batch)) / 3).backward()
    assert not agree(gradients(model), here)
    (loss_of(model, *part(here, *batches[2])) / 3).backward()
    close(gradients(model), whole_gradient(*batches))


def agree(vector, here):
    """Whether all ranks hold the same numbers."""
    found = [torch.empty_like(vector) for _ in range(here.size)]
    torch.distributed.all_gather(found, vector)
    return all(torch.equal(each, found[0]) for each in found)


@on_ranks(2)
def test_a_parameter_of_an_earlier_micro_batch_alone_is_averaged(here):
    model = network()
    wrapped = DataParallel(model, **TINY)
    first, second = samples(8, 1), samples(8, 2)
    whole = network()
    loss_of(whole, *first).backward()
    nothing = torch.zeros(8, 8, dtype=torch.float64)
    loss_of(whole[0], second[0], nothing).backward()
    with wrapped.no_sync():
        loss_of(wrapped, *part(here, *first)).backward()
    model.forward = lambda inputs: model[0](inputs)
    loss_of(wrapped, *part(here, second[0], nothing)).backward()
    close(gradients(model), gradients(whole))


@on_ranks(2)
def test_the_forward_pass_decides_as_in_torch(here):
    data = part(here, *samples(8))

    def forward_inside(model):
        with model.no_sync():
            loss = loss_of(model, *data)
        loss.backward()

    def backward_inside(model):
        loss = loss_of(model, *data)
        with model.no_sync():
            loss.backward()

    for run, averaged in ((forward_inside, False), (backward_inside, True)):
        theirs, model = DistributedDataParallel(network()), DataParallel(network())
        for each in (theirs, model):
            run(each)
            assert agree(gradients(each), here) == averaged
        close(gradients(model), gradients(theirs))


@on_ranks(2)
def test_the_last_micro_batch_inside_is_told(here):
    """The figures of a report: 4.0 and 7.0 on two ranks, where 5.5 was meant."""
    model = DataParallel(nn.Linear(1, 1, bias=False))
    optimizers = [
        torch.optim.SGD(model.parameters(), lr=0.1),
        torch.optim.AdamW(model.parameters(), lr=0.1, fused=True),
    ]
    micro_batches = [[1.0, 3.0], [2.0, 5.0]][here.rank]
    for is_right in (True, False):
        model.zero_grad()
        for place, value in enumerate(micro_batches):
            if is_right and place == 1:
                model(torch.tensor([[value]])).sum().backward()
            else:
                with model.no_sync():
                    model(torch.tensor([[value]])).sum().backward()
        found = model.module.weight.grad.item()
        assert found == (5.5 if is_right else [4.0, 7.0][here.rank])
        optimizers[is_right].step()
    with pytest.raises(ParallelError, match="never|stayed on this rank"):
        model(torch.ones(1, 1))


@on_ranks(2)
def test_gradients_thrown_away_are_no_mistake(here):
    model = DataParallel(network())
    data = part(here, *samples(8))
    with model.no_sync():
        loss_of(model, *data).backward()
    model.zero_grad()
    train(model, torch.optim.SGD(model.parameters(), lr=0.1), [data, data])
    assert agree(numbers(model), here)


@on_ranks(2)
def test_ten_and_two_samples_are_twelve(here):
    inputs, targets = samples(12)
    mine = slice(0, 10) if here.rank == 0 else slice(10, 12)
    model = DataParallel(network(), **TINY)
    [weight] = loss_weights([len(inputs[mine])])
    assert weight == [10 * 2 / 12, 2 * 2 / 12][here.rank]
    (weight * loss_of(model, inputs[mine], targets[mine])).backward()
    close(gradients(model), whole_gradient((inputs, targets)))
    model.zero_grad()
    loss_of(model, inputs[mine], targets[mine]).backward()
    wrong = (gradients(model) - whole_gradient((inputs, targets))).abs().max()
    assert wrong > 1e-3


@on_ranks(2, 4)
def test_uneven_micro_batches_weigh_as_their_samples(here):
    counts = [[7, 1], [2, 5], [1, 1], [3, 4]][here.rank]
    batches = [[samples(n, 10 * r + i) for i, n in enumerate(pair)]
               for r, pair in enumerate([[7, 1], [2, 5], [1, 1], [3, 4]])]  # fmt: skip
    model = DataParallel(network(), **TINY)
    first, last = loss_weights(counts)
    with model.no_sync():
        (first * loss_of(model, *batches[here.rank][0])).backward()
    (last * loss_of(model, *batches[here.rank][1])).backward()
    everything = [batch for pair in batches[: here.size] for batch in pair]
    close(gradients(model), whole_gradient(*everything))


@on_ranks(2, 4)
def test_ranks_go_on_until_the_last_has_ended(here):
    """Rank r has r + 1 batches of r + 2 samples."""
    batches = [[samples(r + 2, 10 * r + i) for i in range(r + 1)]
               for r in range(here.size)]  # fmt: skip
    model = DataParallel(network(), **TINY)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    steps = 0
    for batch in until_all_end(batches[here.rank]):
        optimizer.zero_grad()
        if batch is None:
            loss_weights([])
            model.sit_out()
        else:
            [weight] = loss_weights([len(batch[0])])
            (weight * loss_of(model, *batch)).backward()
        optimizer.step()
        steps += 1
    assert steps == here.size
    whole = network()
    together = [[torch.cat(each) for each in zip(*[b[i] for b in batches if i < len(b)],
                                                 strict=True)]
                for i in range(here.size)]  # fmt: skip
    train(whole, torch.optim.SGD(whole.parameters(), lr=0.1), together)
    close(numbers(model), numbers(whole))


@on_ranks(2)
def test_samples_of_nobody_have_no_weights(here):
    with pytest.raises(ValueError, match="0 on all ranks; allowed is one sample"):
        loss_weights([])
