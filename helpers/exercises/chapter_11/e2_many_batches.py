"""Exercise 11.2: one closure over many mini-batches."""

import torch

from helpers.exercises.exercise import Exercise, Mistake


def closure_over(batches, loss_of, optimizer):
    """A closure that gives the mean loss of all batches, and leaves its gradient."""

    def closure():
        optimizer.zero_grad()
        total = 0.0
        for batch in batches:
            loss = loss_of(batch) / len(batches)
            loss.backward()
            total += loss.item()
        return total

    return closure


def _given(batches, loss_of, optimizer):
    def closure():
        for batch in batches:
            optimizer.zero_grad()
            loss = loss_of(batch)
            loss.backward()
        return loss

    return closure


def _variant(clear="first", shares=True, give="mean"):
    """The closure with another place to clear, another divisor or another answer."""

    def closure_over(batches, loss_of, optimizer):
        def closure():
            losses = []
            if clear == "first":
                optimizer.zero_grad()
            for batch in batches:
                if clear == "each":
                    optimizer.zero_grad()
                loss = loss_of(batch)
                (loss / len(batches) if shares else loss).backward()
                losses.append(loss.item())
            if clear == "last":
                optimizer.zero_grad()
            total = sum(losses)
            mean, last = total / len(losses), losses[-1]
            given = {"mean": mean, "sum": total, "last": last}
            given |= {"share": last / len(losses), "divided twice": mean / len(losses)}
            return given.get(give)

        return closure

    return closure_over


def _without_backward(batches, loss_of, optimizer):
    def closure():
        optimizer.zero_grad()
        return sum(loss_of(batch) for batch in batches) / len(batches)

    return closure


def _last_alone(batches, loss_of, optimizer):
    def closure():
        optimizer.zero_grad()
        losses = [loss_of(batch) for batch in batches]
        losses[-1].backward()
        return sum(losses) / len(losses)

    return closure


def _stops_at_the_first(batches, loss_of, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = loss_of(batches[0]) / len(batches)
        loss.backward()
        return loss

    return closure


def _stops_at_the_first_whole(batches, loss_of, optimizer):
    return _variant(shares=False)(batches[:1], loss_of, optimizer)


def _total_of_all_calls(batches, loss_of, optimizer):
    inner = closure_over(batches, loss_of, optimizer)
    kept = []

    def closure():
        kept.append(inner())
        return sum(kept)

    return closure


def _last_share_alone(batches, loss_of, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = loss_of(batches[-1]) / len(batches)
        loss.backward()
        return loss

    return closure


def _moves(batches, loss_of, optimizer):
    inner = closure_over(batches, loss_of, optimizer)

    def closure():
        loss = inner()
        optimizer.step()
        return loss

    return closure


NOT_CLEARED = (
    "Nobody clears: at the second call the gradient holds the first one too. Clear "
    "once, before the loop."
)
ONLY_THE_LAST = (
    "Only the last batch's gradient is left: you clear before each batch, or call "
    "backward() for the last one alone. Clear once, before the loop, and call "
    "backward() in it."
)
NO_GRADIENT = (
    "There is no gradient when the closure returns. Either you clear after the loop, "
    "or nobody called backward()."
)
ONLY_THE_FIRST = (
    "Only the first batch is asked: your `return` stands in the loop. It belongs after "
    "it."
)
WRONG_CLOSURES = (
    Mistake(_stops_at_the_first, ONLY_THE_FIRST),
    Mistake(_stops_at_the_first_whole, ONLY_THE_FIRST),
    Mistake(_last_share_alone, ONLY_THE_LAST),
    Mistake(
        _total_of_all_calls,
        "The first call is right, and the second adds its loss to that of the first. "
        "Begin the total anew in each call.",
    ),
    Mistake(
        _moves,
        "Your closure moves the parameters. It only answers: the step is the "
        "optimizer's.",
    ),
    Mistake(
        _variant(give="divided twice"),
        "The gradient is right, and the loss is divided by the number of batches "
        "twice: each share, and their total.",
    ),
    Mistake(_variant("none"), NOT_CLEARED),
    Mistake(_variant("none", shares=False), NOT_CLEARED),
    Mistake(_variant("each"), ONLY_THE_LAST),
    Mistake(_variant("each", shares=False), ONLY_THE_LAST),
    Mistake(_variant("last"), NO_GRADIENT),
    Mistake(_without_backward, NO_GRADIENT),
    Mistake(_last_alone, ONLY_THE_LAST),
    Mistake(
        _variant(shares=False),
        "The loss is the mean, and the gradient is that of the sum. They belong to two "
        "functions, and a line search stops where they disagree: divide each loss "
        "before its backward().",
    ),
    Mistake(
        _variant(shares=False, give="sum"),
        "That is the sum over the batches, loss and gradient. It is one function, and "
        "it grows with the number of batches: the mean is asked for.",
    ),
    Mistake(
        _variant(give="sum"),
        "The gradient is that of the mean, and the loss is the sum. They belong to two "
        "functions: divide the loss as well.",
    ),
    Mistake(
        _variant(shares=False, give="last"),
        "You return the loss of the last batch, and the gradient is that of the sum. "
        "Both should be of the mean over all batches.",
    ),
    Mistake(
        _variant(give="last"),
        "The gradient is right, and you return the loss of the last batch alone. Add "
        "them up on the way.",
    ),
    Mistake(
        _variant(give="share"),
        "The gradient is right, and you return the last batch's share of the loss. Add "
        "the shares up on the way.",
    ),
    Mistake(
        _variant(give="nothing"),
        "The gradient is right, and the closure returns None. A line search needs the "
        "loss.",
    ),
)


def _behaviour(answer, start, batches):
    """Loss and gradient at two calls, at two places, and nothing cleared between."""
    p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([p])
    batches = [torch.tensor(batch, dtype=torch.float64) for batch in batches]
    closure = answer(batches, lambda batch: ((batch @ p - 1) ** 2).mean(), optimizer)
    found = []
    for move in (0.5, -1.0):
        loss = closure()
        found.append(loss.item() if isinstance(loss, torch.Tensor) else loss)
        found.append(None if p.grad is None else p.grad.tolist())
        p.data += move
    return found


EXERCISE = Exercise(
    number="11.2",
    title="One question, many batches",
    solution=closure_over,
    cases=lambda: [
        ((1.0, -2.0), (((1.0, 2.0), (0.0, 1.0)), ((3.0, -1.0), (1.0, 1.0)))),
        ((0.5, 0.25), (((2.0, 0.0),), ((1.0, 3.0),), ((-1.0, 1.0),))),
    ],
    probe=_behaviour,
    mistakes=WRONG_CLOSURES,
    starting_point=_given,
    compared_with="the loss of all rows at once, called twice",
)
