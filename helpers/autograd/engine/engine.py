"""The engine: gradients travel from the results down to the leaves.

With this module one can: fill the `.grad` of leaves (`backward`), and compute gradients
without touching any `.grad` (`grad`).

The order is by depth. A node lies deeper than all it was computed from, so when the
engine has finished all nodes that lie deeper than some depth, every gradient for the
nodes at that depth has arrived. No recursion, no sorting, each node once.
"""

from collections import defaultdict

import torch

from helpers.autograd.engine.accumulate import accumulate
from helpers.autograd.engine.grad_outputs import first_gradients, inputs_of, sequence_of
from helpers.autograd.engine.inputs import Targets
from helpers.autograd.engine.run_hooks import after_hooks, leaf_hooks, seen_by_hooks
from helpers.autograd.grad_mode import set_grad_enabled
from helpers.autograd.graph.node import Slot
from helpers.autograd.tensor.tensor import edge_of


def backward(tensors, grad_tensors=None, retain_graph=None, create_graph=False,
             inputs=None):  # fmt: skip
    """Add d tensors / d leaf to the `.grad` of every leaf below `tensors`.

    Args:
        tensors: a Tensor or several, the results to start from.
        grad_tensors: for each its own gradient, of its shape; may be None for a
            tensor of one element, which starts with 1.
        retain_graph: keep what the graph saved, for another backward. Unless given,
            the same as `create_graph`.
        create_graph: record the backward pass too, so that gradients have gradients.
        inputs: the tensors to fill; unless given, all leaves.

    Raises: RuntimeError for a tensor that does not require grad, for one of several
    elements without a gradient, for a graph that was freed, and for a saved array that
    was changed in place.

    >>> from helpers.autograd import tensor
    >>> x = tensor([1.0, 2.0], requires_grad=True)
    >>> backward((x * x).sum())
    >>> x.grad
    tensor([2., 4.])

    Source: torch.autograd.backward. Built in chapter 03.
    """
    roots = sequence_of(tensors)
    starts = first_gradients(roots, grad_tensors, create_graph)
    targets = None
    if inputs is not None:
        targets = Targets(inputs_of(inputs, "backward"), roots)
    keep = create_graph if retain_graph is None else retain_graph
    run(roots, starts, keep, create_graph, targets)
    if targets is not None:
        targets.accumulate(create_graph)


def grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False,
         allow_unused=None, materialize_grads=False):  # fmt: skip
    """The gradients d outputs / d inputs, as a tuple; no `.grad` changes.

    Args:
        outputs, grad_outputs, retain_graph, create_graph: as for `backward`.
        inputs: a Tensor or several, leaves or not.
        allow_unused: whether an input may be one that the outputs do not depend on; its
            gradient is None. Unless given, allowed only with `materialize_grads`.
        materialize_grads: zeros in place of None.

    Raises: as `backward`; RuntimeError for an unused input, unless allowed, and
    ValueError if `materialize_grads` is asked for while unused inputs are forbidden.

    >>> from helpers.autograd import tensor
    >>> x = tensor(3.0, requires_grad=True)
    >>> (slope,) = grad(x * x, x, create_graph=True)
    >>> slope.item(), grad(slope, x)[0].item()
    (6.0, 2.0)

    Source: torch.autograd.grad. Built in chapter 03.
    """
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads="
            "True, but got: allow_unused=False."
        )
    roots = sequence_of(outputs)
    starts = first_gradients(roots, grad_outputs, create_graph)
    targets = Targets(inputs_of(inputs, "grad"), roots)
    keep = create_graph if retain_graph is None else retain_graph
    run(roots, starts, keep, create_graph, targets)
    return targets.results(allow_unused or materialize_grads, materialize_grads)


def run(roots, starts, keep, recording, targets=None):
    """Send the gradients `starts` from `roots` through the graph, down to the leaves.

    With `recording` gradients are Tensors, else raw arrays. `targets` says which
    gradients are wanted; unless given, those of all leaves.
    """
    arriving = {}  # edge -> the sum of what has arrived there so far
    waiting = defaultdict(list)  # depth -> the edges there, in order of arrival
    owned = set()  # the edges whose sum is our own, so that we may add to it in place
    deliver([edge_of(root) for root in roots], starts, arriving, waiting, owned)
    if not waiting:
        return  # there are no roots
    with set_grad_enabled(recording):
        descend(arriving, waiting, owned, keep, recording, targets)
        for leaf in waiting.pop(0, ()):
            if targets is not None and not targets.concern(leaf):
                continue
            gradient = leaf_hooks(leaf, arriving.pop(leaf), recording)
            if targets is None:
                accumulate(leaf, gradient, recording)
            else:
                targets.lead_through(leaf, gradient)


def descend(arriving, waiting, owned, keep, recording, targets):
    """Walk from the deepest nodes to the leaves; leave there what has arrived."""
    for depth in range(max(waiting), 0, -1):
        for node in waiting.pop(depth, ()):
            gradient = arriving.pop(node)
            if targets is not None and not targets.concern(node):
                continue
            if node.hooks is not None or targets is not None:
                gradient = seen_by_hooks(node, gradient, recording)
                if targets is not None and not targets.lead_through(node, gradient):
                    continue
            gradients = node.backward(gradient, recording)
            if not keep and node.saved:
                node.free()
            if node.hooks is not None and node.hooks.after:
                gradients = after_hooks(node, gradients, gradient, recording)
            deliver(node.edges, gradients, arriving, waiting, owned)


def deliver(edges, gradients, arriving, waiting, owned):
    """Hand each gradient to its edge, where it is added to what is there.

    The first gradient is borrowed: it may be someone else's too. A second makes a sum,
    which is ours, so later ones are added to it in place.
    """
    for edge, gradient in zip(edges, gradients):  # noqa: B905 -- strict costs time
        if gradient is None or edge is None:
            continue
        held = arriving.get(edge)
        if held is None:
            if edge.__class__ is Slot:
                deliver_one_of_several(edge, gradient, arriving, waiting)
                continue
            arriving[edge] = gradient
            waiting[edge.depth].append(edge)
        elif edge in owned:
            held += gradient
        else:
            arriving[edge] = held + gradient
            if isinstance(gradient, torch.Tensor):
                owned.add(edge)


def deliver_one_of_several(slot, gradient, arriving, waiting):
    """Hand a gradient to one output of a node that has several.

    What arrives at such a node is a list, None for outputs that got nothing.
    """
    node, index = slot.node, slot.index
    if node not in arriving:
        arriving[node] = [None] * node.outputs
        waiting[node.depth].append(node)
    held = arriving[node][index]
    arriving[node][index] = gradient if held is None else held + gradient
