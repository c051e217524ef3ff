"""DataParallel on 2 and 4 real processes: equal to one process, and to torch's DDP."""

import copy
from functools import reduce

import pytest
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.checkpoint import checkpoint

from helpers import nn as ours
from helpers.parallel import DataParallel, ParallelError
from helpers.parallel.bucket import Bucket
from tests.parallel.models import (
    TINY,
    close,
    gradients,
    loss_of,
    network,
    numbers,
    part,
    same,
    samples,
    train,
)
from tests.parallel.ranks import on_ranks


@on_ranks(2, 4)
def test_ranks_together_are_one_process_with_the_big_batch(here):
    batches = [samples(16, seed) for seed in range(5)]
    whole = network()
    train(whole, torch.optim.SGD(whole.parameters(), lr=0.1, momentum=0.9), batches)
    model = DataParallel(network(seed=here.rank), **TINY)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    train(model, optimizer, [part(here, *each) for each in batches])
    close(numbers(model), numbers(whole))


@on_ranks(2, 4)
def test_it_is_torch_s_to_the_bit(here):
    """For two ranks; for four the order of sums depends on where a number lies."""
    agree = same if here.size == 2 else close
    batches = [part(here, *samples(16, seed)) for seed in range(5)]
    theirs = DistributedDataParallel(network())
    train(theirs, torch.optim.Adam(theirs.parameters()), batches)
    for sizes in ({}, TINY):
        model = DataParallel(network(), **sizes)
        train(model, torch.optim.Adam(model.parameters()), batches)
        agree(numbers(model), numbers(theirs))


@on_ranks(2)
def test_sums_without_rounding_are_torch_s_to_the_bit(here):
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        inputs, targets = part(here, *samples(16, dtype=dtype))
        theirs = DistributedDataParallel(network(dtype=dtype))
        loss_of(theirs, inputs, targets).backward()
        model = DataParallel(network(dtype=dtype))
        loss_of(model, inputs, targets).backward()
        same(gradients(model), gradients(theirs))


@on_ranks(2, 4)
def test_every_rank_begins_with_the_numbers_of_rank_0(here):
    model = nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3)).double()
    model = model.to(memory_format=torch.channels_last)
    model.register_buffer("flags", torch.tensor([True, False]))
    with torch.no_grad():
        for each in [*model.parameters(), *model.buffers()]:
            each.fill_(here.rank + 1)
    DataParallel(model)
    for each in [*model.parameters(), *model.buffers()]:
        assert (each == torch.ones_like(each)).all()


@on_ranks(2)
def test_complex_and_mixed_dtypes_are_averaged(here):
    model = nn.Module()
    for place, dtype in enumerate((torch.complex128, torch.float32, torch.float64)):
        model.register_parameter(f"p{place}", nn.Parameter(torch.ones(3, dtype=dtype)))
    model.forward = lambda: sum((p.abs() ** 2).sum() for p in model.parameters())
    wrapped = DataParallel(model)
    (wrapped() * (1 + here.rank)).backward()
    for each in model.parameters():
        assert each.grad.tolist() == [3.0] * 3


@on_ranks(2, 4)
def test_our_modules_are_averaged_too(here):
    inputs, targets = samples(8)
    theirs = network()
    loss_of(theirs, inputs, targets).backward()
    model = ours.Sequential(
        *(ours.Linear(4, 8), ours.Tanh(), ours.Linear(8, 8)),
        *(ours.Tanh(), ours.Linear(8, 3)),
    ).double()
    model.load_state_dict(theirs.state_dict())
    if here.rank:
        model[0].weight.data.zero_()
    wrapped = DataParallel(model, **TINY)
    for _ in range(2):
        wrapped.zero_grad()
        loss_of(wrapped, *part(here, inputs, targets)).backward()
        close(gradients(model), gradients(theirs))


@on_ranks(2)
def test_shared_parameters_are_averaged_once(here):
    def tied():
        model = network()
        back = nn.Linear(3, 8, bias=False).double()
        back.weight = nn.Parameter(torch.eye(8, 3, dtype=torch.float64))
        return model.extend([back, model[2], model[4]])

    whole, model = tied(), tied()
    assert len(list(model.parameters())) == 7
    inputs, targets = samples(8)
    loss_of(whole, inputs, targets).backward()
    wrapped = DataParallel(model, **TINY)
    loss_of(wrapped, *part(here, inputs, targets)).backward()
    close(gradients(model), gradients(whole))


