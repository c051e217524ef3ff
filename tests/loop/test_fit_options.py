"""What varies in the loop: schedulers, clipping and scaling, callbacks, the stop."""

import os
import signal
import threading

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from helpers.loop.signatures import needs_metric
from helpers.loop.train import evaluate, fit
from helpers.optim import lr_scheduler as ours
from tests.loop.test_fit import CRITERION, INPUTS, TARGETS, batches, bits, new_model


def run_of(lr=0.1, **options):
    """Train two epochs of five steps; model, optimizer and history."""
    model = new_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    make = options.pop("schedule", None)
    options.setdefault("epochs", 2)
    scheduler = make and make(optimizer)
    history = fit(
        model, batches(), CRITERION, optimizer, scheduler=scheduler, **options
    )
    return model, optimizer, history


@pytest.mark.parametrize("unit, rate", [("epoch", 0.025), ("step", 0.1 / 2**10)])
def test_a_scheduler_counts_in_its_unit(unit, rate):
    _, optimizer, history = run_of(
        schedule=lambda o: lr_scheduler.StepLR(o, 1, 0.5), scheduler_per=unit
    )
    assert optimizer.param_groups[0]["lr"] == pytest.approx(rate)
    last = {"epoch": [0.1, 0.05], "step": [0.1 / 2**5, 0.1 / 2**10]}[unit]
    assert history.rate == pytest.approx(last)


def test_a_step_of_accumulated_batches_is_scheduled_once():
    _, optimizer, _ = run_of(
        schedule=lambda o: lr_scheduler.StepLR(o, 1, 0.5), scheduler_per="step",
        accumulate=2,
    )  # fmt: skip
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.1 / 2**6)


@pytest.mark.parametrize("validation", [None, [(INPUTS, TARGETS)]])
@pytest.mark.parametrize("kind", [lr_scheduler, ours])
def test_a_plateau_gets_the_loss_that_counts(validation, kind):
    seen = []

    class Plateau(kind.ReduceLROnPlateau):
        def step(self, metrics, epoch=None):
            seen.append(metrics)
            super().step(metrics)

    assert needs_metric(kind.ReduceLROnPlateau(torch.optim.SGD([torch.ones(1)])))

    _, _, history = run_of(schedule=Plateau, validation=validation)
    assert seen == (history.validation_loss if validation else history.loss)
    assert history.validation_loss != history.loss


def test_several_schedulers_and_optimizers():
    torch.manual_seed(0)
    model = nn.Linear(4, 3)
    first = torch.optim.SGD([model.weight], lr=0.1)
    second = torch.optim.SGD([model.bias], lr=0.2)
    halve = [lr_scheduler.ExponentialLR(each, 0.5) for each in (first, second)]
    fit(model, batches(), CRITERION, [first, second], scheduler=halve, clip_norm=0.1)
    rates = [each.param_groups[0]["lr"] for each in (first, second)]
    assert rates == pytest.approx([0.05, 0.1])

    torch.manual_seed(0)
    alike = nn.Linear(4, 3)
    groups = [{"params": [alike.weight]}, {"params": [alike.bias], "lr": 0.2}]
    fit(alike, batches(), CRITERION, torch.optim.SGD(groups, lr=0.1), clip_norm=0.1)
    assert bits(alike) == bits(model)  # one common length


def scaler(**options):
    """A loss scaler that works on the CPU."""
    return torch.amp.GradScaler("cpu", **options)


def test_gradients_are_clipped_after_they_are_unscaled():
    plain, _, _ = run_of(clip_norm=0.1)
    scaled, _, _ = run_of(clip_norm=0.1, scaler=scaler(init_scale=2.0**8))
    assert bits(scaled) == bits(plain)


def test_a_step_that_the_scaler_leaves_out_is_not_scheduled(recwarn):
    stepped = []

    class Look:
        def epoch_begin(self, run):
            self.before = bits(run.model)

        def after_step(self, run):
            stepped.append(bits(run.model) != self.before)
            self.before = bits(run.model)

    model = new_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    fit(
        model, batches(), lambda *batch: 1000 * CRITERION(*batch), optimizer, epochs=2,
        scheduler=lr_scheduler.StepLR(optimizer, 1, 0.5), scheduler_per="step",
        scaler=scaler(init_scale=2.0**125), callbacks=[Look()], clip_norm=1.0,
    )  # fmt: skip
    assert not stepped[0] and stepped[-1]
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.1 / 2 ** sum(stepped))
    assert [w for w in recwarn if "optimizer.step" in str(w.message)] == []


