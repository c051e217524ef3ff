"""Pass: one walk of gradients through a graph.

The order is by depth. A node lies deeper than all it was computed from, so when the
engine has finished all nodes that lie deeper than some depth, every gradient for the
nodes at that depth has arrived. No recursion, no sorting, each node once.
"""

from collections import defaultdict

from helpers.autograd.engine.accumulate import accumulate
from helpers.autograd.engine.early_leaves import leaves_by_depth
from helpers.autograd.engine.graph_task import run_as_graph_task
from helpers.autograd.engine.run_hooks import (
    run_end_hooks,
    run_post_hooks,
    run_pre_hooks,
)
from helpers.autograd.grad_mode import set_grad_enabled
from helpers.autograd.graph.node import Slot
from helpers.autograd.graph.saved_tensors import Packed
from helpers.autograd.tensor.tensor import edge_of


class GraphRoot:
    """Where a pass starts: a node above all outputs, whose edges lead to them."""

    hooks = saved = None

    def __init__(self, edges):
        self.edges = edges
        self.depth = 1 + max([edge.depth for edge in edges], default=0)

    def backward(self, gradients, recording):
        """The gradients that the outputs start with, as they were given."""
        return gradients


class Pass:
    """One walk of gradients through a graph, from the outputs down to the leaves.

    Args:
        keep: whether nodes keep what they saved, for another pass.
        recording: whether gradients are Tensors, and what happens to them is recorded;
            else they are raw arrays.
        inputs: the `Inputs` whose gradients are wanted; None for all leaves.

    An edge stands for where gradients go: a Node, a Slot or a leaf. `arriving` holds
    for each edge the sum of what has come so far, `waiting` for each depth the edges
    there, in order of arrival; `owned` are the edges whose sum is our own, so that we
    may add to it in place.

    Source: torch's engine. Built in chapter 03.
    """

    def __init__(self, keep=False, recording=False, inputs=None):
        self.keep, self.recording, self.inputs = keep, recording, inputs
        self.arriving = {}
        self.waiting = defaultdict(list)
        self.owned = set()
        self.early = {}

    def run(self, outputs, gradients):
        """Start with a gradient for each output, and go all the way."""
        root = GraphRoot([edge_of(output) for output in outputs])
        self.waiting[root.depth].append(root)
        self.arriving[root] = gradients
        self.early = leaves_by_depth(root)
        if self.inputs is not None:
            self.inputs.at_work.add(root)
        if Packed.is_used:
            run_as_graph_task(self.walk)
        else:
            self.walk()

    def walk(self):
        """Visit the nodes, then the leaves; nothing else holds their gradients then."""
        with set_grad_enabled(self.recording):
            self.descend()
            leaves = self.waiting.pop(0, ())
            self.arrive_at(leaves)
            for leaf in leaves:
                if leaf.hooks is not None and leaf.hooks.ended:
                    run_end_hooks(leaf)

    def descend(self):
        """Visit the nodes, the deepest first; what is left waits at the leaves.

        Each gradient that a node makes goes along its edge, and is added to what is
        there. The first is borrowed: it may be someone else's too. A second makes a
        sum, which is ours, so later ones are added to it in place.
        """
        arriving, waiting, owned = self.arriving, self.waiting, self.owned
        for depth in range(max(waiting), 0, -1):
            for node in waiting.pop(depth, ()):
                gradients = self.visit(node, arriving.pop(node))
                for edge, gradient in zip(node.edges, gradients):  # noqa: B905
                    if gradient is None or edge is None:
                        continue
                    held = arriving.get(edge)
                    if held is None:
                        if edge.__class__ is Slot:
                            self.deliver_to_slot(edge, gradient)
                            continue
                        arriving[edge] = gradient
                        waiting[edge.depth].append(edge)
                    elif edge in owned:
                        held += gradient
                    else:
                        arriving[edge] = self.sum_of(edge, held, gradient)
            if depth in self.early:
                gradients = gradient = held = None  # nothing else holds what arrives
                self.arrive_at(self.early[depth])

    def arrive_at(self, leaves):
        """End at those leaves to which a gradient came, and which are not done yet."""
        for leaf in leaves:
            if leaf in self.arriving:
                self.arrive(leaf)

    def visit(self, node, gradient):
        """Let a node turn what arrived there into the gradients of its inputs."""
        inputs = self.inputs
        if inputs is not None and not inputs.let_pass(node, gradient, self.recording):
            return ()
        if node.hooks is not None:
            gradient = run_pre_hooks(node, gradient, self.recording)
            if gradient is None:
                return ()  # a hook took it away
        gradients = node.backward(gradient, self.recording)
        if not self.keep and node.saved:
            node.free()
        if inputs is not None:
            gradients = inputs.wanted(node.edges, gradients)
        if node.hooks is not None and node.hooks.after:
            gradients = run_post_hooks(node, gradients, gradient, self.recording)
        return gradients

    def sum_of(self, edge, held, gradient):
        """The sum of two gradients at an edge; torch has no sparse + dense."""
        total = gradient + held if held.is_sparse else held + gradient
        if not self.recording and not total.is_sparse:
            self.owned.add(edge)
        return total

    def deliver_to_slot(self, slot, gradient):
        """Hand a gradient to one output of a node that has several.

        What arrives at such a node is a list, None for outputs that got nothing.
        """
        node, index = slot.node, slot.index
        if node not in self.arriving:
            self.arriving[node] = [None] * node.outputs
            self.waiting[node.depth].append(node)
        held = self.arriving[node][index]
        self.arriving[node][index] = gradient if held is None else held + gradient

    def arrive(self, leaf):
        """End at a leaf: add to its `.grad`, or note the gradient if asked for."""
        gradient, inputs = self.arriving.pop(leaf), self.inputs
        if inputs is not None and not inputs.let_pass(leaf, gradient, self.recording):
            return
        if leaf.hooks is not None:
            gradient = run_pre_hooks(leaf, gradient, self.recording)
            if gradient is None:
                return
        accumulate(leaf, gradient, self.recording)
        if leaf.hooks is not None and leaf.hooks.after:
            run_post_hooks(leaf, (), gradient, self.recording)
