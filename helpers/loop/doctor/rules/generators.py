"""Which model is a generator: it is sampled in training mode, and nothing is wrong."""


def is_sampled(story, model, calls):
    """Whether a model is a generator, of which these calls take samples.

    A rival judges it, in training alone; and no call belongs to a pass over a set of
    examples on which nothing is trained, which is an evaluation whatever the model is.
    """
    judges = judges_of(story, model)
    watched = {e["module"] for e in story.of("forward") if not e["grad"]}
    return (
        bool(judges)
        and not judges & watched
        and all(is_rival(story, judge, model) for judge in judges)
        and not {call.index for call in calls} & evaluated(story)
    )


def judges_of(story, model):
    """The models that were called last on the way from a model to a loss."""
    return {models[-1] for models in graphs(story) if model in models}


def graphs(story):
    """By backward: the models that it went through, in the order of their calls."""
    models = {e.index: e["module"] for e in story.of("forward")}
    for backward in story.backwards:
        found = [models[i] for i in sorted(backward.get("forwards", ())) if i in models]
        if found:
            yield found


def is_rival(story, judge, model):
    """Whether a judge has turns of its own, and an optimizer for itself alone."""
    own, others = ({p.number for p in each.parameters} for each in (judge, model))
    return any(
        optimizer.numbers & own and not optimizer.numbers & others
        for optimizer in story.stepped
    ) and any(judge in models and model not in models for models in graphs(story))


def evaluated(story):
    """The indices of forward events in passes over a loader that saw no step."""
    found, inside = set(), None
    for event in story.events:
        if event.kind == "pass":
            inside = set()
        elif event.kind == "step":
            inside = None
        elif event.kind == "forward" and inside is not None:
            inside.add(event.index)
        elif event.kind == "pass_end" and inside is not None:
            found |= inside
            inside = None
    return found