@on_ranks(2)
def test_frozen_parameters_stay_out(here):
    model = network()
    model[0].requires_grad_(False)
    wrapped = DataParallel(model)
    loss_of(wrapped, *part(here, *samples(8))).backward()
    assert model[0].weight.grad is None
    model[2].requires_grad_(False)  # later, too
    wrapped.zero_grad()
    loss_of(wrapped, *part(here, *samples(8))).backward()
    assert model[2].weight.grad is None and model[4].weight.grad is not None


class Branches(nn.Module):
    """Layers of which a call uses some; the outputs of each."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(2, 1, bias=False) for _ in range(4))

    def forward(self, used):
        return [self.layers[place](torch.ones(1, 2)).sum() for place in used]


@on_ranks(2, 4)
def test_unused_parameters(here):
    """As torch's with find_unused_parameters: None where no rank has a gradient."""
    used = [0, 1] if here.rank == 0 else [0]
    theirs = DistributedDataParallel(Branches(), find_unused_parameters=True)
    model = DataParallel(Branches(), **TINY)
    for _ in range(2):
        for each in (theirs, model):
            each.zero_grad()
            sum(each(used)).backward()
        first, second, *rest = [p.grad for p in model.parameters()]
        assert first.tolist() == [[1.0, 1.0]]
        assert second.tolist() == [[1 / here.size] * 2]
        assert rest == [None, None]
        for a, b in zip(model.parameters(), theirs.parameters(), strict=True):
            assert (a.grad is None) == (b.grad is None)
            assert a.grad is None or torch.equal(a.grad, b.grad)


@on_ranks(2)
def test_unused_outputs(here):
    model = DataParallel(Branches(), **TINY)
    outputs = model([0, 1, 2, 3])
    outputs[here.rank].backward()
    found = [p.grad for p in model.parameters()]
    assert found[0].tolist() == found[1].tolist() == [[0.5, 0.5]]
    assert found[2] is None and found[3] is None


@on_ranks(2)
def test_two_backward_passes_of_one_forward_add_up(here):
    inputs, targets = samples(8)
    whole = network()
    (3 * loss_of(whole, inputs, targets)).backward()
    model = DataParallel(network(), **TINY)
    loss = loss_of(model, *part(here, inputs, targets))
    loss.backward(retain_graph=True)
    (2 * loss).backward()
    close(gradients(model), gradients(whole))


@on_ranks(2)
def test_activations_may_be_checkpointed(here):
    inputs, targets = samples(8)
    whole = network()
    loss_of(whole, inputs, targets).backward()
    for reentrant in (True, False):
        module = network()
        first, *rest = module
        module.forward = lambda x, first=first, rest=rest, reentrant=reentrant: reduce(
            lambda x, layer: checkpoint(layer, x, use_reentrant=reentrant),
            rest,
            first(x),
        )
        model = DataParallel(module, **TINY)
        loss_of(model, *part(here, inputs, targets)).backward()
        close(gradients(model), gradients(whole))


@on_ranks(2, 4)
def test_sending_begins_before_backward_has_ended(here):
    """Of torch's modules and of ours: a layer's bucket leaves before the next layer."""
    for kind in (nn, ours):
        events = events_of_backward(here, kind)
        sent = [each for each in events if each.startswith("bucket")]
        assert sent == ["bucket 0", "bucket 1", "bucket 2", "bucket 3"]
        assert events.index("bucket 0") < events.index("into layer 2")
        assert events.index("bucket 1") < events.index("into layer 1")


