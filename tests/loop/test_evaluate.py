"""Figures that weigh as their samples do, and a model that measuring leaves alone."""

import copy

import pytest
import torch
from torch import nn

from helpers.loop.train import evaluate, fit
from tests.loop.test_fit import CRITERION, INPUTS, TARGETS, batches, new_model


def test_losses_weigh_as_their_samples_do():
    model = new_model().eval()
    still = torch.optim.SGD(model.parameters(), lr=0.0)
    model[2].p = 0.0
    history = fit(model, batches(10), CRITERION, still)
    whole = evaluate(model, [(INPUTS, TARGETS)], CRITERION)
    assert history.loss[0] == pytest.approx(whole.loss, rel=1e-6)
    assert history.accuracy[0] == whole.accuracy
    assert evaluate(model, batches(10), CRITERION).loss == pytest.approx(whole.loss)
    summed = nn.CrossEntropyLoss(reduction="sum")
    assert evaluate(model, batches(10), summed).loss == pytest.approx(whole.loss)


def test_targets_that_are_no_classes_have_no_accuracy():
    model = nn.Linear(4, 1)
    data = [(INPUTS, INPUTS[:, :1])]
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    history = fit(model, data, nn.MSELoss(), sgd, validation=data)
    assert history.accuracy == history.validation_accuracy == []
    assert evaluate(model, data, nn.MSELoss()).accuracy is None


def test_evaluating_leaves_modes_gradients_and_buffers():
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Dropout())
    model.train()
    model[1].eval()  # frozen, as users do
    state = copy.deepcopy(model.state_dict())
    first = evaluate(model, batches(), CRITERION)
    assert first == evaluate(model, batches(), CRITERION)  # no dropout
    assert [m.training for m in model] == [True, False, True] and model.training
    assert all(
        torch.equal(state[key], value) for key, value in model.state_dict().items()
    )
    assert all(p.grad is None for p in model.parameters())
    with pytest.raises(RuntimeError):
        evaluate(model, [(INPUTS[:, :2], TARGETS)], CRITERION)
    assert [m.training for m in model] == [True, False, True]


def test_evaluating_records_nothing_for_backward():
    recorded = []

    def criterion(outputs, targets):
        recorded.append(outputs.requires_grad)
        return CRITERION(outputs, targets)

    evaluate(new_model(), batches(), criterion)
    assert recorded == [False] * 5
