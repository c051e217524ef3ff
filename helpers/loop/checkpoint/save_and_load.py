"""A whole run in one file: what `save` takes, `load` gives back."""

from pathlib import Path
from typing import Any, NamedTuple

from helpers.loop.checkpoint import file_format
from helpers.loop.checkpoint.errors import CheckpointError
from helpers.loop.checkpoint.lock import held
from helpers.loop.checkpoint.parameter_names import matched_state, named_state
from helpers.loop.checkpoint.plain_values import plain
from helpers.loop.checkpoint.random_states import random_states, set_random_states


class Loaded(NamedTuple):
    """What a checkpoint says beside the states that it gave back.

    Made by `load`; a tuple of the epoch and of what was saved as `extra`.

    >>> Loaded(epoch=3, extra=None).epoch
    3
    """

    epoch: int
    extra: Any


def save(
    path, *, model=None, optimizer=None, scheduler=None, scaler=None, loader=None,
    epoch=0, extra=None,
):  # fmt: skip
    """Save a run in one file, which is whole at any instant, whatever is killed.

    Args:
        path (str or Path): the file; its folder must be there.
        model: a module of torch's or ours, or a list or dict of several; so are
            `optimizer`, `scheduler`, `scaler` (`GradScaler`) and `loader`.
        loader: a `ResumableLoader`, for the position in the data. Default: None.
        epoch (int): how many epochs are complete. Default: 0.
        extra: tensors and plain values of your own, nested. Default: None.

    The random states of Python, NumPy and torch, on every device, are saved too.

    Raises:
        OSError: the folder is gone, full, or not to be written; the old file is whole.
        CheckpointError: a value would need code from the file to be loaded, or another
            run holds the file.

    Chapter 10 builds it.

    >>> import tempfile, torch
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.Adam(model.parameters())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/run.ckpt"
    ...     save(path, model=model, optimizer=optimizer, epoch=3, extra={"best": 0.5})
    ...     load(path, model=model, optimizer=optimizer)
    Loaded(epoch=3, extra={'best': 0.5})
    """
    path = Path(path)
    with held(path):
        content = run_content(
            model, optimizer, scheduler, scaler, loader, epoch=epoch, extra=extra
        )
        file_format.write(path, content)


def run_content(
    model=None, optimizer=None, scheduler=None, scaler=None, loader=None, epoch=0,
    extra=None,
):  # fmt: skip
    """Gather what a checkpoint holds; the arguments are those of `save`."""
    names = _parameter_names(model)
    content = {
        "model": _states(model),
        "optimizer": {
            key: named_state(part, names) for key, part in _parts(optimizer).items()
        },
        "scheduler": _states(scheduler),
        "scaler": _states(scaler),
        "loader": _states(loader),
        "epoch": epoch,
        "extra": extra,
        "random": random_states(),
    }
    return {key: plain(value, key) for key, value in content.items()}


def load(
    path, *, model=None, optimizer=None, scheduler=None, scaler=None, loader=None,
    random=True,
):  # fmt: skip
    """Give a saved run back to a model, optimizer and so on that were made alike.

    Make all of them first, then load: a scheduler made after loading sets rates anew.
    An optimizer's state finds its parameters by name where the model, or the optimizer,
    names them, by place otherwise. Tensors go to the device of what they are loaded
    into. What isn't handed over is left out: only a model, say, to use it.

    Args:
        path (str or Path): the file.
        model: as in `save`; so are `optimizer`, `scheduler`, `scaler` and `loader`.
        random (bool): whether the random states are set too. Default: True.

    Returns:
        Loaded: the epoch, and `extra`.

    Raises:
        FileNotFoundError: there is no such file.
        CheckpointError: the file is cut, damaged, foreign or newer; it doesn't hold
            what is asked for; or parameters differ. Nothing has been changed then.

    Chapter 10 builds it.
    """
    content = file_format.read(path)
    handed = {
        "model": model, "optimizer": optimizer, "scheduler": scheduler,
        "scaler": scaler, "loader": loader,
    }  # fmt: skip
    handed = {what: _parts(part) for what, part in handed.items() if part is not None}
    for what, parts in handed.items():
        _check_keys(path, what, content[what], parts)
    names = _parameter_names(model)
    for key, part in handed.get("optimizer", {}).items():
        saved = content["optimizer"][key]
        content["optimizer"][key] = matched_state(saved, part, names)
    for what, parts in handed.items():
        for key, part in parts.items():
            part.load_state_dict(content[what][key])
    if random:
        set_random_states(content["random"])
    return Loaded(content["epoch"], content["extra"])


def _parts(given):
    """One part, several in a list or a dict, or none, as a dict."""
    if given is None:
        return {}
    if isinstance(given, dict):
        return given
    if isinstance(given, (list, tuple)):
        return {str(place): part for place, part in enumerate(given)}
    return {"": given}


def _states(given):
    """The state of each part."""
    return {key: part.state_dict() for key, part in _parts(given).items()}


def _parameter_names(model):
    """The name of each parameter of the models, by its id."""
    return {
        id(parameter): f"{key}.{name}" if key else name
        for key, part in _parts(model).items()
        for name, parameter in part.named_parameters()
    }


def _check_keys(path, what, saved, parts):
    """Refuse a file that doesn't hold just the parts that are asked for."""
    if set(saved) != set(parts):
        there, asked = _in_words(saved), _in_words(parts)
        raise CheckpointError(
            f"path = {path} holds {there} as {what}, and {asked} asked for; allowed is "
            f"what was saved: hand over the same {what}, or none"
        )


def _in_words(parts):
    """How many parts, and their names."""
    names = [key for key in parts if key]
    return f"{len(parts)} ({', '.join(names)})" if names else str(len(parts))
