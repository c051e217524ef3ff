"""How a graph becomes fast: torch.compile's backends, and a recording by the device."""

import torch
from torch._dynamo import lookup_backend

from helpers.fast.device_graph import DeviceGraph, records_graphs
from helpers.fast.errors import in_compilation

OF_PLAIN_LOOP = {"fallback_random": True}  # random numbers in its order


class Compiler:
    """Makes functions of a `Call` from graphs.

    Args:
        backend, options, cuda_graph: as for `compiled_step`.

    A graph goes to the backend as it is. torch.compile itself would trace the graph's
    Python again, and at each call spend 30 us in looking whether it is still the same,
    which `Conditions` has done already.

    Source: "Custom backends" in torch.compile's notes, for `lookup_backend`.
    """

    def __init__(self, backend="inductor", options=None, cuda_graph=None):
        self.backend, self.cuda_graph = backend, cuda_graph
        named = (options or {}).items()
        self.options = {name.replace("-", "_"): value for name, value in named}
        if backend == "inductor":
            check_options(self.options)
            self.options = OF_PLAIN_LOOP | self.options

    def records(self, device):
        """Whether the device is to record steps."""
        if self.cuda_graph is None:
            return records_graphs(device)
        return self.cuda_graph

    def compile(self, graph, device):
        """What executes a graph; says if no compiler is found."""
        own = copy_of(graph)
        examples = [n.meta["val"] for n in own.graph.nodes if n.op == "placeholder"]
        name = "config_patches" if self.backend == "inductor" else "options"
        named = {name: self.options} if self.options else {}
        with in_compilation(self.backend), torch.no_grad():
            compiled = lookup_backend(self.backend)(own, examples, **named)
        if self.records(device):
            return DeviceGraph(compiled, device)
        return lambda call: compiled(*call.inputs)


def copy_of(graph):
    """A graph that a backend may change; its tensors are those of the given one."""
    nodes = torch.fx.Graph()
    nodes.output(nodes.graph_copy(graph.graph, {}))
    return torch.fx.GraphModule(graph, nodes)


def check_options(options):
    """Raise `ValueError` for an option that inductor hasn't."""
    for name in options:
        if name not in torch._inductor.list_options():
            raise ValueError(
                f"options has {name!r}, which inductor hasn't. Its options are the "
                "names that torch._inductor.list_options() gives: take one of these"
            )
