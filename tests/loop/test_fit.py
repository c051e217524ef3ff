"""fit is the five lines: the same bits as the loop written out."""

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from helpers import autograd, optim
from helpers.data import loader
from helpers.loop.train import fit

INPUTS = torch.randn(23, 4, generator=torch.Generator().manual_seed(1))
TARGETS = torch.arange(23) % 3
CRITERION = nn.CrossEntropyLoss()


def batches(size=5):
    return loader(INPUTS, TARGETS, batch_size=size, seed=2)


def new_model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.2), nn.Linear(8, 3))


def bits(model):
    return [parameter.data.tolist() for parameter in model.parameters()]


def written_out(model, optimizer, epochs=2, scheduler=None, most=None):
    """The loop as a script has it; the mean loss of each epoch."""
    model.train()
    means, data = [], batches()
    for _ in range(epochs):
        total = 0
        for inputs, targets in data:
            optimizer.zero_grad()
            loss = CRITERION(model(inputs), targets)
            loss.backward()
            if most is not None:
                nn.utils.clip_grad_norm_(model.parameters(), most)
            optimizer.step()
            total += loss.item() * len(targets)
        if scheduler:
            scheduler.step()
        means.append(total / len(INPUTS))
    return means


def both(make, epochs=2, most=None, schedule=None, **options):
    """Train by the loop written out and by fit; the ends of both."""
    ends = []
    for is_fit in (False, True):
        model = new_model()
        optimizer = make(model.parameters())
        scheduler = schedule and schedule(optimizer)
        if is_fit:
            history = fit(
                model, batches(), CRITERION, optimizer, epochs, scheduler,
                clip_norm=most, **options,
            )  # fmt: skip
            ends.append((history.loss, bits(model)))
        else:
            means = written_out(model, optimizer, epochs, scheduler, most)
            ends.append((means, bits(model)))
    return ends


KINDS = [
    lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    lambda p: torch.optim.AdamW(p, lr=0.01),
    lambda p: optim.SGD(p, lr=0.1, momentum=0.9),
    lambda p: optim.AdamW(p, lr=0.01),
]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("most", [None, 0.1, 100.0])
def test_it_is_the_loop_written_out(make, most):
    by_hand, fitted = both(make, most=most)
    assert fitted == by_hand


@pytest.mark.parametrize("kind", [torch.optim.lr_scheduler, optim.lr_scheduler])
def test_a_scheduler_is_stepped_each_epoch(kind):
    by_hand, fitted = both(KINDS[0], 3, schedule=lambda o: kind.StepLR(o, 1, 0.1))
    assert fitted == by_hand


class Perceptron:
    """Two layers of our own Tensors, with the interface of a module."""

    def __init__(self, module):
        self.training = False
        self.values = {
            name: autograd.Tensor(p.detach().clone()).requires_grad_()
            for name, p in module.named_parameters()
        }

    def __call__(self, inputs):
        first, bias, second, last = self.values.values()
        return (inputs @ first.T + bias).tanh() @ second.T + last

    def parameters(self):
        return iter(self.values.values())

    def named_parameters(self):
        return iter(self.values.items())

    def modules(self):
        return iter([self])

    def train(self, mode=True):
        self.training = mode

    def eval(self):
        self.train(False)

    def state_dict(self):
        return {name: value.data for name, value in self.values.items()}

    def load_state_dict(self, state):
        for name, value in state.items():
            self.values[name].data.copy_(value)


def test_a_model_of_our_tensors_trains_alike():
    theirs = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
    ours, ends = Perceptron(theirs), []
    for model in (theirs, ours):
        history = fit(
            model, batches(), cross_entropy, optim.SGD(model.parameters(), lr=0.1),
            epochs=3, clip_norm=1.0, validation=batches(),
        )  # fmt: skip
        ends.append(history)
    assert ends[1].loss == pytest.approx(ends[0].loss, rel=1e-5)
    assert ends[1].accuracy == ends[0].accuracy
    assert ends[1].validation_loss == pytest.approx(ends[0].validation_loss, rel=1e-5)
    for one, two in zip(theirs.parameters(), ours.parameters(), strict=True):
        torch.testing.assert_close(one.data, two.data)


