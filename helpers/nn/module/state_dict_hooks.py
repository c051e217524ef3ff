"""Hooks around the saving and loading of a module's state."""

from collections import OrderedDict

from torch.utils.hooks import RemovableHandle


class StateDictHooks:
    """The part of a Module that keeps what is called as its state is saved or loaded.

    Each method returns a handle, whose `remove()` takes the hook out.
    """

    def __init__(self):
        super().__init__()
        self._state_dict_pre_hooks = OrderedDict()
        self._state_dict_hooks = OrderedDict()
        self._load_state_dict_pre_hooks = OrderedDict()
        self._load_state_dict_post_hooks = OrderedDict()

    def register_state_dict_pre_hook(self, hook):
        """Call hook(module, prefix, keep_vars) before this module's state is taken.

        Source: torch.nn.Module. Built in chapter 10.
        """
        return entered(self._state_dict_pre_hooks, hook)

    def register_state_dict_post_hook(self, hook):
        """Call hook(module, state_dict, prefix, local_metadata) after it is taken.

        The hook may change `state_dict` in place; RuntimeError if it returns something.

        >>> from helpers.nn import Linear
        >>> layer = Linear(1, 1)
        >>> def without_bias(module, state_dict, prefix, local_metadata):
        ...     del state_dict[prefix + "bias"]
        >>> handle = layer.register_state_dict_post_hook(without_bias)
        >>> list(layer.state_dict())
        ['weight']

        Source: torch.nn.Module. Built in chapter 10.
        """
        return entered(self._state_dict_hooks, hook)

    def register_load_state_dict_pre_hook(self, hook):
        """Call a hook before this module takes its tensors out of a state.

        Args:
            hook: hook(module, state_dict, prefix, local_metadata, strict, missing_keys,
                unexpected_keys, error_msgs); it may change the dict and the lists in
                place, such as to rename what an older version saved.

        Source: torch.nn.Module. Built in chapter 10.
        """
        return entered(self._load_state_dict_pre_hooks, hook)

    def register_load_state_dict_post_hook(self, hook):
        """Call hook(module, incompatible_keys) once this module and its parts loaded.

        Args:
            hook: it may change the lists `missing_keys` and `unexpected_keys` in place;
                what is left there is an error if loading is strict.

        AssertionError, as torch, if it returns something.

        Source: torch.nn.Module. Built in chapter 10.
        """
        return entered(self._load_state_dict_post_hooks, hook)


def entered(hooks, hook):
    """Enter a hook behind the others; return torch's handle."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle
