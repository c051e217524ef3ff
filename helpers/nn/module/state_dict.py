"""What is saved of a module, and loaded into one, by the paths of its tensors."""

from collections import OrderedDict, namedtuple
from collections.abc import Mapping

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


class StateDict:
    """The part of a Module that gives its state out, and takes one in."""

    _version = 1  # of the layout: stands in the metadata of a state dict, as torch's

    def state_dict(self, *, destination=None, prefix: str = "",
                   keep_vars: bool = False):  # fmt: skip
        """All parameters and persistent buffers by their paths, as raw torch tensors.

        They share the memory of this module's: copy.deepcopy keeps a state. A torch
        module of the same architecture loads them as they are.

        Args:
            destination: a dict to fill; unless given, a new one.
            prefix: stands before each path.
            keep_vars: whether the Tensors themselves are the values.

        >>> from helpers.nn import Linear
        >>> list(Linear(2, 1).state_dict())
        ['weight', 'bias']

        Source: torch.nn.Module. Chapters 08 and 10 build it.
        """
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = {"version": self._version}
        for name, tensor in self._saved().items():
            destination[prefix + name] = tensor if keep_vars else tensor.data
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(
                    destination=destination,
                    prefix=f"{prefix}{name}.",
                    keep_vars=keep_vars,
                )
        return destination

    def _saved(self):
        """This module's own tensors that are saved, by name."""
        forgotten = self._non_persistent_buffers_set
        own = {**self._parameters, **self._buffers}
        return {n: t for n, t in own.items() if t is not None and n not in forgotten}

    def load_state_dict(self, state_dict, strict: bool = True, assign: bool = False):
        """Copy the values of a state dict, torch's or ours, into this module.

        Args:
            state_dict: tensors of either kind, by path; it is not changed.
            strict: whether a missing or needless name is an error.
            assign: whether the given tensors take the place of this module's, with
                their dtype and device and memory; else their values are copied.

        Returns: `missing_keys` and `unexpected_keys`, two lists of names.

        Raises: RuntimeError naming all that does not fit, after what fits has been
        loaded; TypeError for what is no dict.

        >>> from helpers.nn import Linear
        >>> ours, torchs = Linear(2, 1), torch.nn.Linear(2, 1)
        >>> ours.load_state_dict(torchs.state_dict())
        <All keys matched successfully>

        Source: torch.nn.Module. Chapters 08 and 10 build it.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(
                f"Expected state_dict to be dict-like, got {type(state_dict)}. Pass "
                "what state_dict() returned"
            )
        loading = Loading(state_dict, assign)
        loading.load(self, "")
        loading.raise_errors(type(self).__name__, strict)
        return IncompatibleKeys(loading.missing, loading.unexpected)

    def _complete(self, state, prefix, version):
        """Add to a copied state what an older layout of this module had not."""


class Loading:
    """One state dict on its way into a module, and what did not fit."""

    def __init__(self, state_dict, assign):
        self.state = OrderedDict(state_dict)
        self.metadata = getattr(state_dict, "_metadata", None) or {}
        self.assign = assign
        self.missing, self.unexpected, self.errors = [], [], []

    def load(self, module, path):
        """Take what belongs to a module, then what belongs to its parts."""
        prefix = joined(path, "")
        version = self.metadata.get(path, {}).get("version")
        module._complete(self.state, prefix, version)
        own = module._saved()
        for name, tensor in own.items():
            key = prefix + name
            if key not in self.state:
                self.missing.append(key)
            elif self.fits(key, tensor):
                self.put(module, name, tensor, self.state[key])
        parts = module._modules
        self.unexpected += [
            key for key in self.state if is_needless(key, prefix, own, parts)
        ]
        for name, part in parts.items():
            if part is not None:
                self.load(part, prefix + name)

    def fits(self, key, tensor):
        """Whether an entry can be loaded into a tensor; notes why it can't."""
        given = self.state[key]
        if not isinstance(given, Tensor | torch.Tensor):
            self.errors.append(
                f'While copying the parameter named "{key}", expected torch.Tensor or '
                f"Tensor-like object from checkpoint but received {type(given)}"
            )
            return False
        if (given.shape, tensor.shape) == ((1,), ()):  # as torch saved numbers once
            given = self.state[key] = given[0]
        if given.shape != tensor.shape:
            self.errors.append(
                f"size mismatch for {key}: copying a param with shape {given.shape} "
                f"from checkpoint, the shape in current model is {tensor.shape}."
            )
        return given.shape == tensor.shape

    def put(self, module, name, tensor, given):
        """Copy the values into a tensor, or put what is given in its place."""
        if not self.assign:
            with no_grad():
                tensor.copy_(given.detach())
        elif not isinstance(tensor, Parameter):
            setattr(module, name, given)
        elif isinstance(given, Parameter):
            setattr(module, name, given.requires_grad_(tensor.requires_grad))
        else:
            setattr(module, name, Parameter(given, tensor.requires_grad))

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


def is_needless(key, prefix, own, parts):
    """Whether an entry lies below a module that has no such tensor or part."""
    if not key.startswith(prefix):
        return False
    name, dot, _ = key[len(prefix) :].partition(".")
    return name not in (parts if dot else own)


def quoted(keys):
    """Names as torch lists them."""
    return "key(s) in state_dict: {}. ".format(", ".join(f'"{k}"' for k in keys))
