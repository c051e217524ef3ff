"""A state dict on its way into a module, and what does not fit."""

from collections import namedtuple

import torch

from helpers.autograd import Tensor, no_grad
from helpers.nn.module.traversal import joined
from helpers.nn.parameter import Parameter

HINT = (
    "Load what the state_dict() of the same architecture holds, or pass strict=False "
    "to load the entries whose names and shapes fit"
)


class IncompatibleKeys(
    namedtuple("IncompatibleKeys", ["missing_keys", "unexpected_keys"])
):
    """The names that `load_state_dict` did not find, and those it had no use for."""

    __slots__ = ()

    def __repr__(self):
        if not any(self):
            return "<All keys matched successfully>"
        return super().__repr__()


class Loading:
    """One state dict on its way into a module and its parts, and what did not fit."""

    def __init__(self, metadata, assign):
        self.metadata = metadata or {}
        self.assign = assign
        self.missing, self.unexpected, self.errors = [], [], []

    def load(self, module, state, path):
        """Have a module take what is its own, then its parts; call its hooks last."""
        prefix = joined(path, "")
        metadata = dict(self.metadata.get(path, {}))
        if self.assign:
            metadata["assign_to_params_buffers"] = True
        lists = self.missing, self.unexpected, self.errors
        module._load_from_state_dict(state, prefix, metadata, True, *lists)
        for name, part in module._modules.items():
            if part is not None:
                inner = f"{prefix}{name}."
                below = {k: v for k, v in state.items() if k.startswith(inner)}
                self.load(part, below, prefix + name)
        for hook in module._load_state_dict_post_hooks.values():
            check_post_hook(hook(module, IncompatibleKeys(*lists[:2])))

    def raise_errors(self, name, strict):
        """RuntimeError if something did not fit, in torch's words."""
        if strict and self.unexpected:
            self.errors.insert(0, f"Unexpected {quoted(self.unexpected)}")
        if strict and self.missing:
            self.errors.insert(0, f"Missing {quoted(self.missing)}")
        if self.errors:
            lines = "\n\t".join(self.errors)
            raise RuntimeError(
                f"Error(s) in loading state_dict for {name}:\n\t{lines}\n{HINT}"
            )


def fits(key, tensor, state, errors):
    """Whether an entry can be loaded into a tensor; notes why it can't."""
    given = state[key]
    if not isinstance(given, Tensor | torch.Tensor):
        errors.append(
            f'While copying the parameter named "{key}", expected torch.Tensor or '
            f"Tensor-like object from checkpoint but received {type(given)}"
        )
        return False
    if (given.shape, tensor.shape) == ((1,), ()):  # as torch saved numbers once
        given = state[key] = given[0]
    if given.shape != tensor.shape:
        errors.append(
            f"size mismatch for {key}: copying a param with shape {given.shape} "
            f"from checkpoint, the shape in current model is {tensor.shape}."
        )
    return given.shape == tensor.shape


def put(module, name, tensor, given, assign):
    """Copy the values into a tensor, or put what is given in its place."""
    if not assign:
        with no_grad():
            tensor.copy_(given.detach())
    elif not isinstance(tensor, Parameter):
        setattr(module, name, given)
    elif isinstance(given, Parameter):
        setattr(module, name, given.requires_grad_(tensor.requires_grad))
    else:
        setattr(module, name, Parameter(given, tensor.requires_grad))


def is_needless(key, prefix, own, parts):
    """Whether an entry lies below a module that has no such tensor or part."""
    if not key.startswith(prefix):
        return False
    name, dot, _ = key[len(prefix) :].partition(".")
    return name not in (parts if dot else own)


def check_saving_hook(returned):
    """RuntimeError, as torch, for a hook of `state_dict` that returned something."""
    if returned is not None:
        raise RuntimeError(
            "state_dict post-hook must return None: change the state_dict that it is "
            "given in place"
        )


def check_post_hook(returned):
    """AssertionError, as torch, for a hook of loading that returned something."""
    if returned is not None:
        raise AssertionError(
            "Hooks registered with ``register_load_state_dict_post_hook`` are not "
            "expected to return new values, if incompatible_keys need to be modified, "
            "it should be done inplace: return None"
        )


def quoted(keys):
    """Names as torch lists them."""
    return "key(s) in state_dict: {}. ".format(", ".join(f'"{k}"' for k in keys))
