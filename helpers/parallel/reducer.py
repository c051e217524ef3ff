"""The reducer: averages gradients while backward is still at work.

Gradients come about in the reverse order of the parameters. As soon as those of a
bucket are there it is sent, and backward goes on meanwhile. Buckets are sent in one
order on all ranks, so that the first that is sent here meets the first that is sent
elsewhere.
"""

import torch

from helpers.optim.base.parameters import array_of
from helpers.parallel.bucket import Bucket
from helpers.parallel.errors import ParallelError
from helpers.parallel.packing import MIB, bytes_of, split_by_size

NEVER_AVERAGED = (
    "the gradients of the last backward pass stayed on this rank, inside of no_sync(), "
    "and the parameters have moved since: the ranks differ now. Allowed is no_sync() "
    "for all micro-batches but the last before a step: leave it for the last one, "
    "forward and backward, and start again from the last checkpoint"
)


class Reducer:
    """Averages the gradients of named parameters over all ranks, pass by pass.

    Args:
        named (dict): parameters that require grad, by name.
        limits (list): the bytes of the first bucket, and of the others.

    Attributes: `averages`, whether the next pass is averaged; `buckets`; `launched`,
    how many of them this pass has sent. Chapter 15 builds it.
    """

    def __init__(self, named, limits):
        self.names = {id(each): name for name, each in named.items()}
        lists = split_by_size(reversed(list(named.values())), limits)
        numbered = enumerate(lists)
        self.buckets = [self._bucket(i, each, len(lists)) for i, each in numbered]
        self.home = {id(p): b for b in self.buckets for p in b.parameters}
        self.averages, self.is_running, self.launched = True, False, 0
        self._unaveraged = None  # the parameters' versions, after a pass without others
        self._handles = [
            each.register_post_accumulate_grad_hook(self._arrived)
            for each in named.values()
        ]

    def _bucket(self, index, parameters, count):
        """The bucket of these parameters, with the words for an error."""
        size = bytes_of(parameters) / MIB
        words = f"bucket {index} of {count} ({size:.3g} MiB of gradients)"
        return Bucket(parameters, [self.names[id(p)] for p in parameters], words)

    def remove(self):
        """Let the parameters go: their gradients are averaged no more."""
        for handle in self._handles:
            handle.remove()

    def check_can_begin(self):
        """Refuse another forward pass where ranks have lost each other.

        Raises:
            ParallelError: the last pass broke off; or its gradients were never
                averaged, and a step was made with them.
        """
        if self.is_running and self.averages:
            raise ParallelError(
                f"the last backward pass broke off after {self.launched} of "
                f"{len(self.buckets)} buckets, which the other ranks wait for; allowed "
                "is to go on only after a whole pass: look at the error that ended it, "
                "and start all ranks again from the last checkpoint"
            )
        self.is_running = False
        if self._unaveraged not in (None, self._versions()):
            raise ParallelError(NEVER_AVERAGED)

    def sit_out(self):
        """Take part in a pass without gradients of this rank's own."""
        self.is_running = True
        self._finish()

    def _arrived(self, parameter):
        """A parameter's `.grad` is complete: hook of both engines."""
        if not self.is_running:
            self.is_running = True
            at_end_of_backward(parameter, self._finish)
        if self.averages and self.home[id(parameter)].arrive(parameter):
            self._launch_ready()

    def _launch_ready(self):
        """Send what is complete, as far as the order allows."""
        for bucket in self.buckets[self.launched :]:
            if bucket.missing:
                return
            bucket.launch()
            self.launched += 1

    def _finish(self):
        """Send the rest, which lacks parameters without a gradient; take the means."""
        if self.averages:
            for bucket in self.buckets[self.launched :]:
                bucket.launch()
                self.launched += 1
            for bucket in self.buckets:
                bucket.finish()
        self._unaveraged = None if self.averages else self._versions()
        self.is_running, self.launched = False, 0

    def _versions(self):
        """A number that grows whenever a parameter is changed in place."""
        return sum(array_of(p)._version for b in self.buckets for p in b.parameters)


def at_end_of_backward(parameter, function):
    """Call `function()` once, at the end of the backward pass that is running.

    Args:
        parameter: a leaf that the pass has reached; it says whose engine is at work.
        function: without arguments.
    """
    if isinstance(parameter, torch.Tensor):
        torch.autograd.Variable._execution_engine.queue_callback(function)
        return

    def once(leaf):
        handle.remove()
        function()

    handle = parameter.register_post_backward_hook(once)
