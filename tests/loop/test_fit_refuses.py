"""What fit refuses, in sentences with three parts, and numbers that aren't finite."""

import math

import pytest
import torch
from torch import nn

from helpers.loop.train import evaluate, fit
from tests.loop.test_fit import CRITERION, INPUTS, TARGETS, bits

DATA = [(INPUTS, TARGETS)]


class Nothing:
    """A callback without a method that is ever called."""


def lbfgs(model):
    return torch.optim.LBFGS(model.parameters())


def sgd(model):
    return torch.optim.SGD(model.parameters(), lr=0.1)


WRONG = {
    "model is of type function; allowed is a module": dict(model=lambda x: x),
    "loader is of type generator; allowed is what each": dict(loader=(d for d in DATA)),
    "loader is of type int; allowed is what each epoch": dict(loader=5),
    "loader gives no batch; allowed is one batch or more": dict(loader=[]),
    "validation gives no batch; allowed is one batch": dict(validation=[]),
    "a batch of the loader is of type Tensor; allowed is a pa": dict(loader=[INPUTS]),
    "is a tuple of Tensor; allowed is a pair": dict(loader=[(INPUTS,)]),
    "is a list of Tensor, str; allowed is a pair": dict(loader=[[INPUTS, "a"]]),
    "is a tuple of nothing; allowed is a pair": dict(loader=[()]),
    "criterion is of type float; allowed is a function": dict(criterion=0.5),
    "reduction = 'none'; allowed are 'mean' and 'sum'": dict(
        criterion=nn.CrossEntropyLoss(reduction="none")
    ),
    "optimizer is of type Linear; allowed is an optimizer": dict(
        optimizer=nn.Linear(1, 1)
    ),
    r"optimizer = \[\]; allowed is one or more": dict(optimizer=[]),
    "epochs = -1; allowed is an integer of 0 or more": dict(epochs=-1),
    "epochs is of type float; allowed is an integer: pass for": dict(epochs=1.0),
    "epochs is of type bool; allowed is an integer": dict(epochs=True),
    "accumulate = 0; allowed is an integer of 1 or more": dict(accumulate=0),
    "save_every = 0; allowed is an integer of 1 or more": dict(save_every=0),
    "clip_norm = 0; allowed is a number above 0, or None": dict(clip_norm=0),
    "clip_norm = nan; allowed is a number above 0": dict(clip_norm=math.nan),
    "autocast = torch.int8; allowed are torch.bfloat16": dict(autocast=torch.int8),
    "scheduler_per = 'batch'; allowed are 'epoch' and 'st": dict(scheduler_per="batch"),
    "scheduler is of type float; allowed is a scheduler": dict(scheduler=0.1),
    "callback is of type Nothing; allowed is an object with": dict(
        callbacks=[Nothing()]
    ),
}


@pytest.mark.parametrize("said", WRONG)
def test_what_does_not_fit_is_refused_at_the_start(said):
    model = nn.Linear(4, 3)
    before = bits(model)
    arguments = dict(
        model=model, loader=DATA, criterion=CRITERION, optimizer=sgd(model)
    )
    with pytest.raises((TypeError, ValueError), match=said):
        fit(**{**arguments, **WRONG[said]})
    assert bits(model) == before


@pytest.mark.parametrize(
    "beside, said",
    [
        (dict(clip_norm=1.0), "and clip_norm came with it; allowed is LBFGS by itself"),
        (dict(scaler=torch.amp.GradScaler("cpu")), "and scaler came with it"),
    ],
)
def test_a_closure_rules_out_what_it_would_undo(beside, said):
    model = nn.Linear(4, 3)
    with pytest.raises(ValueError, match=f"LBFGS asks for the loss again .*{said}"):
        fit(model, DATA, CRITERION, lbfgs(model), **beside)
    with pytest.raises(ValueError, match="and other optimizers came with it"):
        fit(model, DATA, CRITERION, [sgd(model), lbfgs(model)])


class Forgetful:
    """A loader whose batches never come, and that has no length."""

    def __iter__(self):
        return iter([])


