"""Rules about what a loss is given."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import line, number, times

FEW = 2
WANTS_LOGITS = {"cross_entropy", "binary_cross_entropy_with_logits"}
CLOSE = 1e-3


def sums_to_one(pair):
    """Whether all sums are 1."""
    return pair is not None and abs(pair[0] - 1) < CLOSE and abs(pair[1] - 1) < CLOSE


def by_place(events):
    """Events by the line that they come from."""
    found = {}
    for event in events:
        found.setdefault(event.place, []).append(event)
    return found


def squashed_twice(story):
    """A loss that wants logits is given probabilities."""
    losses = [e for e in story.of("call_loss") if e["name"] in WANTS_LOGITS]
    for place, events in by_place(losses).items():
        wrong = [e for e in events if is_squashed(e)]
        if len(wrong) < FEW or len(wrong) < len(events):
            continue
        last = wrong[-1]
        squash = squash_of(last)
        by = f" (made by {squash} at {line(squash_place(last))})" if squash else ""
        yield Finding(
            "softmax-twice",
            f"{times(len(wrong)).capitalize()} {last['name']} ({line(place)}) was "
            f"given numbers between 0 and 1{by}, not logits.",
            f"{last['name']} applies its own "
            f"{'softmax' if last['name'] == 'cross_entropy' else 'sigmoid'}: twice "
            "the loss cannot fall below a floor, and gradients are small.",
            "Hand over the raw outputs; apply softmax or sigmoid only to look at them.",
            squash_place(last) or place,
            0.95 if squash else 0.75,
        )


def is_squashed(loss):
    """Whether the input of a loss is a softmax's or a sigmoid's output."""
    if "least" not in loss.facts or loss["least"] < 0 or loss["most"] > 1:
        return False
    squash = squash_of(loss)
    if squash in ("softmax", "sigmoid"):
        return True
    if squash is not None:
        return False
    return loss["name"] == "cross_entropy" and sums_to_one(loss.get("row_sums"))


def input_origin(loss):
    """Where the input of a loss came from."""
    origins = loss.get("origins") or [None]
    return origins[0]


def squash_of(loss):
    """The name of the softmax or sigmoid that made a loss's input."""
    origin = input_origin(loss)
    return origin.squashed[0] if origin is not None and origin.squashed else None


def squash_place(loss):
    """The line of that softmax or sigmoid."""
    origin = input_origin(loss)
    return origin.place if origin is not None and origin.squashed else None


def not_log_probabilities(story):
    """NLLLoss is given what are no logarithms of probabilities."""
    losses = [e for e in story.of("call_loss") if e["name"] == "nll_loss"]
    for place, events in by_place(losses).items():
        wrong = [e for e in events if "row_sums_of_exp" in e.facts]
        wrong = [e for e in wrong if not sums_to_one(e["row_sums_of_exp"])]
        if len(wrong) < FEW or any(is_over_columns(e) for e in wrong):
            continue
        what = (
            "probabilities" if sums_to_one(wrong[-1].get("row_sums")) else "raw outputs"
        )
        yield Finding(
            "nll-not-log-probs",
            f"{times(len(wrong)).capitalize()} nll_loss ({line(place)}) was given "
            f"{what}: exp of a row does not sum to 1.",
            "nll_loss takes minus the entry of the right class; without a log_softmax "
            "it is no likelihood, and can fall without end.",
            "Use cross_entropy on the raw outputs, or log_softmax(outputs, dim=1) "
            "before nll_loss.",
            place,
            0.95,
        )


def is_over_columns(loss):
    """Whether a loss's input was normalised over the batch."""
    sums = loss.get("column_sums")
    if sums_to_one(sums):
        return True
    origin = input_origin(loss)
    return bool(origin is not None and origin.squashed and origin.squashed[1] == 0)


def softmax_over_the_batch(story):
    """A softmax of a batch is taken over the samples."""
    wrong = [
        e
        for e in story.of("call_squash")
        if e["name"] in ("softmax", "log_softmax")
        and e["dim"] == 0
        and len(e["shape"]) == 2
        and e["shape"][0] > 1
    ]
    for place, events in by_place(wrong).items():
        if len(events) < FEW:
            continue
        yield Finding(
            "softmax-wrong-dim",
            f"{times(len(events)).capitalize()} {events[-1]['name']} ({line(place)}) "
            f"went over dim 0 of shape {list(events[-1]['shape'])}: the samples.",
            "Each class then sums to 1 over the batch; a sample's answer depends on "
            "the others in its batch.",
            "Use dim=1 (or dim=-1): the classes.",
            place,
            0.9,
        )


def broadcast(story):
    """Predictions and targets of different shapes grow into a square."""
    losses = [
        (e, e["input_shape"], e["target_shape"])
        for e in story.of("call_loss")
        if e["name"] in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
    ]
    differences = [(e, *e["shapes"]) for e in story.of("call_difference")]
    found = [(event, a, b) for event, a, b in losses + differences if grows(a, b)]
    for place, events in by_place([event for event, _, _ in found]).items():
        if len(events) < FEW:
            continue
        a, b = next((a, b) for event, a, b in found if event is events[-1])
        yield Finding(
            "broadcast-loss",
            f"{times(len(events)).capitalize()} {line(place)} subtracted shapes "
            f"{list(a)} and {list(b)}: every prediction against every target.",
            "The best answer to that is the mean of the targets, for every input.",
            "Give both the same shape: output.squeeze(1), or target.unsqueeze(1).",
            place,
            0.9,
        )


def grows(a, b):
    """Whether (N, 1) meets (N,): the result has N x N elements."""
    if len(a) == len(b) or min(len(a), len(b)) != 1:
        return False
    wide, flat = (a, b) if len(a) > len(b) else (b, a)
    return len(wide) == 2 and wide[1] == 1 and wide[0] == flat[0] and flat[0] > 1


def dead_units(story):
    """Almost all units of a layer are off for every sample, step after step."""
    for place, events in by_place(story.of("call_relu")).items():
        dead = [e for e in events if e["batch"] >= 8 and e["dead"] >= 0.9 * e["units"]]
        if len(dead) <= FEW or len(dead) < 0.5 * len(events):
            continue
        last = dead[-1]
        yield Finding(
            "dead-relu",
            f"At {number(len(dead), 'call')} {last['dead']} of {last['units']} units "
            f"({line(place)}) were off for every sample of the batch.",
            "Such a unit has gradient 0 and stays as it is.",
            "Lower the rate, scale the inputs, look at the initial biases, or use "
            "leaky_relu.",
            place,
            0.8,
        )


RULES = [
    squashed_twice,
    not_log_probabilities,
    softmax_over_the_batch,
    broadcast,
    dead_units,
]