def test_callbacks_are_called_in_order():
    said = []

    class Say:
        def epoch_begin(self, run):
            said.append(f"epoch {run.epoch} begins")

        def before_step(self, run):
            assert all(p.grad is not None for p in run.model.parameters())
            said.append("gradients")

        def after_step(self, run):
            said.append(f"step {run.steps}")
            if run.steps == 3:
                run.stop()

        def epoch_end(self, run):
            said.append(f"epochs: {len(run.history.loss)}")

    model = new_model()
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    fit(model, batches(12), CRITERION, sgd, epochs=5, callbacks=[Say()])
    assert said == (
        "epoch 0 begins,gradients,step 1,gradients,step 2,epochs: 1,"
        "epoch 1 begins,gradients,step 3"
    ).split(",")


def test_each_epoch_trains_in_train_mode():
    modes = []

    class Look:
        def before_step(self, run):
            modes.append([module.training for module in run.model.modules()])

        def epoch_end(self, run):
            run.model.eval()

    run_of(callbacks=[Look()], validation=batches())
    model = new_model().eval()
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    fit(model, batches(), CRITERION, sgd, callbacks=[Look()])
    assert len(modes) == 15 and all(map(all, modes))


def test_gradients_changed_before_a_step_reach_a_closure_too():
    class Clear:
        def before_step(self, run):
            for parameter in run.model.parameters():
                parameter.grad.zero_()

    for kind in (torch.optim.LBFGS, torch.optim.SGD):
        model = new_model()
        before = bits(model)
        optimizer = kind(model.parameters(), lr=0.1)
        fit(model, batches(), CRITERION, optimizer, callbacks=[Clear()])
        assert bits(model) == before


class Interrupt:
    """Presses Ctrl-C at a place of the loop, so many times."""

    def __init__(self, place, times=1):
        self.times = times
        setattr(self, place, self.press)

    def press(self, run):
        if run.steps == 7:
            for _ in range(self.times):
                os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("place", ["before_step", "after_step"])
def test_an_interrupted_run_ends_after_its_step(place, tmp_path):
    handler = signal.getsignal(signal.SIGINT)
    expected, optimizer, whole = run_of(epochs=3)
    model, _, history = run_of(
        epochs=3, callbacks=[Interrupt(place)], checkpoint=tmp_path / "run"
    )
    assert history.interrupted and history.loss == whole.loss[:1]
    assert signal.getsignal(signal.SIGINT) is handler
    assert evaluate(model, batches(), CRITERION).loss < 2  # usable at once
    resumed, _, history = run_of(epochs=3, checkpoint=tmp_path / "run")
    assert (history, bits(resumed)) == (whole, bits(expected))
    assert not history.interrupted


def test_a_second_interrupt_ends_at_once():
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        run_of(callbacks=[Interrupt("before_step", times=2)])
    assert signal.getsignal(signal.SIGINT) is handler


def test_it_runs_in_a_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(run_of()[2].loss))
    thread.start()
    thread.join()
    assert found == [run_of()[2].loss]


def test_nothing_is_printed_without_a_terminal(capfd):
    run_of()
    run_of(progress=False)
    assert capfd.readouterr() == ("", "")


def test_a_bar_says_how_far_it_is(capfd, tmp_path):
    run_of(progress=True, checkpoint=tmp_path / "run", epochs=1)
    said = capfd.readouterr().err.split("\r")[-1]
    assert "epoch 1/1: 100%" in said and "5/5" in said
    assert "loss=" in said and "accuracy=" in said and "rate=0.1" in said
    run_of(progress=True, checkpoint=tmp_path / "run", epochs=2)
    said = capfd.readouterr().err.split("\r")
    assert "5/10" in said[1] and "10/10" in said[-1]  # what was done isn't done again


def test_batches_go_to_the_model(device):
    model = nn.Linear(4, 3)
    weight = nn.Parameter(model.weight.detach().to(device))
    bias = nn.Parameter(model.bias.detach().to(device))
    model.weight, model.bias = weight, bias
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    history = fit(model, batches(), CRITERION, sgd, epochs=5, validation=batches())
    assert history.loss[-1] < history.loss[0]
    assert model.weight.device.type == device.type
