"""Averaged weights of modules of helpers.nn, beside torch's of its own."""

import copy

import pytest
import torch

from helpers import nn
from helpers.optim import swa

theirs = torch.optim.swa_utils


def both(build):
    """A model of torch's and one of ours, from the same seed."""
    made = []
    for library in (torch.nn, nn):
        torch.default_generator.manual_seed(0)
        made.append(build(library))
    return made


def net_with_norm(library):
    return library.Sequential(
        library.Linear(3, 4), library.BatchNorm1d(4), library.Linear(4, 1)
    )


AVERAGES = {
    "equal": {},
    "fading": {"multi_avg_fn": swa.get_ema_multi_avg_fn(0.5)},
    "fading, one by one": {"avg_fn": swa.get_ema_avg_fn(0.5)},
    "buffers too": {"use_buffers": True},
}


@pytest.mark.parametrize("options", AVERAGES.values(), ids=AVERAGES)
def test_a_model_of_ours_is_averaged_as_torchs(options):
    """Every part of a run: averages, statistics, files, modes, moves, looks."""
    found = []
    for place, model in zip((theirs, swa), both(net_with_norm), strict=True):
        average = place.AveragedModel(model, **options)
        for step in range(3):
            for number, each in enumerate(model.parameters()):
                each.data.add_(0.1 * (step + number))
            model(torch.full((2, 3), float(step)) + torch.eye(3)[:2])
            average.update_parameters(model)
        place.update_bn([torch.arange(12.0).reshape(4, 3)], average)
        answer = average.eval()(torch.ones(2, 3))
        modes = [each.training for each in average.modules()]
        state = copy.deepcopy(average.state_dict())
        again = place.AveragedModel(model, **options)
        missing = again.load_state_dict(state)
        again.requires_grad_(False).double()
        named = {n: p.requires_grad for n, p in again.named_parameters()}
        dtypes = [each.data.dtype for each in again.buffers()]
        assert repr(again).startswith(
            "AveragedModel(\n  (module): Sequential(\n    (0)"
        )
        found.append(
            [answer.data.tolist(), modes, named, dtypes, repr(missing),
             {name: each.tolist() for name, each in state.items()}, state._metadata,
             [name for name, _ in again.named_modules()]]
        )  # fmt: skip
    torchs, ours = found
    assert ours == torchs
    assert len(ours[5]) == 10  # the count, and all of the model


def test_files_of_averages_pass_between_both():
    model, own = both(net_with_norm)
    torchs, ours = theirs.AveragedModel(model), swa.AveragedModel(own)
    ours.module[0].weight.data.fill_(7.0)
    ours.n_averaged.fill_(3)
    torchs.load_state_dict(ours.state_dict())
    assert torchs.n_averaged == 3
    assert (torchs.module[0].weight == 7).all()
    torchs.module[0].weight.data.fill_(8.0)
    ours.load_state_dict(torchs.state_dict())
    assert (ours.module[0].weight.data == 8).all()
    state = torchs.state_dict()
    state["module.more"] = state.pop("module.2.bias")
    for average in (torchs, ours):
        with pytest.raises(RuntimeError) as caught:
            average.load_state_dict(state)
        for word in ('Missing key(s) in state_dict: "module.2.bias"', '"module.more"'):
            assert word in str(caught.value)