def test_a_model_of_our_tensors_goes_on(tmp_path):
    def new():
        torch.manual_seed(0)
        model = Perceptron(nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 3)))
        return model, optim.Adam(model.parameters(), lr=0.01)

    (whole, optimizer), path = new(), tmp_path / "run"
    expected = fit(whole, batches(), cross_entropy, optimizer, epochs=3)
    model, optimizer = new()
    fit(model, batches(), cross_entropy, optimizer, epochs=1, checkpoint=path)
    model, optimizer = new()
    found = fit(model, batches(), cross_entropy, optimizer, epochs=3, checkpoint=path)
    assert (found, bits(model)) == (expected, bits(whole))


@pytest.mark.parametrize(
    "make",
    [
        lambda p: torch.optim.LBFGS(p, max_iter=4, line_search_fn="strong_wolfe"),
        lambda p: optim.LBFGS(p, max_iter=4, line_search_fn="strong_wolfe"),
        lambda p: optim.ConjugateGradient(p),
    ],
)
def test_an_optimizer_that_asks_again_gets_a_closure(make):
    ends = []
    for is_fit in (False, True):
        torch.manual_seed(0)
        model = nn.Linear(4, 3)
        optimizer = make(model.parameters())
        data = [(INPUTS, TARGETS)]
        if is_fit:
            history = fit(model, data, CRITERION, optimizer, epochs=4)
            assert history.loss[-1] < history.loss[0]
            assert len(history.loss) == 4  # what a search tries isn't an epoch's loss
            ends.append((history.loss, bits(model)))
            continue

        def closure(model=model, optimizer=optimizer):
            optimizer.zero_grad()
            loss = CRITERION(model(INPUTS), TARGETS)
            loss.backward()
            return loss

        losses = [CRITERION(model(INPUTS), TARGETS).item()]
        optimizer.step(closure)
        for _ in range(3):
            losses.append(CRITERION(model(INPUTS), TARGETS).item())
            optimizer.step(closure)
        ends.append((losses, bits(model)))
    assert ends[1] == ends[0]


def split_in(parts, targets):
    """The first 12 samples in batches of these sizes."""
    inputs = INPUTS[:12].double().split(parts)
    return list(zip(inputs, targets.split(parts), strict=True))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("sizes", [[10, 2], [4, 4, 4], [1, 11]])
def test_accumulated_batches_equal_one(sizes, reduction):
    criterion = nn.CrossEntropyLoss(reduction=reduction)
    ends = []
    for parts in ([12], sizes):
        torch.manual_seed(0)
        model = nn.Linear(4, 3).double()
        data = split_in(parts, TARGETS[:12])
        sgd = torch.optim.SGD(model.parameters(), lr=0.5)
        history = fit(model, data, criterion, sgd, epochs=2, accumulate=len(parts))
        ends.append((history.loss, model.weight.detach()))
    assert ends[1][0] == pytest.approx(ends[0][0], rel=1e-12)
    torch.testing.assert_close(ends[1][1], ends[0][1], rtol=1e-12, atol=1e-14)


def test_a_mean_over_some_targets_weighs_by_those():
    """Tokens: a batch whose targets are mostly left out weighs little."""
    targets = TARGETS[:12].clone()
    targets[1:10] = -100
    ends = []
    for parts in ([12], [10, 2]):
        torch.manual_seed(0)
        model = nn.Linear(4, 3).double()
        data = split_in(parts, targets)
        sgd = torch.optim.SGD(model.parameters(), lr=0.5)
        fit(
            model, data, CRITERION, sgd, accumulate=len(parts),
            count=lambda t: (t != -100).sum(),
        )  # fmt: skip
        ends.append(model.weight.detach())
    torch.testing.assert_close(ends[1], ends[0], rtol=1e-12, atol=1e-14)


def test_the_last_batches_of_an_epoch_make_a_step_too():
    steps = []

    class Count:
        def after_step(self, run):
            steps.append(run.loader.position)

    model = new_model()
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    fit(model, batches(), CRITERION, sgd, accumulate=2, callbacks=[Count()])
    assert steps == [2, 4, 5]
