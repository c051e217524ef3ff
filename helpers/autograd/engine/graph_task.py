"""A backward of torch's around one of ours, for hooks that ask which pass it is.

torch.utils.checkpoint computes a segment anew once for each pass of torch's engine. Of
ours it knows nothing, and would compute it anew for each array.
"""

import torch


class GraphTask(torch.autograd.Function):
    """An operation of torch's whose backward is a pass of ours."""

    @staticmethod
    def forward(ctx, anchor, work):
        """Keep the work for backward."""
        ctx.work = work
        return anchor.clone()

    @staticmethod
    def backward(ctx, gradient):
        """Do the work."""
        ctx.work()
        return None, None


def run_as_graph_task(work):
    """Call `work()` in a backward of torch's engine."""
    with torch.enable_grad():
        anchor = torch.zeros((), requires_grad=True)
        GraphTask.apply(anchor, work).backward()
