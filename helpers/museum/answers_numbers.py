"""Answers about rates, modes, losses and errors, measured on a run."""

import math
from collections import Counter

import torch


def rounded(number):
    """A number with one digit that counts: 0.03, 7, 1,000."""
    number = float(f"{number:.1g}")
    return f"{number:,.0f}" if number >= 1 else f"{number:g}"


def rates(run):
    """The rates that the steps used."""
    used = [event["rates"][0] for event in run.story.of("step") if event["rates"]]
    if not used:
        return "no step"
    middle = used[len(used) // 2]
    return f"{used[0]:.2g} at first, {middle:.2g} halfway, {used[-1]:.2g} at last"


def modes(run):
    """The model's mode in its forward passes."""
    counts = Counter(
        (event["grad"], event["training"]) for event in run.story.of("forward")
    )
    told = []
    for (grad, training), count in counts.items():
        mode = "train" if training else "eval"
        told.append(f"{count} x {mode} mode, {'with' if grad else 'without'} gradients")
    return "; ".join(told)


def update(run):
    """How long the first steps were, compared with the weights."""
    shares = []
    for event in run.story.of("step"):
        moves = event.get("moves", {}).values()
        before = math.sqrt(sum(length**2 for _, length in moves))
        if before:
            shares.append(math.sqrt(sum(length**2 for length, _ in moves)) / before)
    if not shares:
        return "no step"
    words = "none" if max(shares) < 1 else "at least one"
    return (
        f"the first is {rounded(shares[0])} times as long as the weights; of the first "
        f"{len(shares)}, {words} is longer than the weights"
    )


def loss_input(run):
    """Which values the loss was given."""
    events = run.story.of("call_loss")
    if not events or "least" not in events[-1].facts:
        return "no loss of torch's was called"
    low = min(event["least"] for event in events)
    high = max(event["most"] for event in events)
    words = f"{events[-1]['name']}: from {low:.1f} to {high:.1f}"
    for sums, text in (
        ("row_sums", "; each row adds up to 1"),
        ("column_sums", "; each column adds up to 1"),
        ("row_sums_of_exp", "; exp of each row adds up to 1"),
    ):
        if all(is_one(event.get(sums)) for event in events):
            words += text
    for event in run.story.of("call_squash")[:1]:
        along = "" if event["dim"] is None else f" along dim {event['dim']}"
        words += f"; {event['name']} was called{along}"
    return words


def is_one(ends):
    """Whether sums lie at 1."""
    return ends is not None and all(abs(end - 1) < 1e-3 for end in ends)


def shapes(run):
    """Which shapes were compared."""
    for event in run.story.of("call_difference"):
        sides = " less ".join(map(str, event["shapes"]))
        return f"{sides} gives {tuple(torch.broadcast_shapes(*event['shapes']))}"
    for event in run.story.of("call_loss"):
        return f"{event['input_shape']} against {event['target_shape']}"
    return "both sides have one shape"


def finite(run):
    """When the first number was not finite, and how long the weights were then."""
    weights, last = None, 0
    for last, event in enumerate(run.story.of("step"), start=1):
        if "grads" not in event.facts:
            break
        weights = weights or total_before(event)
        if any(s is not None and not math.isfinite(s) for s in event["grads"].values()):
            ratio = total_before(event) / weights
            return (
                f"a gradient at step {last}; the weights were {rounded(ratio)} times "
                "as long as at first"
            )
    return f"none in the first {last} steps"


def total_before(event):
    """The length of all weights before a step."""
    return math.sqrt(sum(before**2 for _, before in event["moves"].values()))


def end(run):
    """How the loop ended."""
    if run.error is None:
        return "as planned"
    words = str(run.error).split(":")[0].split(",")[0].split(". ")[0].rstrip(".")
    trace = run.error.__traceback__
    return f"{type(run.error).__name__} in line {trace.tb_lineno}: {words}"


def nodes(run):
    """How many nodes backward() walked through."""
    counts = [b["nodes"] for b in run.story.of("backward") if "nodes" in b.facts]
    if not counts:
        return "none: the loss has no history"
    return f"{counts[0]} at the first call, {counts[-1]} at call {len(counts)}"


def dead(run):
    """How many units of a ReLU gave 0 for every sample."""
    events = run.story.of("call_relu")
    if not events:
        return "there is no ReLU"
    first, last = events[0], events[-1]
    return (
        f"{first['dead']} of {first['units']} at first, "
        f"{last['dead']} at call {len(events)}"
    )


def zeros(run):
    """The share of zeros among the gradients in half precision."""
    shares = [event.get("half_zero") for event in run.story.of("step")]
    shares = [share for share in shares if share is not None]
    if not shares:
        return "no gradient is in half precision"
    return f"between {min(shares):.0%} and {max(shares):.0%}"


def made(run):
    """How many optimizers were made, and the steps of each."""
    steps = Counter(event["optimizer"].number for event in run.story.of("step"))
    return f"{len(run.story.of('optimizer'))}; their steps: {list(steps.values())}"


def batches(run):
    """How many classes the first batches held."""
    events = [
        e for e in run.story.of("call_loss") if e.get("labels") and e["input_grad"]
    ]
    counts = [event["labels"][2] for event in events[:8]]
    return ", ".join(map(str, counts)) or "the targets are no classes"


def fed(run):
    """What the scheduler was told."""
    given = [event.get("given") for event in run.story.of("schedule")]
    if not given or given[0] is None:
        return "nothing"
    way = "rose" if given[-1] > given[0] else "fell"
    inside = all(0 <= number <= 1 for number in given)
    return f"a number that {way}" + (", always between 0 and 1" if inside else "")


def warned(run):
    """Whether PyTorch warned."""
    return "yes" if run.warned else "no"
