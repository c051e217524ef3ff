"""A rule about layers that are replaced when the optimizer has been built."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.words import line, names, number

FEW = 2


def replaced_later(story):
    """An optimizer goes on with parameters that its model no longer has.

    Within the first steps the gradients tell; later only who belongs to whom does.
    """
    held = {r.number for o in story.evidence.optimizers.all for r in o.parameters}
    for optimizer in story.stepped:
        for model in dict.fromkeys(r.module for r in optimizer.parameters):
            if model is None:
                continue
            now = {r.number for r in model.parameters}
            gone = [
                r
                for r in optimizer.parameters
                if r.module is model and r.number not in now
            ]
            new = [
                r
                for r in model.parameters
                if r.number not in held and r.requires_grad and r.made > model.made
            ]
            steps = [e for e in story.of("step") if e["optimizer"] is optimizer]
            after = [e for e in steps if new and e.steps >= new[0].made]
            if not gone or len(after) <= FEW:
                continue
            yield Finding(
                "optimizer-wrong-params",
                f"At {number(len(after), 'step')} {optimizer.kind} "
                f"({line(optimizer.place)}) held {number(len(gone), 'parameter')} that "
                f"its model had lost, and none of the new ones ({names(new)}).",
                "An optimizer moves the objects that it was given when it was made; a "
                "layer that is replaced afterwards has others.",
                "Build the optimizer anew, or call add_param_group, when the model is "
                "final.",
                model.change or optimizer.place,
                0.85,
            )
            return


RULES = [replaced_later]
