"""A watch: everything that looks on while a loop runs."""

import warnings

from helpers.loop.doctor.evidence import calls, place
from helpers.loop.doctor.evidence.backward import Backward
from helpers.loop.doctor.evidence.calls import LOOKS, Calls
from helpers.loop.doctor.evidence.clipping import Clipping, Scaling
from helpers.loop.doctor.evidence.evidence import Evidence
from helpers.loop.doctor.evidence.loaders import Loaders
from helpers.loop.doctor.evidence.modules import Modules
from helpers.loop.doctor.evidence.optimizers import Optimizers
from helpers.loop.doctor.evidence.patches import Patches
from helpers.loop.doctor.evidence.schedulers import Schedulers

EVALUATIONS = 4  # so many are looked at after the first steps


class Watch:
    """Puts the sources of evidence in place, and takes them away again."""

    def __init__(self):
        self.evidence = Evidence()
        self.patches = Patches()
        self.calls = Calls(self.evidence)
        self.evaluations = 0  # how many were looked at after the first steps

    def begin(self):
        """Begin to watch."""
        evidence, patches = self.evidence, self.patches
        optimizers = Optimizers(evidence, patches, self.calls)
        sources = [
            optimizers,
            Backward(evidence, patches),
            Modules(evidence, patches),
            Schedulers(evidence, patches, optimizers),
            Loaders(evidence, patches, self.calls),
            Clipping(evidence, patches),
            Scaling(evidence, patches),
        ]
        for source in sources:
            source.begin()
        self.calls.start()
        patches.on_undo(self.calls.rest)
        patches.wrap(warnings, "showwarning", warn_where_the_user_is)
        evidence.log.listen(self.look_less)

    def look_less(self, event):
        """Calls are looked at in the first steps, and in the first evaluations."""
        if self.evidence.is_detailed:
            return
        if event.kind == "train":
            self.calls.rest()
            if not event["mode"] and self.evaluations < EVALUATIONS:
                self.evaluations += 1
                self.calls.looks = LOOKS
                self.calls.start()
        elif self.calls.is_on:
            self.calls.looks -= 1
            if self.calls.looks <= 0:
                self.calls.rest()

    def end(self):
        """End: every name is restored."""
        self.patches.undo()

    def note_error(self, error):
        """Keep an error that ended the loop."""
        evidence = self.evidence
        evidence.error = evidence.log.add(
            "error",
            place.of_error(error),
            type=type(error).__name__,
            text=str(error),
            stepping=evidence.stepping,
            in_backward=evidence.in_backward,
        )


def warn_where_the_user_is(original, message, category, filename, lineno, *rest):
    """Show a warning of a call that was looked at where it would have been shown."""
    if filename == calls.__file__:
        filename, lineno = place.here() or (filename, lineno)
    original(message, category, filename, lineno, *rest)
