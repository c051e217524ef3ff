"""How a graph becomes fast: torch.compile, and a recording by the device."""

import torch

from helpers.fast.device_graph import DeviceGraph, records_graphs
from helpers.fast.errors import in_compilation

OF_PLAIN_LOOP = {"fallback_random": True}  # random numbers in its order


class Compiler:
    """Makes functions of a `Call` from graphs.

    Args:
        backend, options, cuda_graph: as for `compiled_step`.
    """

    def __init__(self, backend="inductor", options=None, cuda_graph=None):
        self.backend, self.cuda_graph = backend, cuda_graph
        self.options = options or {}
        if backend == "inductor":
            self.options = OF_PLAIN_LOOP | self.options

    def records(self, device):
        """Whether the device is to record steps."""
        if self.cuda_graph is None:
            return records_graphs(device)
        return self.cuda_graph

    def compile(self, graph, device):
        """What executes a graph. It is compiled at its first call."""
        options = dict(self.options)
        # What a guard would look at, `Conditions` has compared already.
        options["guard_filter_fn"] = torch.compiler.skip_all_guards_unsafe
        compiled = torch.compile(
            graph.forward,
            fullgraph=True,
            dynamic=False,
            backend=self.backend,
            options=options,
        )
        if self.records(device):
            run = DeviceGraph(compiled, device)
        else:

            def run(call):
                return compiled(*call.inputs())

        return Executable(run, self.backend)


class Executable:
    """A function whose first call compiles it, and says if no compiler is found."""

    def __init__(self, run, backend):
        self.run, self.backend = run, backend
        self.is_compiled = False

    def __call__(self, call):
        """The graph's results."""
        if self.is_compiled:
            return self.run(call)
        with in_compilation(self.backend):
            results = self.run(call)
        self.is_compiled = True
        return results
