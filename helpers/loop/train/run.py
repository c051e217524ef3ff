"""A run of `fit`: what it is made of, where it is, and how it ends an epoch."""

from contextlib import nullcontext
from pathlib import Path

import torch

from helpers.loop.checkpoint import CheckpointFile, ResumableLoader
from helpers.loop.signatures import needs_metric
from helpers.loop.train import checks
from helpers.loop.train.batches import device_of
from helpers.loop.train.evaluate import evaluate
from helpers.loop.train.history import History
from helpers.loop.train.totals import Totals


class Run:
    """What a callback of `fit` is handed.

    Args:
        model, criterion, epochs, validation, count, clip_norm, scaler, autocast: those
            of `fit`.
        optimizers, schedulers (list): one or more; none or more.
        loader (ResumableLoader): the loader, which knows its `position` in the epoch.
        epoch (int): complete epochs, so the number of this one, from 0.
        steps (int): steps taken since the beginning.
        totals: sums of this epoch: `mean_loss()`, `accuracy()`.
        history (History): figures of the complete epochs.

    `stop()` ends the run after this step. Chapter 08 builds it.
    """

    def __init__(
        self, model, loader, criterion, optimizer, epochs, scheduler, *,
        scheduler_per, validation, accumulate, clip_norm, scaler, autocast, count,
        callbacks, checkpoint, save_every,
    ):  # fmt: skip
        self.model, self.criterion, self.epochs = model, criterion, epochs
        self.scheduler_per, self.validation = scheduler_per, validation
        self.accumulate, self.clip_norm, self.scaler = accumulate, clip_norm, scaler
        self.autocast, self.count, self.callbacks = autocast, count, callbacks
        self.checkpoint, self.save_every = checkpoint, save_every
        is_resumable = isinstance(loader, ResumableLoader)
        self.loader = loader if is_resumable else ResumableLoader(loader)
        self.optimizers, self.schedulers = _listed(optimizer), _listed(scheduler)
        self._check(loader)
        self.epoch = self.steps = 0
        self.totals, self.history, self.is_stopped = Totals(), History(), False
        if isinstance(self.checkpoint, (str, Path)):
            self.checkpoint = CheckpointFile(self.checkpoint)
        if self.checkpoint is not None and hasattr(model, "shared_checkpoint"):
            self.checkpoint = model.shared_checkpoint(self.checkpoint)

    def _check(self, loader):
        """Refuse what doesn't fit, before anything changes."""
        checks.check_model(self.model)
        checks.check_loader("loader", loader)
        if self.validation is not None:
            checks.check_loader("validation", self.validation)
        checks.check_criterion(self.criterion)
        checks.check_numbers(
            epochs=self.epochs, accumulate=self.accumulate, save_every=self.save_every,
            clip_norm=self.clip_norm, scheduler_per=self.scheduler_per,
        )  # fmt: skip
        checks.check_optimizers(
            self.optimizers, scaler=self.scaler, clip_norm=self.clip_norm
        )
        checks.check_schedulers(self.schedulers)
        checks.check_autocast(self.autocast)
        checks.check_callbacks(self.callbacks)
        checks.check_checkpoint(self.checkpoint, self.model)

    def stop(self):
        """End the run after this step, or after this epoch at its end."""
        self.is_stopped = True

    def rate(self):
        """Give the learning rate of the first group, a number."""
        return float(self.optimizers[0].param_groups[0]["lr"])

    def precision(self):
        """A block for a forward pass and its loss: in `autocast`, if it is given.

        What torch.autocast keeps of the parameters is forgotten before: in a block
        around all of the run it would be that of the first step for good.
        """
        torch.clear_autocast_cache()
        if self.autocast is None:
            return nullcontext()
        return torch.autocast(device_of(self.model).type, self.autocast)

    def call(self, place):
        """Call the callbacks that have a method of this name."""
        for callback in self.callbacks:
            if hasattr(callback, place):
                getattr(callback, place)(self)

    def begin_epoch(self):
        """Train mode for every module, and sums from 0 unless the epoch goes on."""
        self.model.train()
        if self.loader.position == 0:
            self.totals = Totals()
        self.call("epoch_begin")

    def end_step(self, was_stepped):
        """Count a step, schedule, and save where that is due."""
        self.steps += 1
        if was_stepped and self.scheduler_per == "step":
            self._schedule(self.totals.mean_loss())
        self.call("after_step")
        if self.save_every and self.steps % self.save_every == 0:
            self.save()

    def end_epoch(self):
        """Note the figures of a complete epoch, schedule, and save."""
        if not self.totals.samples:
            raise ValueError(checks.empty("loader"))
        history = self.history
        history.loss.append(self.totals.mean_loss())
        if self.totals.accuracy() is not None:
            history.accuracy.append(self.totals.accuracy())
        history.rate.append(self.rate())
        if self.validation is not None:
            self._validate()
        if self.scheduler_per == "epoch":
            self._schedule((history.validation_loss or history.loss)[-1])
        self.epoch += 1
        self.totals = Totals()
        self.loader.end_epoch()
        self.call("epoch_end")
        self.save()

    def _validate(self):
        """Measure the model on the validation data."""
        with self.precision():
            found = evaluate(self.model, self.validation, self.criterion, self.count)
        self.history.validation_loss.append(found.loss)
        if found.accuracy is not None:
            self.history.validation_accuracy.append(found.accuracy)

    def _schedule(self, metric):
        """Step the schedulers; one that reads a metric gets it."""
        for scheduler in self.schedulers:
            scheduler.step(*([metric] if needs_metric(scheduler) else []))

    def _parts(self):
        """What a checkpoint gives back."""
        return dict(
            model=self.model, optimizer=self.optimizers, scheduler=self.schedulers,
            scaler=self.scaler, loader=self.loader,
        )  # fmt: skip

    def save(self):
        """Save the run, if a checkpoint was asked for."""
        if self.checkpoint is not None:
            extra = {
                "history": self.history.state_dict(),
                "totals": self.totals.state_dict(),
                "steps": self.steps,
            }
            self.checkpoint.save(epoch=self.epoch, extra=extra, **self._parts())

    def resume(self):
        """Go on where the newest checkpoint was saved, if there is one."""
        if self.checkpoint is None or self.checkpoint.newest() is None:
            return
        self.epoch, extra = self.checkpoint.load(**self._parts())
        self.history.load_state_dict(extra["history"])
        self.totals = Totals(**extra["totals"])
        self.steps = extra["steps"]


def _listed(given):
    """One, several or none, as a list."""
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple)) else [given]
