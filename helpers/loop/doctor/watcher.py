"""A watch: everything that looks on while a loop runs."""

import warnings

from helpers.loop.doctor.evidence import calls, place
from helpers.loop.doctor.evidence.backward import Backward
from helpers.loop.doctor.evidence.calls import Calls
from helpers.loop.doctor.evidence.clipping import Clipping, Scaling
from helpers.loop.doctor.evidence.evidence import Evidence
from helpers.loop.doctor.evidence.loaders import Loaders
from helpers.loop.doctor.evidence.modules import Modules
from helpers.loop.doctor.evidence.optimizers import Optimizers
from helpers.loop.doctor.evidence.patches import Patches
from helpers.loop.doctor.evidence.schedulers import Schedulers
from helpers.loop.doctor.evidence.swaps import Swaps

LOOKS = 600  # events in an evaluation, after which its calls are let alone
EVALUATIONS = 4  # so many are looked at after the first steps


class Watch:
    """Puts the sources of evidence in place, and takes them away again."""

    def __init__(self):
        self.evidence = Evidence()
        self.patches = Patches()
        self.calls = Calls(self.evidence)
        self.looks = 0  # events that are still to come before calls are let alone
        self.evaluations = 0  # how many were looked at after the first steps

    def begin(self):
        """Begin to watch."""
        evidence, patches = self.evidence, self.patches
        optimizers = Optimizers(evidence, patches, self.calls)
        sources = [
            optimizers,
            Backward(evidence, patches),
            Modules(evidence, patches, self.switched),
            Schedulers(evidence, patches, optimizers),
            Loaders(evidence, patches, self.calls),
            Clipping(evidence, patches),
            Scaling(evidence, patches),
            Swaps(evidence, patches),
        ]
        for source in sources:
            source.begin()
        self.calls.start()
        patches.on_undo(self.calls.rest)
        patches.wrap(warnings, "showwarning", warn_where_the_user_is)
        evidence.log.listener = self.look_less

    def look_less(self, event):
        """Calls are looked at in the first steps, and in the first evaluations."""
        if self.evidence.is_detailed:
            return
        self.looks -= 1
        if self.looks <= 0:
            self.calls.rest()
            self.evidence.log.listener = None

    def switched(self, mode):
        """After the first steps, look at calls again when a module is to evaluate."""
        if self.evidence.is_detailed:
            return
        self.calls.rest()
        if not mode and self.evaluations < EVALUATIONS:
            self.evaluations += 1
            self.looks = LOOKS
            self.calls.start()
            self.evidence.log.listener = self.look_less

    def end(self):
        """End: every name is restored."""
        self.patches.undo()

    def note_error(self, error):
        """Keep an error that ended the loop."""
        evidence = self.evidence
        evidence.error = evidence.log.add(
            "error",
            place.of_error(error),
            {"text": str(error), "stepping": evidence.stepping},
        )


def warn_where_the_user_is(original, message, category, filename, lineno, *rest):
    """Show a warning of a call that was looked at where it would have been shown."""
    if filename == calls.__file__:
        filename, lineno = place.here() or (filename, lineno)
    original(message, category, filename, lineno, *rest)
