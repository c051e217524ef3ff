"""How many bytes a forward pass keeps for the backward pass.

With this module one can: count them for the network of `problems.mlp`, in torch and in
ours (`saved_bytes`). Counted is each memory once, however many operations saved it, and
whole, even where a view was saved. Parameters, inputs and targets are left out: they
would stay without a backward pass too.
"""

import torch

from benchmarks.engine import loss_of, targets_of, torch_leaf
from benchmarks.problems import mlp
from helpers.autograd import tensor


def saved_bytes() -> dict[str, int]:
    """The bytes kept by torch and by ours.

    >>> list(saved_bytes())
    ['torch', 'ours']
    """
    problem = mlp()
    return {"torch": torch_bytes(problem), "ours": our_bytes(problem)}


def torch_bytes(problem) -> int:
    """What torch hands to its hooks for saved tensors."""
    saved = []
    leaves, inputs, targets = given(problem, torch_leaf)

    def keep(array):
        saved.append(array)
        return array

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda array: array):
        loss = loss_of(problem, leaves, inputs, targets)
    assert loss.requires_grad
    return count(saved, [*leaves, inputs, targets])


def our_bytes(problem) -> int:
    """What lies in the nodes below the loss."""
    leaves, inputs, targets = given(problem, tensor)
    loss = loss_of(problem, leaves, inputs, targets)
    arrays = arrays_in([node.saved for node in nodes_below(loss.grad_fn)])
    return count(arrays, [each.data for each in (*leaves, inputs)] + [targets])


def given(problem, leaf):
    """Parameters, inputs and targets."""
    parameters = [leaf(torch.from_numpy(p), True) for p in problem.parameters()]
    return parameters, leaf(torch.from_numpy(problem.inputs)), targets_of(problem)


def nodes_below(root) -> set:
    """A node and all from which it was computed, leaves not among them."""
    found, waiting = {root}, [root]
    while waiting:
        for node, _ in waiting.pop().next_functions:
            if hasattr(node, "saved") and node not in found:
                found.add(node)
                waiting.append(node)
    return found


def arrays_in(values) -> list:
    """All raw arrays in nested lists and tuples."""
    if isinstance(values, torch.Tensor):
        return [values]
    if isinstance(values, (list, tuple)):
        return [array for value in values for array in arrays_in(value)]
    return []


def count(arrays, left_out) -> int:
    """The bytes of the memories of `arrays`, except those of `left_out`.

    >>> row = torch.zeros(3)
    >>> count([row, row[:2], torch.zeros(1)], [])
    16
    """
    memories = {each.untyped_storage().data_ptr(): each for each in arrays}
    for each in left_out:
        memories.pop(each.untyped_storage().data_ptr(), None)
    return sum(each.untyped_storage().nbytes() for each in memories.values())
