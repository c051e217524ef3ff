"""Rules about training and evaluation mode, and about gradients in evaluation."""

from helpers.loop.doctor.finding import Finding
from helpers.loop.doctor.rules.generators import is_sampled
from helpers.loop.doctor.rules.words import line, number, times

FEW = 2


def differentiated(story):
    """Each backward, with the indices of the forward events that it went through.

    In the first steps the graph itself tells; later the lines on which they stand do.
    """
    waiting, lines = [], {}
    for event in story.events:
        if event.kind == "forward" and event["grad"]:
            waiting.append(event)
        elif event.kind == "backward" and event.get("done"):
            known = event.get("forwards")
            if known is None:
                pairs = lines.get(event.place)
                known = {e.index for e in waiting if pairs is None or e.place in pairs}
            else:
                places = {e.place for e in waiting if e.index in known}
                lines.setdefault(event.place, set()).update(places)
            yield event, known
            waiting = []


def stepped_in_one_mode(story, model, forwards):
    """Indices of a model's forward events whose gradients a step used, all in one mode.

    An attack on a model that is ready differentiates too, and makes no step; gradients
    of an evaluation may be left over and join those of a batch.
    """
    training = {
        e.index: e["training"] for e in story.of("forward") if e["module"] is model
    }
    found = set()
    for backwards in used_by_steps(story):
        used = [training.keys() & forwards.get(b, set()) for b in backwards]
        used = [indices for indices in used if indices]
        if len({training[max(indices)] for indices in used}) == 1:
            found |= set().union(*used)
    return found


def used_by_steps(story):
    """For each step, the indices of the backward calls whose gradients it used.

    After the first steps it is not known what a new line reaches: then the order of
    calls tells.
    """
    for step in story.steps:
        yield {b.index for backwards in step.fresh.values() for b in backwards}
    waiting = set()
    for event in story.events:
        if event.kind in ("zero_grad", "step"):
            if event.kind == "step":
                yield waiting
            waiting = set()
        elif event.kind == "backward" and not is_reach_known(story, event):
            if event.get("inside") is None:
                waiting.add(event.index)
            else:
                yield {event.index}


def is_reach_known(story, backward):
    """Whether it was seen which gradients a backward on this line changes."""
    return "reached" in backward.facts or bool(story.reach[backward.place])


def trains_in_eval(story):
    """A model with dropout or norms is trained in evaluation mode."""
    forwards = {event.index: known for event, known in differentiated(story)}
    for model in story.evidence.modules.all:
        if not model.moody or not owned(story, model):
            continue
        used = stepped_in_one_mode(story, model, forwards)
        calls = [e for e in story.of("forward") if e["module"] is model]
        trained = [e for e in calls if e.index in used and e["inside"] is None]
        wrong = [e for e in trained if not e["training"] and e["modes"][0] == 0]
        switches = [
            e
            for e in story.of("train")
            if not e["mode"] and e["class_name"] == model.kind
        ]
        if len(wrong) < FEW or not switches:
            continue
        started_right = any(e["training"] for e in trained)
        switch = [e for e in switches if e.index < wrong[-1].index]
        if not switch:
            continue
        yield Finding(
            "eval-mode-training",
            f"{number(len(wrong), 'training step')} ran with the model in evaluation "
            f"mode, since eval() at {line(switch[-1].place)}.",
            "Dropout drops nothing and norms use old statistics: the model trains as "
            "something else than it is.",
            "Call model.train() at the top of every epoch, and after every evaluation.",
            switch[-1].place,
            0.95 if started_right else 0.7,
        )
        return


def owned(story, model):
    """Whether an optimizer that makes steps holds a part of the model."""
    numbers = {r.number for o in story.stepped for r in o.parameters}
    return bool(numbers & {r.number for r in model.parameters})


