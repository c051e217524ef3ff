"""What is saved of a module, and loaded into one, by the paths of its tensors."""

from collections import OrderedDict
from collections.abc import Mapping

from helpers.nn.module.loading import (
    IncompatibleKeys,
    Loading,
    check_saving_hook,
    fits,
    is_needless,
    put,
)
from helpers.nn.module.state_dict_hooks import StateDictHooks


class StateDict(StateDictHooks):
    """The part of a Module that gives its state out, and takes one in.

    A module of torch's that holds one of ours saves and loads it by the same methods.
    """

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
        metadata = {"version": self._version}
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = metadata
        for hook in self._state_dict_pre_hooks.values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(
                    destination=destination,
                    prefix=f"{prefix}{name}.",
                    keep_vars=keep_vars,
                )
        for hook in self._state_dict_hooks.values():
            check_saving_hook(hook(self, destination, prefix, metadata))
        return destination

    def _save_to_state_dict(self, destination, prefix, keep_vars):
        """Enter this module's own tensors."""
        for name, tensor in self._saved().items():
            destination[prefix + name] = tensor if keep_vars else tensor.data

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

        >>> import torch
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
        loading = Loading(getattr(state_dict, "_metadata", None), assign)
        loading.load(self, OrderedDict(state_dict), "")
        loading.raise_errors(type(self).__name__, strict)
        return IncompatibleKeys(loading.missing, loading.unexpected)

    def _load_from_state_dict(self, state_dict, prefix, local_metadata, strict,
                              missing_keys, unexpected_keys, error_msgs):  # fmt: skip
        """Take this module's own tensors; what does not fit is added to the lists.

        With torch's arguments, which a subclass can use that overrides it: `state_dict`
        may be changed, `local_metadata` is what was saved of this module's layout.
        """
        self._complete(state_dict, prefix, local_metadata.get("version"))
        given = (state_dict, prefix, local_metadata, strict)
        for hook in self._load_state_dict_pre_hooks.values():
            hook(self, *given, missing_keys, unexpected_keys, error_msgs)
        assign = local_metadata.get("assign_to_params_buffers", False)
        own = self._saved()
        for name, tensor in own.items():
            key = prefix + name
            if key not in state_dict:
                missing_keys.append(key)
            elif fits(key, tensor, state_dict, error_msgs):
                put(self, name, tensor, state_dict[key], assign)
        parts = self._modules
        unexpected_keys += [
            key for key in state_dict if is_needless(key, prefix, own, parts)
        ]

    def _complete(self, state, prefix, version):
        """Add to a copied state what an older layout of this module had not."""
