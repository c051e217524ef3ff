"""A rule about gradients that are cleared by hand, which is no event."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import line, number

FEW = 2


def cleared_by_hand(story):
    """Gradients that backward has filled are gone at the step, and nobody saw how."""
    for optimizer in story.stepped:
        numbers, lost, backward = {r.number for r in optimizer.parameters}, [], None
        for event in story.of("backward", "zero_grad", "step"):
            if event.kind != "step":
                backward = event if event.kind == "backward" else None
            elif event["optimizer"] is optimizer and "grads" in event.facts:
                filled = backward.get("grads", {}) if backward is not None else {}
                had = any(filled.get(n) for n in numbers)
                if had and not any(event["grads"].get(n) for n in numbers):
                    lost.append((backward, event))
                backward = None
        if len(lost) <= FEW:
            continue
        backward, step = lost[-1]
        yield Finding(
            "zero-grad-before-step",
            f"At {number(len(lost), 'step')} every gradient that backward() "
            f"({line(backward.place)}) had filled was gone at step() "
            f"({line(step.place)}).",
            "A step reads .grad and nothing else, so no parameter moves by it.",
            "Clear gradients before backward(), or after step().",
            step.place,
            0.95,
        )


RULES = [cleared_by_hand]
