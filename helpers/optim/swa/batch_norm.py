"""Renew the statistics of batch norms: update_bn."""

from contextlib import contextmanager

import torch
from torch.nn.modules.batchnorm import _BatchNorm


@torch.no_grad()
def update_bn(loader, model, device=None):
    """Have each batch norm's statistics be those of the data, for averaged weights.

    Args:
        loader: an iterable of batches, each a tensor, or a list or tuple whose first
            element is what the model takes.
        model: a module, such as an `AveragedModel`.
        device: where batches are moved to (None: nowhere).

    The statistics become the mean over all batches; `momentum` and the mode of the
    model are as before afterwards. Nothing is done if there is no batch norm.

    Raises: `ValueError` if there was no batch: the statistics are lost then.

    Source: `torch.optim.swa_utils.update_bn`. Departures: modes are put back even if
    the model fails; no batch is an error.

    >>> norm = torch.nn.BatchNorm1d(1)
    >>> update_bn([torch.tensor([[1.0], [3.0]])], norm)
    >>> norm.running_mean
    tensor([2.])
    """
    norms = [each for each in model.modules() if is_batch_norm(each)]
    if not norms:
        return
    for norm in norms:
        norm.reset_running_stats()
    batches = 0
    with gathering(model, norms):
        for batch in loader:
            batches += 1
            inputs = batch[0] if isinstance(batch, (list, tuple)) else batch
            model(inputs if device is None else inputs.to(device))
    if batches == 0:
        raise ValueError(
            "the loader gave no batch, so the batch norms have no statistics: pass a "
            "DataLoader or a list; a generator gives its batches once only"
        )


@contextmanager
def gathering(model, norms):
    """A `with` block in which batch norms take the plain mean over all batches."""
    momenta, was_training = [norm.momentum for norm in norms], model.training
    model.train()
    for norm in norms:
        norm.momentum = None
    try:
        yield
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
        model.train(was_training)


def is_batch_norm(module) -> bool:
    """Whether a module is a batch norm: torch's, or what has its interface.

    >>> is_batch_norm(torch.nn.BatchNorm2d(1)), is_batch_norm(torch.nn.LayerNorm(1))
    (True, False)
    """
    if isinstance(module, torch.nn.Module):
        return isinstance(module, _BatchNorm)
    return hasattr(module, "reset_running_stats") and hasattr(module, "momentum")
