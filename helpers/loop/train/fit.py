"""The five lines as one function."""

from contextlib import nullcontext

from helpers.loop.train.batches import device_of, groups, pairs
from helpers.loop.train.interruption import Interruption
from helpers.loop.train.progress import Progress
from helpers.loop.train.run import Run
from helpers.loop.train.step import Step


def fit(
    model, loader, criterion, optimizer, epochs=1, scheduler=None, *,
    scheduler_per="epoch", validation=None, accumulate=1, clip_norm=None, scaler=None,
    autocast=None, count=len, callbacks=(), checkpoint=None, save_every=None,
    progress=None,
):  # fmt: skip
    """Train a model: zero_grad, forward, backward, step; and the scheduler.

    Ctrl-C, or a notebook's stop button, ends it after the step that it is in: the
    history so far is returned, and `history.interrupted` is True. A second Ctrl-C ends
    it at once.

    On many ranks every rank calls it, with a model in `helpers.parallel.DataParallel`
    and batches of its own, as many as each other rank, of the same sizes. Of several
    batches that make one step only the last is followed by an exchange. A checkpoint is
    written by rank 0, with the random states and data positions of all.

    Args:
        model: a module of torch's or ours, or of the same interface; put in train mode.
        loader: gives pairs (inputs, targets), anew in each epoch; they go to the
            device of the model's first parameter.
        criterion: loss of (outputs, targets), a mean (or sum) over a batch's samples.
        optimizer: of torch's or ours, or a list that share the loss. One that asks for
            the loss again, such as LBFGS, gets a closure.
        epochs (int): how many in all; a resumed run does the rest. Default: 1.
        scheduler: one, or a list; ReduceLROnPlateau gets the validation loss, or the
            training loss without. Default: None.
        scheduler_per (str): the unit it counts in, "epoch" or "step". Default: "epoch".
        validation: a loader, measured after each epoch. Default: None.
        accumulate (int): how many batches make one step; their losses weigh as their
            samples do, so 10 and 2 are as 12. Default: 1.
        clip_norm (float): longest common gradient; clipped unscaled. Default: None.
        scaler: a `torch.amp.GradScaler`; a step that it leaves out isn't scheduled.
            Default: None.
        autocast (torch.dtype): in which the forward pass and the loss compute where
            `torch.autocast` finds it safe, such as torch.bfloat16. Default: None, as
            they are called. A `with torch.autocast(...)` around fit does too, but for
            backward, which is better left out of it.
        count: samples that the criterion's mean is over, of the targets. Default: len.
        callbacks: objects with any of the methods epoch_begin, before_step (gradients
            are there), after_step and epoch_end, each taking the `Run`. Default: ().
        checkpoint: a path, `CheckpointFile` or `CheckpointFolder`: saved after each
            epoch; where there is one already, the run goes on from it. Default: None.
        save_every (int): save each so many steps too, in the middle of an epoch.
            Default: None.
        progress (bool): a progress bar; None: only on a terminal. Default: None.

    Returns:
        History: loss, accuracy and rate of each epoch.

    Raises:
        TypeError, ValueError: arguments don't fit.
        FloatingPointError: the loss or a gradient isn't finite; it names epoch, batch
            and the first cause, and the parameters are as before that batch.
        CheckpointError, OSError: the checkpoint can't be used, or not be written.

    Chapter 08 builds it; chapter 10 kills it and goes on.

    >>> import torch
    >>> from helpers.data import digits, loader
    >>> split = digits()
    >>> batches = loader(split.train_inputs, split.train_targets)
    >>> model, criterion = torch.nn.Linear(64, 10), torch.nn.CrossEntropyLoss()
    >>> optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    >>> history = fit(model, batches, criterion, optimizer, epochs=5)
    >>> len(history.loss), history.accuracy[-1] > 0.9
    (5, True)
    """
    run = Run(
        model, loader, criterion, optimizer, epochs, scheduler,
        scheduler_per=scheduler_per, validation=validation, accumulate=accumulate,
        clip_norm=clip_norm, scaler=scaler, autocast=autocast, count=count,
        callbacks=callbacks, checkpoint=checkpoint, save_every=save_every,
    )  # fmt: skip
    with run.checkpoint or nullcontext(), Interruption() as interruption:
        run.resume()
        with Progress(run, progress) as bar:
            while run.epoch < epochs and not run.is_stopped:
                _train_epoch(run, bar, interruption)
    return run.history


def _train_epoch(run, bar, interruption):
    """One epoch, or what is left of it; a run that is stopped leaves it unfinished."""
    run.begin_epoch()
    batches = pairs(run.loader.rest(), device_of(run.model))
    for group in groups(batches, run.accumulate):
        was_stepped = Step(run, group).take()
        run.end_step(was_stepped)
        bar.advance(len(group))
        if interruption.is_asked:
            run.history.interrupted = True
            run.stop()
        if run.is_stopped:
            run.save()
            return
    run.end_epoch()
