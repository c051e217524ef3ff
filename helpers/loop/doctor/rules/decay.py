"""A rule about weight decay on gains and biases: a smell, told last."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import line, names

FEW = 2
STRONG = 0.05  # a weight decay as large as this is meant to be felt
FELT = 0.005  # and shrinks a parameter by this share in the steps that were watched


def decay_on_gains(story):
    """The gains and biases of norms decay as matrices do."""
    norms = {n for model in story.evidence.modules.all for n in model.norms}
    for event in story.of("optimizer"):
        optimizer = event["optimizer"]
        steps = [e for e in story.of("step") if e["optimizer"] is optimizer]
        for group, options in zip(optimizer.groups, event["options"], strict=False):
            decay = options.get("weight_decay") or 0.0
            gains = [r for r in group if r.number in norms]
            matrices = [r for r in group if len(r.shape) > 1]
            rate = sum(e["rates"][0] for e in steps if e["rates"])
            if decay < STRONG or len(gains) < FEW or not matrices:
                continue
            if rate * decay < FELT or len(steps) <= FEW:
                continue
            yield Finding(
                "decay-on-norm-bias",
                f"{optimizer.kind} ({line(optimizer.place)}) decays {names(gains)} by "
                f"{decay:g}, as it does matrices.",
                "Decay pulls the gains of norms and all biases towards 0. This is "
                "often unwanted; it need not be wrong.",
                "Give parameters with one dimension a group of their own, with "
                "weight_decay=0.",
                optimizer.place,
                0.55,
            )
            return


RULES = [decay_on_gains]
