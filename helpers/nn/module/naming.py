"""What is refused when something is registered in a module, in torch's words."""

import torch

OF_TORCH = (
    "Parts of torch.nn record on torch's engine: take those of helpers.nn instead, or "
    "call the whole torch module by helpers.nn.functional_call"
)


def check_ready(module, table, kind):
    """AttributeError if the tables of a module are not there yet."""
    if table not in module.__dict__:
        raise AttributeError(
            f"cannot assign {kind} before Module.__init__() call. Call "
            "super().__init__() first in the __init__ of your class"
        )


def check_free(module, kind, name, table):
    """TypeError for a name that is no text; KeyError for one that can't be used."""
    if not isinstance(name, str):
        raise TypeError(
            f"{kind} name should be a string. Got {torch.typename(name)}; pass str(...)"
        )
    if "." in name:
        raise KeyError(
            f'{kind} name can\'t contain ".", got: {name}. Dots part the names of a '
            "path; use _ instead"
        )
    if name == "":
        raise KeyError(f'{kind} name can\'t be empty string "". Give it a name')
    if name not in table and hasattr(module, name):
        raise KeyError(
            f"attribute '{name}' already exists in {type(module).__name__}. Choose "
            "another name, or delete it first"
        )


def refuse_kind(value, place, own, verb):
    """TypeError: what was given, what may stand there, what to do."""
    text = f"cannot assign '{torch.typename(value)}' {place} ({own} or None {verb})"
    if isinstance(value, torch.nn.Module | torch.nn.Parameter):
        raise TypeError(f"{text}. {OF_TORCH}")
    raise TypeError(f"{text}. Wrap it in the right kind, or choose another name")
