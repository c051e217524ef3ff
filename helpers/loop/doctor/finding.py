"""A finding: one thing that is wrong, where, and what to write instead."""

import os
from dataclasses import dataclass

KEYS = (
    # order of calls
    "zero-grad-missing",
    "zero-grad-before-step",
    "step-before-backward",
    "step-missing",
    "backward-missing",
    "grad-none-read",
    # the graph
    "graph-cut",
    "loss-leaf",
    "backward-twice",
    "inplace-version",
    "retain-graph-crutch",
    "graph-leak",
    "detach-missing",
    "manual-update-rebinds",
    # which parameters
    "optimizer-wrong-params",
    "params-not-registered",
    "duplicate-params",
    "shared-optimizer",
    "frozen-but-moving",
    "decay-on-norm-bias",
    # state
    "optimizer-state-lost",
    "alias-not-copy",
    "ema-wrong",
    # modes
    "eval-mode-training",
    "train-mode-eval",
    "eval-with-grad",
    "eval-gradient-leak",
    "bn-batch-of-one",
    # the loss and the numbers
    "softmax-twice",
    "softmax-wrong-dim",
    "nll-not-log-probs",
    "broadcast-loss",
    "nan-math",
    "dead-relu",
    "fp16-underflow",
    # rates
    "lr-too-high",
    "lr-zero",
    "scheduler-unit",
    "scheduler-before-step",
    "scheduler-bad-metric",
    "scheduler-horizon",
    # clipping, accumulation, closures
    "clip-misplaced",
    "accum-not-averaged",
    "accum-lost",
    "closure-wrong",
    # data and reports
    "not-shuffled",
    "worker-seeds",
    "metric-averaging",
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a loop.

    Args:
        key: str, one of `KEYS`.
        seen: str, what was seen, as a sentence with its counts.
        means: str, what that does to the training.
        instead: str, what to write instead.
        place: (file, line) of the user's code to look at, or None if there is none.
        confidence: float in (0, 1], how far the evidence leaves other readings open.
    """

    key: str
    seen: str
    means: str
    instead: str
    place: tuple[str, int] | None
    confidence: float

    def __post_init__(self):
        if self.key not in KEYS:
            raise ValueError(f"key={self.key!r} is no finding: one of {KEYS}")

    @property
    def text(self):
        """The three sentences, as one paragraph."""
        return f"{self.seen} {self.means} {self.instead}"

    @property
    def where(self):
        """The place as `file:line`, the file relative to the working folder."""
        if self.place is None:
            return ""
        file, line = self.place
        near = os.path.relpath(file) if os.path.isabs(file) else file
        return f"{near if not near.startswith('..') else file}:{line}"

    def as_dict(self):
        """The finding as plain values, for JSON."""
        file, line = self.place or (None, None)
        return {
            "key": self.key,
            "line": line,
            "file": file,
            "confidence": round(self.confidence, 2),
            "text": self.text,
        }
