"""A compiled step does what the plain loop does, and leaves what it leaves."""

import copy

import pytest
import torch
import torch.nn.functional as F

from helpers import nn, optim
from helpers.fast import compiled_step
from tests.fast.training import (
    Tied,
    assert_alike,
    conv_net,
    eager,
    images,
    made,
    mlp,
    plain_step,
    raw,
    rows,
    twins,
)

METHODS = [
    ("SGD", dict(lr=0.1, momentum=0.9, nesterov=True)),
    ("SGD", dict(lr=0.1, momentum=0.9, dampening=0.5, weight_decay=0.01)),
    ("Adam", dict(lr=0.01, amsgrad=True)),
    ("AdamW", dict(lr=0.01)),
    ("RMSprop", dict(lr=0.01, momentum=0.5, centered=True)),
    ("Adagrad", dict(lr=0.1, lr_decay=0.01)),
    ("Adadelta", dict(lr=0.5)),
    ("Adamax", dict(lr=0.01)),
    ("RAdam", dict(lr=0.01)),
    ("ASGD", dict(lr=0.1)),
    ("Rprop", dict(lr=0.001)),
]


def follow(step, plain, batches, after=()):
    """Train one model by a step, its twin by the plain loop; losses agree."""
    for batch in batches:
        ours, theirs = step(*batch), raw(plain(*batch))
        torch.testing.assert_close(ours, theirs, rtol=1e-8, atol=1e-10)
        for call in after:
            call()


def plain(model, criterion, optimizer):
    """The plain loop as a function of a batch."""
    return lambda *batch: plain_step(model, criterion, optimizer, *batch)


@pytest.mark.parametrize(("method", "options"), METHODS)
def test_100_steps_of_every_method_end_where_the_plain_loop_does(method, options):
    (model, optimizer), (twin, other) = twins(mlp, method, **options)
    step = eager(model, F.cross_entropy, optimizer)
    schedules = [optim.lr_scheduler.ExponentialLR(o, 0.99) for o in (optimizer, other)]
    after = [schedule.step for schedule in schedules]
    batches = [rows(seed=seed) for seed in range(100)]
    follow(step, plain(twin, F.cross_entropy, other), batches, after)
    assert_alike(model, twin)
    assert_alike(optimizer, other, 1e-7)  # counts of 0-d float32 among it
    assert step.compilations == 1


def test_nadam_rounds_its_product_of_momenta_to_float32():
    (model, optimizer), (twin, other) = twins(mlp, "NAdam", lr=0.01)
    step = eager(model, F.cross_entropy, optimizer)
    batches = [rows(seed=seed) for seed in range(100)]
    follow(step, plain(twin, F.cross_entropy, other), batches)
    assert_alike(model, twin, 1e-8)


@pytest.mark.parametrize("activation", ["GELU", "Tanh"])
@pytest.mark.parametrize("library", [torch.nn, nn])
def test_models_of_either_library_with_a_mean_squared_error(library, activation):
    def model():
        return mlp(getattr(library, activation), library)

    (model, optimizer), (twin, other) = twins(model, "SGD", lr=0.1)
    criterion = library.MSELoss()
    step = eager(model, criterion, optimizer)
    batches = [(rows(seed=seed)[0], torch.ones(8, 3).double()) for seed in range(20)]
    follow(step, plain(twin, criterion, other), batches)
    assert_alike(model, twin)


@pytest.mark.parametrize("library", [torch.nn, nn])
def test_batch_norm_moves_its_means_and_dropout_draws_the_same_numbers(library):
    (model, optimizer), (twin, other) = twins(
        lambda: conv_net(library), "SGD", lr=0.1, momentum=0.9
    )
    criterion = library.CrossEntropyLoss()
    step = eager(model, criterion, optimizer)
    for seed in range(20):
        torch.manual_seed(seed)
        loss = step(*images(seed=seed))
        torch.manual_seed(seed)
        expected = plain_step(twin, criterion, other, *images(seed=seed))
        torch.testing.assert_close(loss, raw(expected), rtol=0, atol=1e-10)
    assert_alike(model, twin)
    assert int(model[1].num_batches_tracked) == 20


def test_inductor_compiles_dropout_and_batch_norm_to_the_same_parameters():
    (model, optimizer), (twin, other) = twins(
        conv_net, "SGD", torch.float32, lr=0.1, momentum=0.9
    )
    step = compiled_step(model, F.cross_entropy, optimizer)
    for seed in range(10):
        batch = images(seed=seed, dtype=torch.float32)
        torch.manual_seed(seed)
        step(*batch)
        torch.manual_seed(seed)
        plain_step(twin, F.cross_entropy, other, *batch)
    assert_alike(model, twin, 1e-5)
    assert step.compilations == 1


def test_a_shared_matrix_moves_once():
    (model, optimizer), (twin, other) = twins(Tied, "SGD", lr=0.1, momentum=0.5)
    step = eager(model, F.cross_entropy, optimizer)
    batches = [rows(seed=seed) for seed in range(20)]
    follow(step, plain(twin, F.cross_entropy, other), batches)
    assert_alike(model, twin)
    assert model.reads.weight is model.writes.weight


