"""Rules about the order of the data, its workers, and what is reported of it."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules import source
from helpers.loop.doctor.rules.words import line, number

FEW = 2


def in_order_of_labels(story):
    """Batches come in the order of their labels."""
    losses = [
        e
        for e in story.of("call_loss")
        if e.get("labels") and e["input_grad"] and e["target_shape"]
    ]
    losses = [e for e in losses if e["target_shape"][0] >= 4]
    if len(losses) < 4:
        return
    spans = [e["labels"] for e in losses]
    kinds = {value for low, high, _ in spans for value in (low, high)}
    narrow = [s for s in spans if s[2] <= max(2, len(kinds) // 3)]
    lows = [low for low, _, _ in spans]
    falls = sum(b < a for a, b in zip(lows, lows[1:], strict=False))
    single = sum(s[2] == 1 for s in spans)
    if len(kinds) < 2 or len(narrow) < 0.9 * len(spans) or falls > 0.25 * len(spans):
        return
    if single < 0.5 * len(spans):
        return
    loaders = [r for r in story.evidence.loaders.all if r.facts["in_order"]]
    place = loaders[0].place if loaders else losses[-1].place
    yield Finding(
        "not-shuffled",
        f"{single} of the first {len(spans)} batches held a single class, in rising "
        "order.",
        "The model learns one class after the other and forgets the last.",
        "Use DataLoader(..., shuffle=True) for training.",
        place,
        0.9,
    )


def same_seeds(story):
    """Workers begin with the same random state."""
    for record in story.evidence.loaders.all:
        if record.seeds is None:
            continue
        told = record.seeds.read()
        workers = {fields[0] for fields in told}
        alike = [
            name
            for column, name in ((2, "Python's random"), (3, "NumPy"))
            if len({fields[column] for fields in told} | {""}) == 2
        ]
        if len(workers) < 2 or not alike:
            continue
        yield Finding(
            "worker-seeds",
            f"{len(workers)} workers of a DataLoader began with one random state of "
            f"{alike[0]}, {number(len(told), 'time')}.",
            "Each worker then draws the same augmentations.",
            "Seed from the worker (torch.initial_seed() % 2**32 differs in each), or "
            "set no worker_init_fn at all.",
            record.place,
            0.9,
        )


def means_added(story):
    """Means of batches are added, and the sum is divided by the number of samples."""
    for left in story.of("leaves_torch"):
        if left["name"] not in ("item", "__float__") or left["size"] != 1:
            continue
        found = source.sum_divided(left.place)
        if found is None:
            continue
        place, by_samples = found
        means = [
            e
            for e in story.of("call_loss")
            if e.index < left.index and e["reduction"] == "mean"
        ]
        if not means or not by_samples:
            continue
        yield Finding(
            "metric-averaging",
            f"Means of batches are added ({line(left.place)}), and the sum is divided "
            f"by the number of samples ({line(place)}).",
            "The reported loss is smaller than the true one by the batch size.",
            "Add loss.item() * len(inputs), or divide by the number of batches when "
            "all are of one size.",
            place,
            0.8,
        )
        return


RULES = [in_order_of_labels, same_seeds, means_added]