def test_a_loader_that_turns_out_empty_is_refused():
    model = nn.Linear(4, 3)
    for train in (
        lambda: fit(model, Forgetful(), CRITERION, sgd(model)),
        lambda: evaluate(model, Forgetful(), CRITERION),
    ):
        with pytest.raises(ValueError, match="gives no batch; allowed is one batch or"):
            train()


def test_no_epoch_gives_an_empty_history():
    model = nn.Linear(4, 3)
    assert fit(model, DATA, CRITERION, sgd(model), epochs=0).loss == []


class Root(nn.Module):
    """The square root of 0: finite, its derivative not."""

    def forward(self, inputs):
        return (0 * inputs).sqrt()


def stopped(model, data, criterion=CRITERION, epochs=1, **options):
    """Train until it isn't finite; the sentence, and that parameters stayed."""
    seen = [bits(model)]

    class Note:
        def after_step(self, run):
            seen.append(bits(model))

    optimizer = options.pop("optimizer", sgd)(model)
    with pytest.raises(FloatingPointError) as caught:
        fit(
            model, data, criterion, optimizer, epochs=epochs, callbacks=[Note()],
            **options,
        )  # fmt: skip
    assert str(bits(model)) == str(seen[-1])
    return str(caught.value)


@pytest.mark.parametrize("optimizer", [sgd, lbfgs])
def test_inputs_that_are_not_finite_are_named(optimizer):
    bad = INPUTS.clone()
    bad[3, 1] = math.nan
    data = [*DATA, (bad, TARGETS)]
    assert stopped(nn.Linear(4, 3), data, optimizer=optimizer) == (
        "loss = nan in epoch 0, batch 1 (counted from 0) is not finite: the inputs of "
        "this batch are not finite. Allowed is a finite loss with finite gradients; "
        "the parameters are as before this batch: mend the data"
    )


def test_a_parameter_that_an_earlier_step_broke_is_named():
    model = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 3))
    with torch.no_grad():
        model[1].weight[0, 0] = math.inf
    said = stopped(model, DATA)
    assert "the parameter 1.weight is not finite, since an earlier step" in said


def test_the_first_gradient_that_is_not_finite_is_named_before_the_step():
    """A finite loss: the parameters would be lost only by the step."""
    model = nn.Sequential(nn.Linear(4, 3), Root(), nn.Linear(3, 3))
    said = stopped(model, DATA)
    assert said.startswith("a gradient in epoch 0, batch 0")
    assert "the gradient of 0.weight is the first of 2 that are not finite" in said


def test_a_loss_that_is_not_finite_by_itself_is_told_of():
    def criterion(outputs, targets):
        return outputs.sum() * 0 + math.inf

    said = stopped(nn.Linear(4, 3), DATA, criterion)
    assert said.startswith("loss = inf") and "look at the targets and the crit" in said


def test_the_epoch_and_the_batch_are_those_of_the_trouble():
    """A rate so high that the loss leaves the numbers after some steps."""

    def wild(model):
        return torch.optim.SGD(model.parameters(), lr=1e12)

    model = nn.Linear(4, 1)
    data = [(INPUTS[:8], INPUTS[:8, :1]), (INPUTS[8:], INPUTS[8:, :1])]
    said = stopped(model, data, nn.MSELoss(), epochs=9, optimizer=wild)
    assert "in epoch 1, batch 0" in said or "in epoch 1, batch 1" in said


def test_gradients_whose_length_overflows_are_finite_still():
    model = nn.Linear(4, 1, bias=False)
    with torch.no_grad():
        model.weight.zero_()
    far = torch.optim.SGD(model.parameters(), lr=1e-38)
    data = [(torch.full((1, 4), 3e38), torch.zeros(1, 1))]
    fit(model, data, lambda outputs, targets: outputs.mean(), far)
    assert model.weight.tolist() == [pytest.approx([-3.0] * 4)]


def test_the_gradient_of_a_loss_that_is_not_finite_is_named():
    said = stopped(nn.Linear(4, 3), DATA, lambda outputs, _: -(0 * outputs).log().sum())
    assert said.startswith("loss = inf in epoch 0, batch 0")
    assert "the gradient of weight is the first of 2 that are not finite" in said