def test_frozen_parameters_stay_and_groups_have_rates_of_their_own():
    models = [made(mlp) for _ in range(2)]
    optimizers = []
    for model in models:
        model[0].bias.requires_grad_(False)
        groups = [{"params": model[0].parameters(), "lr": 0.01}]
        groups.append({"params": model[2].parameters(), "momentum": 0.9})
        optimizers.append(optim.SGD(groups, lr=0.1))
    step = eager(models[0], F.cross_entropy, optimizers[0])
    before = models[0][0].bias.clone()
    batches = [rows(seed=seed) for seed in range(20)]
    follow(step, plain(models[1], F.cross_entropy, optimizers[1]), batches)
    assert_alike(models[0], models[1])
    assert torch.equal(models[0][0].bias, before)


def test_several_steps_are_one_graph_over_stacks_of_batches():
    (model, optimizer), (twin, other) = twins(mlp, "SGD", lr=0.1, momentum=0.9)
    step = eager(model, F.cross_entropy, optimizer, steps=3)
    for first in range(0, 12, 3):
        batches = [rows(seed=seed) for seed in range(first, first + 3)]
        losses = step(*map(torch.stack, zip(*batches, strict=True)))
        expected = [plain_step(twin, F.cross_entropy, other, *each) for each in batches]
        torch.testing.assert_close(losses, torch.stack(expected))
    assert_alike(model, twin)
    assert_alike(optimizer, other)
    assert step.compilations == 1


def test_one_cycle_moves_rate_and_momentum_without_another_graph():
    (model, optimizer), (twin, other) = twins(mlp, "SGD", lr=0.1, momentum=0.9)
    make = optim.lr_scheduler.OneCycleLR
    after = [make(o, 0.2, total_steps=40).step for o in (optimizer, other)]
    step = eager(model, F.cross_entropy, optimizer)
    batches = [rows(seed=seed) for seed in range(30)]
    follow(step, plain(twin, F.cross_entropy, other), batches, after)
    assert_alike(model, twin)
    assert step.compilations == 1


def test_clipping_stands_between_backward_and_step():
    (model, optimizer), (twin, other) = twins(mlp, "SGD", lr=0.5)

    def clip(parameters):
        nn.utils.clip_grad_norm_(parameters, 0.1)

    step = eager(model, F.cross_entropy, optimizer, before_step=clip)
    for seed in range(10):
        step(*rows(seed=seed))
        other.zero_grad()
        inputs, targets = rows(seed=seed)
        F.cross_entropy(twin(inputs), targets).backward()
        nn.utils.clip_grad_norm_(list(twin.parameters()), 0.1)
        other.step()
    assert_alike(model, twin)


def test_a_checkpoint_goes_on_in_the_plain_loop_and_back_in_a_step():
    (model, optimizer), (twin, other) = twins(mlp, "Adam", lr=0.01)
    batches = [rows(seed=seed) for seed in range(30)]
    step = eager(model, F.cross_entropy, optimizer)
    for batch in batches[:10]:
        step(*batch)
    resumed = made(mlp)
    resumed.load_state_dict(model.state_dict())
    own = optim.Adam(resumed.parameters(), lr=0.01)
    own.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    for batch in batches[10:20]:
        plain_step(resumed, F.cross_entropy, own, *batch)
    model.load_state_dict(resumed.state_dict())
    optimizer.load_state_dict(own.state_dict())
    for batch in batches[20:]:
        step(*batch)
    for batch in batches:
        plain_step(twin, F.cross_entropy, other, *batch)
    assert_alike(model, twin)
    assert_alike(optimizer, other, 1e-7)
    assert step.compilations == 1


def test_inputs_may_be_several_and_named():
    class Scaled(torch.nn.Linear):
        def forward(self, inputs, scale=1.0):
            return super().forward(inputs) * scale

    inputs, targets = rows()
    losses = set()
    for given in ((inputs, 2.0), {"inputs": inputs, "scale": 2.0}):
        torch.manual_seed(0)
        model = Scaled(5, 3).double()
        step = eager(model, F.cross_entropy, optim.SGD(model.parameters(), lr=0.1))
        losses.add(step(given, targets).item())
    assert len(losses) == 1


def test_the_criterion_may_learn_and_weigh_classes():
    weights = torch.tensor([1.0, 2.0, 3.0]).double()
    criterion = torch.nn.CrossEntropyLoss(weight=weights)
    (model, optimizer), (twin, other) = twins(mlp, "SGD", lr=0.1)
    step = eager(model, criterion, optimizer)
    batches = [rows(seed=seed) for seed in range(5)]
    follow(step, plain(twin, criterion, other), batches)
    assert_alike(model, twin)


def test_the_loss_is_cut_from_any_graph_and_no_gradient_is_kept():
    ((model, optimizer), _) = twins(mlp, "SGD", lr=0.1)
    step = eager(model, F.cross_entropy, optimizer)
    loss = step(*rows())
    assert not loss.requires_grad and loss.dim() == 0
    assert all(p.grad is None and p.requires_grad for p in model.parameters())


def test_schedulers_know_that_the_step_was_made(recwarn):
    ((model, optimizer), _) = twins(mlp, "SGD", lr=0.1)
    schedule = optim.lr_scheduler.StepLR(optimizer, 1)
    eager(model, F.cross_entropy, optimizer)(*rows())
    schedule.step()
    assert not recwarn
