"""fit in bfloat16: by its argument, and within a block of the user's own."""

from contextlib import nullcontext

import pytest
import torch
from torch.nn.utils import clip_grad_norm_

from helpers import nn, optim
from helpers.loop.train import evaluate, fit
from tests.loop.test_fit import CRITERION, INPUTS, TARGETS, batches, bits, new_model

EPOCHS = 3


def autocast():
    return torch.autocast("cpu", torch.bfloat16)


def new_run():
    model = new_model()
    return model, torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)


def written_out(scaler=None):
    """The loop as PyTorch documents it; the model, and its last evaluation."""
    model, optimizer = new_run()
    data = batches()
    for _ in range(EPOCHS):
        for inputs, targets in data:
            optimizer.zero_grad()
            with autocast():
                loss = CRITERION(model(inputs), targets)
            scaler.scale(loss).backward() if scaler else loss.backward()
            if scaler:
                scaler.unscale_(optimizer)
            clip_grad_norm_(model.parameters(), 1.0)
            if scaler:
                scaler.step(optimizer)
                scaler.update()
            else:
                optimizer.step()
    with autocast():
        return model, evaluate(model, [(INPUTS, TARGETS)], CRITERION)


WAYS = {
    "argument": (nullcontext, {"autocast": torch.bfloat16}),
    "block": (autocast, {}),
    "both": (autocast, {"autocast": torch.bfloat16}),
}


@pytest.mark.parametrize("accumulate", [1, 2])
@pytest.mark.parametrize("is_scaled", [False, True])
@pytest.mark.parametrize("block, options", WAYS.values(), ids=WAYS)
def test_it_is_the_loop_written_out(block, options, is_scaled, accumulate):
    def scaler():
        return torch.amp.GradScaler("cpu", init_scale=8.0) if is_scaled else None

    model, optimizer = new_run()
    given = dict(validation=[(INPUTS, TARGETS)], clip_norm=1.0, accumulate=accumulate)
    with block():
        history = fit(
            model, batches(), CRITERION, optimizer, EPOCHS, scaler=scaler(),
            **given, **options,
        )  # fmt: skip
    if accumulate == 1:
        wanted, found = written_out(scaler())
        assert bits(model) == bits(wanted)
        assert history.validation_loss[-1] == found.loss
    plain, optimizer = new_run()
    loss = fit(plain, batches(), CRITERION, optimizer, EPOCHS, **given).loss
    assert bits(model) != bits(plain)
    assert history.loss == pytest.approx(loss, rel=0.02)


def test_a_model_of_ours_computes_in_bfloat16_too():
    torch.default_generator.manual_seed(0)
    model = nn.Sequential(nn.Linear(INPUTS.shape[1], 8), nn.ReLU(), nn.Linear(8, 3))
    seen = []
    model.register_forward_hook(lambda m, a, output: seen.append(output.data.dtype))
    history = fit(
        model, batches(), nn.CrossEntropyLoss(), optim.SGD(model.parameters(), 0.1), 3,
        autocast=torch.bfloat16,
    )  # fmt: skip
    assert set(seen) == {torch.bfloat16}
    assert {each.data.dtype for each in model.parameters()} == {torch.float32}
    assert history.loss[-1] < history.loss[0]