def evaluates_in_train(story):
    """A model with dropout or norms is evaluated in training mode."""
    for model in story.evidence.modules.all:
        if not model.moody or not owned(story, model):
            continue
        calls = [
            e
            for e in story.of("forward")
            if e["module"] is model and not e["grad"] and e["inside"] is None
        ]
        wrong = [e for e in calls if e["training"] and e["modes"][0] > 0]
        if not wrong or 2 * len(wrong) < len(calls) or is_sampled(story, model, wrong):
            continue
        yield Finding(
            "train-mode-eval",
            f"{times(len(wrong)).capitalize()} the model was called without gradients "
            f"({line(wrong[-1].place)}), in training mode.",
            "Dropout drops at random, and norms take their statistics from this batch "
            "and learn from it: the score changes from call to call.",
            "Call model.eval() before the evaluation, and model.train() after it.",
            wrong[-1].place,
            0.9 if len(wrong) >= FEW else 0.75,
        )
        return


def dropout_in_eval(story):
    """F.dropout drops although each dropout of its model is in evaluation mode."""
    wrong, model_call = [], None
    for event in story.events:
        if event.kind in ("forward", "train", "backward"):
            is_evaluation = event.kind == "forward" and not event["training"]
            is_evaluation = is_evaluation and event["modes"][0] == 0
            model_call = event if is_evaluation else None
        elif event.kind == "call_dropout" and model_call is not None:
            if event["training"] and event["p"] > 0 and event.place != model_call.place:
                wrong.append(event)
    if not wrong:
        return
    yield Finding(
        "train-mode-eval",
        f"{times(len(wrong)).capitalize()} dropout ({line(wrong[-1].place)}) dropped "
        "units while its model was in evaluation mode.",
        "F.dropout has training=True as its default; eval() does not reach it.",
        "Write F.dropout(x, p, training=self.training), or use nn.Dropout.",
        wrong[-1].place,
        0.9,
    )


def evaluates_with_gradients(story):
    """In evaluation mode graphs are recorded, and nothing is differentiated."""
    used = set().union(*(known for _, known in differentiated(story)))
    wrong = [
        e
        for e in story.of("forward")
        if not e["training"]
        and e["grad"]
        and e.index not in used
        and e.get("output_grad")
        and e["inside"] is None
        and owned(story, e["module"])
    ]
    if len(wrong) < FEW:
        return
    yield Finding(
        "eval-with-grad",
        f"{times(len(wrong)).capitalize()} the model was called in evaluation mode "
        f"({line(wrong[-1].place)}) and recorded a graph that nothing used.",
        "eval() changes layers, not recording: every activation is kept for a "
        "backward() that never comes.",
        "Evaluate under torch.no_grad() or torch.inference_mode().",
        wrong[-1].place,
        0.85,
    )


def evaluation_leaves_gradients(story):
    """backward() runs in evaluation, and the next step uses what it left."""
    for step in story.steps:
        for backwards in step.fresh.values():
            left = [b for b in backwards if in_evaluation(story, b)]
            if left and len({b.place for b in backwards}) > 1:
                yield Finding(
                    "eval-gradient-leak",
                    f"backward() at {line(left[-1].place)} ran in evaluation mode, and "
                    f"the next step ({line(step.event.place)}) used its gradients too.",
                    "The step follows the evaluation data.",
                    "Evaluate under torch.no_grad(), or clear gradients afterwards.",
                    left[-1].place,
                    0.9,
                )
                return


def in_evaluation(story, backward):
    """Whether the last forward before a backward ran in evaluation mode."""
    before = [e for e in story.of("forward") if e.index < backward.index and e["grad"]]
    if not before or before[-1]["training"]:
        return False
    return any(e["training"] for e in before)


def batch_of_one(story):
    """A norm was given one sample."""
    error = story.error
    if error is None or "more than 1 value per channel" not in error["text"]:
        return
    loader = story.evidence.loaders.all
    facts = loader[0].facts if loader else {}
    length, size = facts.get("length"), facts.get("batch_size")
    rest = length % size if length and size else None
    why = f" {length} samples in batches of {size} leave {rest}." if rest == 1 else ""
    yield Finding(
        "bn-batch-of-one",
        f"The loop ended at {line(error.place)}: a batch norm in training mode was "
        f"given one sample.{why}",
        "One value has no variance.",
        "Use DataLoader(..., drop_last=True), or another batch size.",
        (loader[0].place if rest == 1 else None) or error.place,
        0.95,
    )


RULES = [
    trains_in_eval,
    evaluates_in_train,
    dropout_in_eval,
    evaluates_with_gradients,
    evaluation_leaves_gradients,
    batch_of_one,
]
