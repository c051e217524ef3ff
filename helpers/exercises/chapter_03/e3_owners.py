"""Exercise 3.3: sums that are added to in place, but only one's own."""

import torch

from helpers.exercises.exercise import Exercise, Mistake


def deliver_owned(edges, gradients, arriving, waiting, owned):
    """Add each gradient to what has arrived; in place where the sum is our own."""
    for edge, gradient in zip(edges, gradients, strict=True):
        if edge is None:
            continue
        if edge in owned:
            arriving[edge] += gradient
        elif edge in arriving:
            arriving[edge] = arriving[edge] + gradient
            owned.add(edge)
        else:
            arriving[edge] = gradient
            waiting.setdefault(edge.depth, []).append(edge)


def _delivering(put, again):
    """A delivery that treats a first gradient by `put` and later ones by `again`."""

    def deliver(edges, gradients, arriving, waiting, owned):
        for edge, gradient in zip(edges, gradients, strict=True):
            if edge is not None and edge in arriving:
                arriving[edge] = again(arriving[edge], gradient)
            elif edge is not None:
                arriving[edge] = put(gradient)
                waiting.setdefault(edge.depth, []).append(edge)

    return deliver


def _as_it_is(gradient):
    return gradient


def _without_buckets(edges, gradients, arriving, waiting, owned):
    deliver_owned(edges, gradients, arriving, {}, owned)


def _waiting_each_time(edges, gradients, arriving, waiting, owned):
    deliver_owned(edges, gradients, arriving, {}, owned)
    for edge in edges:
        if edge is not None:
            waiting.setdefault(edge.depth, []).append(edge)


def _never_told(edges, gradients, arriving, waiting, owned):
    for edge, gradient in zip(edges, gradients, strict=True):
        if edge is not None and edge in arriving:
            arriving[edge] = arriving[edge] + gradient
            owned = owned | {edge}
        elif edge is not None:
            arriving[edge] = gradient
            waiting.setdefault(edge.depth, []).append(edge)


def _told_too_early(edges, gradients, arriving, waiting, owned):
    for edge, gradient in zip(edges, gradients, strict=True):
        if edge is not None and edge in owned:
            arriving[edge] += gradient
        elif edge is not None:
            arriving[edge] = gradient
            owned.add(edge)
            waiting.setdefault(edge.depth, []).append(edge)


def _stopped_by_none(edges, gradients, arriving, waiting, owned):
    for edge, gradient in zip(edges, gradients, strict=True):
        if edge is None:
            return
        deliver_owned([edge], [gradient], arriving, waiting, owned)


def _alone_in_its_bucket(edges, gradients, arriving, waiting, owned):
    for edge, gradient in zip(edges, gradients, strict=True):
        if edge is not None and edge not in arriving:
            waiting[edge.depth] = [edge]
        deliver_owned([edge], [gradient], arriving, {}, owned)


def _bucket_not_made(edges, gradients, arriving, waiting, owned):
    for edge, gradient in zip(edges, gradients, strict=True):
        if edge is not None and edge not in arriving:
            waiting[edge.depth].append(edge)
        deliver_owned([edge], [gradient], arriving, {}, owned)


TOO_EARLY = (
    "You added in place to the first gradient. It is borrowed: a sum hands the same "
    "array to both of its inputs, and the other one now holds a wrong number. Only the "
    "second gradient makes a sum that is yours."
)
ALWAYS_NEW = (
    "The numbers are right, and the third gradient still makes a new array. Note in "
    "owned that the sum is yours when the second one has come, and add the next in "
    "place."
)
WRONG_DELIVERIES = (
    Mistake(
        _stopped_by_none,
        "You stop at the first input that needs no gradient, and those after it get "
        "nothing. Leave out that one edge: continue, not return or break.",
    ),
    Mistake(
        _alone_in_its_bucket,
        "Each edge makes a bucket of its own and throws away who was waiting at that "
        "depth. Append to the bucket if it is there.",
    ),
    Mistake(
        _bucket_not_made,
        "The bucket of a depth is not there when the first edge comes: waiting is an "
        "ordinary dictionary here. waiting.setdefault(depth, []) makes it when needed.",
    ),
    Mistake(_delivering(_as_it_is, torch.Tensor.add_), TOO_EARLY),
    Mistake(_told_too_early, TOO_EARLY),
    Mistake(_delivering(_as_it_is, torch.add), ALWAYS_NEW),
    Mistake(_never_told, ALWAYS_NEW),
    Mistake(
        _delivering(torch.clone, torch.Tensor.add_),
        "The sums are right, at the price of a copy for every first gradient. Most "
        "edges get one gradient only: borrow it.",
    ),
    Mistake(
        _delivering(_as_it_is, lambda held, gradient: gradient.add_(held)),
        "You added in place to the gradient that has just come in. That one is "
        "borrowed as well.",
    ),
    Mistake(
        _delivering(_as_it_is, lambda held, gradient: gradient),
        "A later gradient takes the place of an earlier one. Where paths meet, add.",
    ),
    Mistake(
        _waiting_each_time,
        "An edge goes into its bucket each time that something comes. It would speak "
        "as often: put it there the first time only.",
    ),
    Mistake(
        _without_buckets,
        "Nobody waits: when the first gradient comes, append the edge to the bucket of "
        "its depth.",
    ),
)


class _Edge:
    def __init__(self, depth):
        self.depth = depth


def _gradients():
    """Three gradients, twice."""
    rows = [([1.0, 2.0], [10.0, 20.0], [100.0, 200.0]), ([0.5], [-1.0], [4.0])]
    return [tuple(torch.tensor(numbers) for numbers in row) for row in rows]


class _NoBucket(KeyError):
    """A bucket was used before it was made."""


def _after_three(answer, first, second, third):
    """Three edges borrow the first gradient; one of them gets two more."""
    often, once, beside = _Edge(2), _Edge(1), _Edge(2)
    arriving, waiting, owned = {}, {}, set()
    edges = [often, None, once, beside]
    try:
        answer(edges, [first] * 4, arriving, waiting, owned)
        is_borrowed = arriving.get(once) is first
        answer([None, often], [second, second], arriving, waiting, owned)
        sum_of_two = arriving.get(often)
        answer([often], [third], arriving, waiting, owned)
    except KeyError as error:
        if error.args == (often.depth,):
            raise _NoBucket(often.depth).with_traceback(error.__traceback__) from None
        raise
    return {
        "where three gradients came": arriving.get(often),
        "where one came": arriving.get(once),
        "the second gradient afterwards": second,
        "the third gradient afterwards": third,
        "the first is borrowed": is_borrowed,
        "the third is added in place": arriving.get(often) is sum_of_two,
        "buckets": {depth: _length(edges) for depth, edges in waiting.items()},
    }


def _length(edges):
    return len(edges) if isinstance(edges, list) else "no list"


EXERCISE = Exercise(
    number="3.3",
    title="Borrowed or owned?",
    solution=deliver_owned,
    cases=_gradients,
    probe=_after_three,
    mistakes=WRONG_DELIVERIES,
    compared_with="the engine's own books, after three gradients",
)
