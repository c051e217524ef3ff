"""Copies of tensors: by copy.deepcopy, and through pickle."""

import copy

NON_LEAF_COPY = (
    "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
    "protocol at the moment. Copy tensor.detach(), or use tensor.clone(), which keeps "
    "the history"
)


def deep_copy(tensor, memo):
    """A leaf with a copy of the numbers and of the gradient, without the hooks.

    RuntimeError for a non-leaf, whose history can't be copied.
    """
    if tensor.edge is not None:
        raise RuntimeError(NON_LEAF_COPY)
    if id(tensor) in memo:
        return memo[id(tensor)]
    data = copy.deepcopy(tensor.data, memo)
    made = memo[id(tensor)] = kind_of(tensor)(data, tensor.requires_grad)
    made._grad = copy.deepcopy(tensor._grad, memo)
    return made


def recipe(tensor, protocol):
    """What pickle writes down: the numbers, and whether a gradient is required.

    The gradient and the history stay behind, as in torch.
    """
    return kind_of(tensor), (tensor.data, tensor.requires_grad)


def kind_of(tensor):
    """The class of a copy: that of the tensor; of a view, a tensor of its own."""
    is_view = hasattr(tensor, "parent")
    return type(tensor.detach() if is_view else tensor)
