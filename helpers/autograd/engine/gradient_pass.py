"""Pass: one walk of gradients through a graph.

The order is by depth. A node lies deeper than all it was computed from, so when the
engine has finished all nodes that lie deeper than some depth, every gradient for the
nodes at that depth has arrived. No recursion, no sorting, each node once.
"""

from collections import defaultdict

from helpers.autograd.engine.accumulate import accumulate
from helpers.autograd.engine.graph_task import run_as_graph_task
from helpers.autograd.engine.run_hooks import run_post_hooks, run_pre_hooks
from helpers.autograd.grad_mode import set_grad_enabled
from helpers.autograd.graph.node import Slot
from helpers.autograd.graph.saved_tensors import Packed
from helpers.autograd.tensor.tensor import edge_of


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

    def run(self, outputs, gradients):
        """Start with a gradient for each output, and go all the way."""
        self.deliver([edge_of(output) for output in outputs], gradients)
        if not self.waiting:  # there are no outputs
            return
        if Packed.is_used:
            run_as_graph_task(self.descend)
        else:
            self.descend()

    def descend(self):
        """Visit the nodes, the deepest first, then the leaves."""
        with set_grad_enabled(self.recording):
            for depth in range(max(self.waiting), 0, -1):
                for node in self.waiting.pop(depth, ()):
                    self.visit(node)
            for leaf in self.waiting.pop(0, ()):
                self.arrive(leaf)

    def visit(self, node):
        """Let a node turn what arrived there into the gradients of its inputs."""
        gradient, inputs = self.arriving.pop(node), self.inputs
        if inputs is not None and not inputs.let_pass(node, gradient, self.recording):
            return
        if node.hooks is not None:
            gradient = run_pre_hooks(node, gradient, self.recording)
            if gradient is None:
                return  # a hook took it away
        gradients = node.backward(gradient, self.recording)
        if not self.keep and node.saved:
            node.free()
        if inputs is not None:
            gradients = inputs.wanted(node.edges, gradients)
        if node.hooks is not None and node.hooks.after:
            gradients = run_post_hooks(node, gradients, gradient, self.recording)
        self.deliver(node.edges, gradients)

    def deliver(self, edges, gradients):
        """Hand each gradient to its edge, where it is added to what is there.

        The first gradient is borrowed: it may be someone else's too. A second makes a
        sum, which is ours, so later ones are added to it in place.
        """
        arriving, owned = self.arriving, self.owned
        for edge, gradient in zip(edges, gradients):  # noqa: B905 -- strict costs time
            if gradient is None or edge is None:
                continue
            held = arriving.get(edge)
            if held is None:
                if edge.__class__ is Slot:
                    self.deliver_to_slot(edge, gradient)
                    continue
                arriving[edge] = gradient
                self.waiting[edge.depth].append(edge)
            elif held.is_sparse:
                arriving[edge] = gradient + held  # torch has no sparse + dense
            elif edge in owned:
                held += gradient
            else:
                arriving[edge] = held + gradient
                if not self.recording:
                    owned.add(edge)

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
