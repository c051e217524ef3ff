"""Rules about parameters that should stand still and don't."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import names, number

FEW = 2


def frozen_but_moving(story):
    """A parameter moves at a step although its gradient is zero."""
    for optimizer in story.stepped:
        moved = {}
        for event in story.of("step"):
            if event["optimizer"] is not optimizer or "moves" not in event.facts:
                continue
            for n, (length, before) in event["moves"].items():
                if event["grads"].get(n) == 0.0 and length > 1e-9 * (before + 1e-30):
                    moved.setdefault(n, []).append(event)
                elif event["grads"].get(n):
                    moved[n] = []
                    moved.setdefault(f"live {n}", [])
        still = {
            n: events
            for n, events in moved.items()
            if len(events) > FEW and f"live {n}" not in moved
        }
        records = [r for r in optimizer.parameters if r.number in still]
        if not records:
            continue
        events = still[records[0].number]
        yield Finding(
            "frozen-but-moving",
            f"At {number(len(events), 'step')} {names(records)} moved, though the "
            "gradient was zero.",
            "A zero gradient freezes nothing: weight decay, momentum and Adam's "
            "moments still move the parameter. Only a gradient of None is skipped.",
            "Set requires_grad_(False) before the optimizer is built, or leave these "
            "parameters out of it.",
            events[-1].place,
            0.85,
        )


def statistics_of_the_frozen(story):
    """A norm whose parameters are all frozen still learns its running statistics."""
    for model in story.evidence.modules.all:
        norms = [
            part()
            for part in model.moody
            if part() is not None and getattr(part(), "running_mean", None) is not None
        ]
        frozen = [
            norm
            for norm in norms
            if list(norm.parameters())
            and not any(p.requires_grad for p in norm.parameters())
        ]
        if not frozen or not story.of("step"):
            continue
        moving = [
            n for n in frozen if n.training and int(n.num_batches_tracked or 0) > FEW
        ]
        forwards = [
            e for e in story.of("forward") if e["module"] is model and e["training"]
        ]
        if moving and len(forwards) >= FEW:
            yield Finding(
                "frozen-but-moving",
                f"{number(len(moving), 'norm layer')} with frozen parameters ran in "
                f"training mode in {number(len(forwards), 'training call')}, and "
                "changed running statistics.",
                "requires_grad=False stops gradients, not running means; and "
                "model.train() switches every layer back.",
                "Call .eval() on the frozen layers after every model.train().",
                forwards[-1].place,
                0.8,
            )
            return


RULES = [
    frozen_but_moving,
    statistics_of_the_frozen,
]
