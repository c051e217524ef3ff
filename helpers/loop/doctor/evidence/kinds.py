"""What sort of thing a module or a tensor is, and whether it can be read now."""

import weakref

import torch

CRITERIA = "torch.nn.modules.loss"


def kind(module):
    """The name of a module's class."""
    return type(module).__name__


def is_criterion(module):
    """Whether a module is one of torch's losses."""
    return type(module).__module__ == CRITERIA


def is_moody(module):
    """Whether a module computes something else in training: norms and dropout."""
    if isinstance(module, torch.nn.modules.dropout._DropoutNd):
        return module.p > 0
    return getattr(module, "running_mean", None) is not None


def first(values):
    """The first tensor of nested values, or None."""
    if isinstance(values, torch.Tensor):
        return values
    if isinstance(values, dict):
        values = values.values()
    if isinstance(values, list | tuple | type({}.values())):
        for value in values:
            found = first(value)
            if found is not None:
                return found
    return None


def weak(state_dict):
    """Weak references to the tensors of a state dict, and to the dict itself."""
    found = [weakref.ref(v) for v in state_dict.values() if isinstance(v, torch.Tensor)]
    return found


def version(tensor):
    """How often a tensor was written to; -1 for one that doesn't count."""
    if isinstance(tensor, torch.Tensor) and not tensor.is_inference():
        return tensor._version
    return -1


def is_traced():
    """Whether tensors may have no values now, since a graph is made of the calls."""
    return torch._C._len_torch_dispatch_stack() > 0