def events_of_backward(here, kind):
    """What happens, in its order: gradients into layers' inputs, buckets that leave."""
    events, launch = [], Bucket.launch

    class Noting(kind.Module):
        """Passes its input on, and notes when backward has its gradient."""

        def __init__(self, layer):
            super().__init__()
            self.layer = layer

        def forward(self, inputs):
            inputs.register_hook(
                lambda gradient: events.append(f"into layer {self.layer}")
            )
            return inputs

    def note_and_launch(bucket):
        events.append(bucket.words[: len("bucket 0")])
        launch(bucket)

    parts = [kind.Linear(4, 8)]
    for layer, width in ((1, 8), (2, 8), (3, 3)):
        parts += [Noting(layer), kind.Linear(8, width)]
    model = DataParallel(kind.Sequential(*parts).double(), **TINY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bucket, "launch", note_and_launch)
        loss_of(model, *part(here, *samples(8))).backward()
    return events


@on_ranks(2)
def test_buckets_hold_what_was_asked_for(here):
    class Wide(nn.Module):
        def __init__(self):
            super().__init__()
            self.parts = nn.ParameterList(torch.zeros(2**17) for _ in range(120))

    model = DataParallel(Wide())  # 0.5 MiB each
    assert [len(b.parameters) for b in model._reducer.buckets] == [2, 50, 50, 18]
    assert model._reducer.buckets[0].parameters[0] is model.module.parts[119]


@on_ranks(2)
def test_a_call_without_gradients_sends_nothing(here):
    model = DataParallel(nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)))
    if here.rank == 0:
        with torch.no_grad():
            model(torch.ones(5, 4))
            model.module(torch.ones(5, 4))


@on_ranks(2)
def test_batch_norm_is_each_rank_s_own_as_in_torch(here):
    def normalised():
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)).double()

    batches = [samples(8, seed) for seed in range(3)]
    parts = [part(here, *each) for each in batches]
    whole, theirs = normalised(), DistributedDataParallel(normalised())
    model = DataParallel(normalised())
    for each, data in ((whole, batches), (theirs, parts), (model, parts)):
        train(each, torch.optim.SGD(each.parameters(), lr=0.1), data)
    same(numbers(model), numbers(theirs))
    assert (numbers(model) - numbers(whole)).abs().max() > 1e-3  # not the big batch
    same(list(model.buffers()), list(theirs.buffers()))
    model.sync_buffers()
    means = [torch.zeros(3, dtype=torch.float64) for _ in range(2)]
    torch.distributed.all_gather(means, model.module[1].running_mean)
    same(means[0], means[1])


@on_ranks(2)
def test_buffers_may_be_left_to_each_rank(here):
    module = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)).double()
    model = DataParallel(module, broadcast_buffers=False)
    alone = copy.deepcopy(module)
    for each in (model, model, alone, alone):
        loss_of(each, *part(here, *samples(8))).backward()
    same(list(module.buffers()), list(alone.buffers()))


@on_ranks(2)
def test_clipping_after_backward_is_by_the_norm_of_all(here):
    inputs, targets = samples(8)
    whole, model = network(), DataParallel(network())
    loss_of(whole, inputs, targets).backward()
    loss_of(model, *part(here, inputs, targets)).backward()
    norms = [nn.utils.clip_grad_norm_(m.parameters(), 0.1) for m in (whole, model)]
    close(norms[1], norms[0])
    close(gradients(model), gradients(whole))


@on_ranks(2)
def test_it_can_be_taken_off(here):
    model = network()
    assert DataParallel(model).unwrap() is model
    loss_of(model, *part(here, *samples(8))).backward()
    mine = gradients(model)
    assert not model[0].weight._post_accumulate_grad_hooks
    model.zero_grad()
    loss_of(DataParallel(model), *part(here, *samples(8))).backward()
    assert not torch.equal(mine, gradients(model))


@on_ranks(2)
def test_the_module_answers_for_the_rest(here):
    model = DataParallel(network())
    assert list(model.state_dict()) == list(network().state_dict())
    assert not model.eval().training
    with pytest.raises(AttributeError, match="nothing"):
        _ = model.nothing


@on_ranks(2)
def test_what_backward_raises_is_raised_and_then_told(here):
    model = DataParallel(network())

    def refuse(gradient):
        raise KeyError("mine")

    handle = model.module[0].bias.register_hook(refuse)
    with pytest.raises(KeyError, match="mine"):
        loss_of(model, *samples(4)).backward()
    handle.remove()
    with pytest.raises(ParallelError, match="broke off after 0 of 1 buckets"):
        model(samples(4)[0])
