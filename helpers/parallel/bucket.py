"""A bucket: gradients that travel together, in one flat array."""

import torch
import torch.distributed as dist

from helpers.optim.base.parameters import array_of
from helpers.parallel.packing import views_of
from helpers.parallel.waiting import waiting_for


class Bucket:
    """Averages the gradients of some parameters over all ranks, in one message.

    Behind the gradients the flat array holds a number for each parameter: how many
    ranks have a gradient. Where none has, the parameter was used nowhere: it keeps
    None, and an optimizer leaves it alone, as in one process.

    Args:
        parameters (list): of one dtype and device, of torch's or ours.
        names (list): what they are called.
        words (str): what the bucket is called in an error.

    Chapter 15 builds it.
    """

    def __init__(self, parameters, names, words):
        self.parameters, self.names, self.words = parameters, names, words
        first, length = parameters[0], sum(each.numel() for each in parameters)
        self.flat = torch.zeros(
            length + len(parameters), dtype=first.dtype, device=first.device
        )
        self.views = views_of(self.flat[:length], parameters)
        self.holders = self.flat[length:]
        self.reset()

    def reset(self):
        """Wait for the gradients of another pass."""
        self.missing = {id(each) for each in self.parameters}
        self.work = None

    def arrive(self, parameter):
        """Note that a parameter has its gradient; tell whether all have theirs."""
        self.missing.discard(id(parameter))
        return not self.missing

    @torch.no_grad()
    def launch(self):
        """Send this rank's share, 1/n of each gradient; no waiting."""
        share = 1.0 / dist.get_world_size()
        pairs = zip(self.parameters, self.views, self.names, strict=True)
        for place, (parameter, view, name) in enumerate(pairs):
            gradient = _gradient_of(parameter, name)
            self.holders[place] = 0 if gradient is None else 1
            if gradient is None:
                view.zero_()
            else:
                torch.mul(gradient, share, out=view)
        with waiting_for(self.words):
            self.work = dist.all_reduce(self.flat, async_op=True)

    @torch.no_grad()
    def finish(self):
        """Wait for the sum of all shares, which is the mean; put it into `.grad`."""
        with waiting_for(self.words):
            self.work.wait()
        pairs = zip(self.parameters, self.views, strict=True)
        for place, (parameter, view) in enumerate(pairs):
            if parameter.grad is not None:
                array_of(parameter.grad).copy_(view)
            elif self.holders[place].item():
                parameter.grad = torch.empty_like(array_of(parameter)).copy_(view)
        self.reset()


def _gradient_of(parameter, name):
    """The raw gradient, or None; refuse what can't be sent as it is."""
    if parameter.grad is None:
        return None
    gradient = array_of(parameter.grad)
    if gradient.is_sparse:
        raise RuntimeError(
            f"the gradient of {name} is sparse; allowed are dense ones, which all "
            "ranks can add: build the embedding with sparse=False"
        )
    if gradient.requires_grad:
        raise RuntimeError(
            f"the gradient of {name} is part of a graph; allowed are plain numbers: "
            "leave create_graph=True out of backward"
        )
    return gradient
