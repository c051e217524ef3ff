"""What may stand in a checkpoint: tensors and plain values."""

from collections import Counter, OrderedDict, defaultdict

import numpy as np
import torch

from helpers.loop.checkpoint.errors import CheckpointError

_PLAIN = (bool, int, float, complex, str, bytes, type(None))
_PLAIN += (torch.Size, torch.dtype, torch.device)
_DICTS = (dict, OrderedDict, Counter, defaultdict)


def plain(value, where):
    """Give `value` as it can be loaded without running code.

    Numbers of NumPy become Python's, tensors of ours torch's; all else stays as it is.

    Args:
        value: tensors and plain values, nested in dicts, lists, tuples and sets.
        where (str): what it is called in an error.

    Raises:
        CheckpointError: a value of another type is in it; the error names its place.
    """
    kind = type(value)
    if kind in _PLAIN or isinstance(value, torch.Tensor):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(getattr(value, "data", None), torch.Tensor):
        return value.data
    if kind in _DICTS:
        items = {key: plain(item, f"{where}[{key!r}]") for key, item in value.items()}
        unchanged = all(items[key] is value[key] for key in value)
        return value if unchanged else items
    if kind in (list, tuple, set):
        return kind(plain(item, f"{where}[{i}]") for i, item in enumerate(value))
    raise CheckpointError(
        f"{where} is of type {kind.__module__}.{kind.__qualname__}; allowed are "
        "tensors, numbers, text, None, and dicts, lists, tuples and sets of them, "
        "which load without running code: save its numbers instead"
    )
