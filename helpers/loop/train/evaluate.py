"""Measure a model without training it."""

from contextlib import contextmanager
from typing import NamedTuple

import torch

from helpers.loop.train.batches import device_of, pairs
from helpers.loop.train.checks import check_criterion, check_loader, check_model, empty
from helpers.loop.train.forward import outputs_and_loss
from helpers.loop.train.totals import Totals, mean_of


class Evaluation(NamedTuple):
    """Mean loss and accuracy over some data; accuracy is None if there are no classes.

    Made by `evaluate`; a tuple of two numbers with names.

    >>> Evaluation(loss=0.5, accuracy=0.75).accuracy
    0.75
    """

    loss: float
    accuracy: float | None


def evaluate(model, loader, criterion, count=len):
    """Give the mean loss and the accuracy of a model over all samples of a loader.

    The model is in eval mode meanwhile, and nothing is recorded for backward; then each
    of its modules gets back the mode that it had.

    Args:
        model: a module of torch's or ours, or of the same interface.
        loader: gives pairs (inputs, targets); they go to the model's device.
        criterion: loss of (outputs, targets), a mean over the samples of a batch.
        count: how many samples that mean is over, of the targets. Default: len.

    Returns:
        Evaluation: loss, and accuracy in [0, 1]; None if targets aren't classes.

    Raises:
        TypeError, ValueError: the arguments don't fit, or the loader is empty.

    Chapter 08 builds it.

    >>> model = torch.nn.Identity()
    >>> scores, classes = torch.tensor([[2.0, 0.0], [2.0, 0.0]]), torch.tensor([0, 1])
    >>> evaluate(model, [(scores, classes)], torch.nn.CrossEntropyLoss()).accuracy
    0.5
    """
    check_model(model)
    check_loader("loader", loader)
    check_criterion(criterion)
    totals = Totals()
    with _in_eval_mode(model), torch.no_grad():
        for inputs, targets in pairs(loader, device_of(model)):
            outputs, loss = outputs_and_loss(
                "evaluate", model, criterion, inputs, targets
            )
            samples = int(count(targets))
            mean = mean_of(loss.item(), criterion, samples)
            totals.add(mean, samples, outputs, targets)
    if not totals.samples:
        raise ValueError(empty("loader"))
    return Evaluation(totals.mean_loss(), totals.accuracy())


@contextmanager
def _in_eval_mode(model):
    """Eval mode for a block; then every module has its own mode again."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, mode in modes:
            module.training = mode
