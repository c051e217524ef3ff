"""All that a watch has gathered, and how it is added to."""

import weakref

import torch

from helpers.loop.doctor.evidence import place
from helpers.loop.doctor.evidence.kinds import version
from helpers.loop.doctor.evidence.known import Known
from helpers.loop.doctor.evidence.log import Log
from helpers.loop.doctor.evidence.origins import Origins

DETAILED_STEPS = 12  # values are looked at in so many steps; later only the order


class Evidence:
    """The log, and the records of who took part.

    Attributes: `log`; `parameters`, `modules`, `optimizers`, `schedulers`, `loaders`
    (each a `Known`); `stepping`, the record of the optimizer whose `step` runs now, or
    None; `error`, the event of the error that ended the loop, or None.
    """

    def __init__(self):
        self.log = Log()
        self.parameters = Known()
        self.modules = Known()
        self.optimizers = Known()
        self.schedulers = Known()
        self.loaders = Known()
        self.is_detailed = True  # whether values are still looked at
        self.saw_half = False  # whether a model gave out float16
        self.stepping = None
        self.in_backward = False
        self.error = None
        self.marks = []  # weak references to what hangs on nodes of graphs
        self.kept = {}  # by kind: from how many steps graphs lived at once, and where
        self.cut_at = set()  # (name, place) of calls that ended a graph
        self.origins = Origins()
        self._old_losses = {}

    @property
    def steps(self):
        """How many optimizer steps were made up to now."""
        return self.log.counts["step"]

    def add(self, kind, **facts):
        """Log an event on the line of the user that runs now, and return it."""
        event = self.log.add(kind, place.here(), facts)
        if self.is_detailed and kind in ("step", "backward"):
            counts = self.log.counts
            self.is_detailed = (
                counts["step"] < DETAILED_STEPS
                and counts["backward"] < 4 * DETAILED_STEPS
            )
        return event

    def meet(self, known, thing):
        """The record of an object among `known`, and whether it is new."""
        record = known.find(thing)
        if record is not None:
            return record, False
        return known.add(thing, place.here(), self.steps), True

    def parameter(self, tensor):
        """The record of a parameter."""
        record, new = self.meet(self.parameters, tensor)
        if new:
            record.name = ""
            record.module = None  # the record of the module that it belongs to
            record.shape = tuple(tensor.shape)
            record.version = version(tensor)
        record.requires_grad = tensor.requires_grad
        return record

    def put_old_loss(self, loss):
        """Remember a loss that was differentiated."""
        self._old_losses[id(loss)] = weakref.ref(loss)

    def is_old_loss(self, tensor):
        """Whether a tensor was differentiated before."""
        found = self._old_losses.get(id(tensor))
        return found is not None and found() is tensor

    def of(self, *kinds):
        """The events of some kinds, in order."""
        return self.log.of(*kinds)


class unseen:
    """Work of the watch itself: no gradient, and no call of it is seen."""

    __slots__ = ("_grad_was_on", "_off")

    def __enter__(self):
        self._off = torch._C.DisableTorchFunction()
        self._off.__enter__()
        self._grad_was_on = torch.is_grad_enabled()
        torch._C._set_grad_enabled(False)

    def __exit__(self, *error):
        torch._C._set_grad_enabled(self._grad_was_on)
        self._off.__exit__(*error)
