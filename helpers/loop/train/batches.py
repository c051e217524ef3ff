"""Batches as the loop needs them: pairs, on the model's device, some at a time."""

import torch


def pairs(loader, device):
    """Give each batch as inputs and targets on `device`, and refuse what is no pair.

    Raises:
        TypeError: a batch isn't two tensors.
    """
    for batch in loader:
        if not _is_pair(batch):
            raise TypeError(
                f"a batch of the loader is {_in_words(batch)}; allowed is a pair of "
                "tensors (inputs, targets): make the loader from both, or wrap it in "
                "a generator's class that yields pairs"
            )
        yield tuple(tensor.to(device) for tensor in batch)


def groups(batches, size):
    """Give lists of `size` batches, one for each step; the last may be shorter."""
    group = []
    for batch in batches:
        group.append(batch)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def device_of(model):
    """The device of the model's first parameter; the CPU if it has none."""
    first = next(iter(model.parameters()), None)
    return torch.device("cpu") if first is None else first.data.device


def _is_pair(batch):
    """Whether it is two tensors, torch's or ours."""
    return (
        isinstance(batch, (tuple, list))
        and len(batch) == 2
        and all(isinstance(getattr(each, "data", None), torch.Tensor) for each in batch)
    )


def _in_words(batch):
    """What a batch is, for an error."""
    kind = type(batch).__name__
    if not isinstance(batch, (tuple, list)):
        return f"of type {kind}"
    return (
        f"a {kind} of {', '.join(type(each).__name__ for each in batch) or 'nothing'}"
    )
