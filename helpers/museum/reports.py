"""In how many public reports each cause was seen.

With this module one can say how often a cause is met (seen, as a sentence) and rank
causes (ranked). About 345 issues, pull requests and threads were read,
found by a search: the counts are a rank, not a frequency. Some causes were counted
together.
"""

TOGETHER = {
    "softmax and the loss": ("nll-not-log-probs", "softmax-twice", "softmax-wrong-dim"),
    "rate and arithmetic": ("dead-relu", "fp16-underflow", "lr-too-high", "nan-math"),
    "unit or length of a schedule": ("scheduler-horizon", "scheduler-unit"),
    "number told to a schedule, or rate 0": ("lr-zero", "scheduler-bad-metric"),
    "gradients of micro-batches": ("accum-lost", "accum-not-averaged"),
    "closures, order of data, averages": (
        "closure-wrong", "metric-averaging", "not-shuffled",
    ),
}  # fmt: skip


def name_of(key):
    """The name under which a cause was counted: its key, or that of its group."""
    for name, keys in TOGETHER.items():
        if key in keys:
            return name
    return key


def seen(exhibit):
    """How often an exhibit's cause was met, as a sentence.

    >>> from helpers import museum
    >>> seen(museum.EXHIBITS[2])
    'Seen in 2 reports, among them lora #263.'
    """
    name = name_of(exhibit.key)
    others = f", counted together as “{name}”" if name != exhibit.key else ""
    number = f"{exhibit.seen} report{'s' * (exhibit.seen > 1)}{others}"
    all_named = exhibit.seen == len(exhibit.reports)
    words = ": " if all_named and not others else ", among them "
    return f"Seen in {number}{words}{', '.join(exhibit.reports)}."


def ranked(exhibits):
    """Names and counts of the causes of some exhibits, the commonest first."""
    counts = {}
    for exhibit in exhibits:
        name = name_of(exhibit.key)
        counts[name] = max(exhibit.seen, counts.get(name, 0))
    return sorted(counts.items(), key=lambda pair: -pair[1])
