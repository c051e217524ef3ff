"""Runs a loop under watch, and keeps what it did.

With this module one can run the source of a loop (run) and hold what came out (Run).
"""

import linecache
import math
import warnings
from dataclasses import dataclass
from functools import cache

import torch

from helpers.loop.doctor.diagnosis import diagnose
from helpers.loop.doctor.rules.story import Story
from helpers.loop.doctor.watcher import Watch
from helpers.museum.exhibit import PRELUDE


@dataclass(frozen=True, eq=False)
class Run:
    """What a loop did.

    Attributes: `losses`, its curve; `error`, the exception that ended it, or None;
    `names`, the names of the loop at its end; `warned`, how many warnings there were;
    `story`, the doctor's evidence in order; `findings`, the doctor's, best first.
    """

    losses: list
    error: Exception | None
    names: dict
    warned: int
    story: Story
    findings: list

    def ask(self, expression):
        """The value of an expression of the loop's names, as text."""
        return str(eval(expression, self.names))


@cache
def run(source, file="loop.py"):
    """Run a loop after the prelude, with the doctor at its side, once.

    The global random generator is as it was afterwards. An error of the loop is kept,
    not raised.

    Args:
        source: str, the loop; it appends to `losses`.
        file: str, the name that places are told with.

    >>> run("losses.append(inputs.shape[0])").losses
    [240.0]
    """
    lines = source.splitlines(keepends=True)
    linecache.cache[file] = (len(source), None, lines, file)
    names = {"__name__": "__main__", "__file__": file}
    watch, error, threads = Watch(), None, torch.get_num_threads()
    torch.set_num_threads(1)  # what is this small is fastest on one
    with (
        torch.random.fork_rng(devices=[]),
        warnings.catch_warnings(record=True) as told,
    ):
        warnings.simplefilter("always")
        exec(compile(PRELUDE, "prelude.py", "exec"), names)
        watch.begin()
        try:
            exec(compile(source, file, "exec"), names)
        except Exception as raised:
            error = raised.with_traceback(raised.__traceback__.tb_next)
            watch.note_error(error)
        finally:
            findings = diagnose(watch.evidence)
            watch.end()
            torch.set_num_threads(threads)
    story = Story(watch.evidence)
    losses = [float(loss) for loss in names["losses"]]
    return Run(losses, error, names, len(told), story, findings)


def shows(symptom, broken, mended, damage=""):
    """Whether a loop shows a symptom, beside its mended form.

    Args:
        symptom: str, a key of `SYMPTOMS`.
        broken, mended: `Run`s.
        damage: str, for "hidden": an expression that is true of the broken loop alone.
    """
    losses = broken.losses
    if symptom == "raises":
        return broken.error is not None
    if broken.error is not None:
        return False
    if symptom == "hidden":
        return broken.ask(damage) == "True" and mended.ask(damage) == "False"
    if symptom == "nan":
        return math.isnan(losses[-1])
    if symptom == "flat":
        return max(losses) - min(losses) < 1e-6
    if symptom == "negative":
        return losses[-1] < 0
    if symptom == "grows":
        return not tail(losses) < 1.5 * losses[0]
    return tail(losses) > 1.2 * tail(mended.losses)


def tail(losses):
    """The mean of the last tenth of a curve."""
    last = losses[-max(1, len(losses) // 10) :]
    return sum(last) / len(last)
