"""One step: gradients of one batch or of several, then the optimizers."""

from contextlib import nullcontext

from helpers.loop.signatures import needs_closure
from helpers.loop.train.forward import outputs_and_loss
from helpers.loop.train.gradients import (
    clip,
    first_cause,
    gradients,
    is_finite,
    length,
)
from helpers.loop.train.totals import mean_of, sums


class Step:
    """Five lines, for several batches whose losses weigh as their samples do.

    Args:
        run (Run): the run that it is a step of.
        batches: pairs of inputs and targets.
    """

    def __init__(self, run, batches):
        self.run, self.batches = run, batches
        self.samples = [int(run.count(targets)) for _, targets in batches]
        self.is_first = True  # a closure may be called again: that isn't a new batch

    def take(self):
        """Compute the gradients and step; tell whether the parameters were stepped."""
        first, *_ = optimizers = self.run.optimizers
        if needs_closure(first):
            first.step(self.closure)
            return True
        self.loss()
        self._look_at_gradients()
        self.run.call("before_step")
        if self.run.scaler is None:
            for optimizer in optimizers:
                optimizer.step()
            return True
        return self._step_scaled()

    def loss(self):
        """Clear the gradients, compute them anew, and give the loss."""
        for optimizer in self.run.optimizers:
            optimizer.zero_grad()
        losses = []
        for place, batch in enumerate(self.batches, start=1):
            with self._sending(place == len(self.batches)):
                losses.append(self._backward(*batch, self.samples[place - 1]))
        self.is_first = False
        return sum(losses[1:], losses[0])

    def closure(self):
        """The loss for an optimizer that asks again; before_step sees each gradient."""
        loss = self.loss()
        self.run.call("before_step")
        return loss

    def _sending(self, is_last):
        """A block for one batch: many ranks average the sum, after the last alone."""
        if is_last or not hasattr(self.run.model, "no_sync"):
            return nullcontext()
        return self.run.model.no_sync()

    def _backward(self, inputs, targets, samples):
        """Add the gradients of one batch, in proportion to its samples."""
        with self.run.precision():
            outputs, loss = outputs_and_loss(
                "fit", self.run.model, self.run.criterion, inputs, targets
            )
        if self.is_first:
            self._count(loss, samples, outputs, inputs, targets)
        whole = len(self.batches) == 1 or sums(self.run.criterion)
        part = loss if whole else loss * (samples / sum(self.samples))
        scaled = part if self.run.scaler is None else self.run.scaler.scale(part)
        scaled.backward()
        return part

    def _count(self, loss, samples, outputs, inputs, targets):
        """Add a batch to the figures of the epoch, if its loss is a number at all."""
        value = loss.item()
        if not is_finite(value):
            loss.backward()
            raise self._not_finite(f"loss = {value}", inputs)
        mean = mean_of(value, self.run.criterion, samples)
        self.run.totals.add(mean, samples, outputs, targets)

    def _look_at_gradients(self):
        """Unscale, refuse what isn't finite, and clip: in this order."""
        scaler, clip_norm = self.run.scaler, self.run.clip_norm
        if scaler is not None:
            for optimizer in self.run.optimizers:
                scaler.unscale_(optimizer)
        found = gradients(self.run.optimizers)
        if not found:
            return
        norm = length(found)
        if scaler is None and not is_finite(norm) and not all(map(is_finite, found)):
            raise self._not_finite("a gradient", self.batches[-1][0])
        if clip_norm is not None:
            clip(found, clip_norm, norm)

    def _step_scaled(self):
        """Step through the scaler, which leaves out a step that overflowed."""
        scaler = self.run.scaler
        before = scaler.get_scale()
        for optimizer in self.run.optimizers:
            scaler.step(optimizer)
        scaler.update()
        return scaler.get_scale() >= before

    def _not_finite(self, found, inputs):
        """The error, which names where, the first cause, and what to do."""
        cause, todo = first_cause(self.run.model, inputs)
        batch = self.run.loader.position - 1
        return FloatingPointError(
            f"{found} in epoch {self.run.epoch}, batch {batch} (counted from 0) is not "
            f"finite: {cause}. Allowed is a finite loss with finite gradients; the "
            f"parameters are as before this batch: {todo}"
        )
