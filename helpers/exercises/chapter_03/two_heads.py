"""Exercise 3.2: two losses over shared features, and one graph to walk.

With this module one can: check an answer to it (`EXERCISE`).
"""

import torch

from helpers.autograd import tensor
from helpers.exercises.model import Exercise, Mistake


def two_heads(trunk, first_head, second_head):
    """Fill trunk.grad from both losses in one walk."""
    features = trunk.tanh()
    (first_head(features) + second_head(features)).backward()


def _as_given(trunk, first_head, second_head):
    features = trunk.tanh()
    first_head(features).backward()
    second_head(features).backward()


def _retained_twice(trunk, first_head, second_head):
    features = trunk.tanh()
    first_head(features).backward(retain_graph=True)
    second_head(features).backward(retain_graph=True)


def _sum_retained(trunk, first_head, second_head):
    features = trunk.tanh()
    (first_head(features) + second_head(features)).backward(retain_graph=True)


def _second_detached(trunk, first_head, second_head):
    features = trunk.tanh()
    first_head(features).backward()
    second_head(features.detach().requires_grad_()).backward()


def _cleared_between(trunk, first_head, second_head):
    features = trunk.tanh()
    first_head(features).backward(retain_graph=True)
    trunk.grad = None
    second_head(features).backward()


def _first_only(trunk, first_head, second_head):
    first_head(trunk.tanh()).backward()


def _second_only(trunk, first_head, second_head):
    second_head(trunk.tanh()).backward()


def _other_order(trunk, first_head, second_head):
    features = trunk.tanh()
    second_head(features).backward()
    first_head(features).backward()


def _retained_too_late(trunk, first_head, second_head):
    features = trunk.tanh()
    first_head(features).backward()
    second_head(features).backward(retain_graph=True)


def _cleared_only(trunk, first_head, second_head):
    features = trunk.tanh()
    first_head(features).backward()
    trunk.grad = None
    second_head(features).backward()


def _cut_off(trunk, first_head, second_head):
    features = trunk.tanh().detach()
    (first_head(features) + second_head(features)).backward()


def _not_walked(trunk, first_head, second_head):
    features = trunk.tanh()
    return first_head(features) + second_head(features)


def _first_and_retained(trunk, first_head, second_head):
    first_head(trunk.tanh()).backward(retain_graph=True)


def _mean_of_both(trunk, first_head, second_head):
    features = trunk.tanh()
    ((first_head(features) + second_head(features)) / 2).backward()


def _product_of_both(trunk, first_head, second_head):
    features = trunk.tanh()
    (first_head(features) * second_head(features)).backward()


def _computed_twice(trunk, first_head, second_head):
    first_head(trunk.tanh()).backward()
    second_head(trunk.tanh()).backward()


KEPT = (
    "The gradients are right, and the graph still holds what it saved: the last walk "
    "kept it too. Nobody will come again. Use retain_graph in all walks but the last, "
    "or add the losses and walk once."
)
STILL_FREED = (
    "The second walk still meets a freed graph. The order of the two, a cleared .grad, "
    "a clone and no_grad() change nothing in the nodes that both walks share. Walk "
    "once, or have the first walk keep the graph."
)
WRONG_HEADS = (
    Mistake(_other_order, STILL_FREED),
    Mistake(_cleared_only, STILL_FREED),
    Mistake(
        _retained_too_late,
        "The word retain_graph belongs to the walk that comes first: that walk must "
        "not free. Asked of the second, it comes too late.",
    ),
    Mistake(
        _cut_off,
        "The losses have no way to the trunk, and there is nothing to walk: detach() "
        "cuts the way, and under no_grad() it is never recorded.",
    ),
    Mistake(
        _not_walked,
        "Nothing has come to trunk.grad: backward() was not called on the losses.",
    ),
    Mistake(
        _mean_of_both,
        "You walked the mean of the two losses: half of what both give together.",
    ),
    Mistake(
        _product_of_both,
        "A product weighs each loss's gradient by the other loss. The gradient of both "
        "together is that of their sum.",
    ),
    Mistake(_retained_twice, KEPT),
    Mistake(_sum_retained, KEPT),
    Mistake(
        _cleared_between,
        "You cleared trunk.grad between the two. What the first loss had left there is "
        "gone; backward adds, and here the sum is what is wanted.",
    ),
    Mistake(
        _second_detached,
        "You detached the features for the second loss. The error is gone, and so is "
        "the second loss's way to the trunk: its gradient is missing.",
    ),
    Mistake(_first_and_retained, "The second loss does not reach trunk.grad."),
    Mistake(_first_only, "The second loss does not reach trunk.grad."),
    Mistake(_second_only, "The first loss does not reach trunk.grad."),
    Mistake(
        _computed_twice,
        "The gradients are right, at the price of two forward passes: each head got "
        "features of its own. Compute them once; one walk can serve both.",
    ),
)


class _AsGiven(RuntimeError):
    """The second walk meets a freed graph, in the function as it stands."""


class _StillFreed(RuntimeError):
    """The second walk meets a freed graph, in another function."""


class _RetainedTooLate(RuntimeError):
    """Only the walk that met a freed graph asked to keep it."""


class _CutOff(RuntimeError):
    """Nothing to walk."""


def _heads():
    """A trunk and two heads that note their features and how their losses are walked.

    `seen` holds the features of each head, `walks` a row for each backward of a loss.
    """
    trunk = tensor([0.5, -1.0, 2.0], requires_grad=True)
    seen, walks = {}, []

    def watched(name, features, loss):
        seen[name] = features
        walk = loss.backward

        def backward(*arguments, **named):
            keeps = bool(arguments[1:] or named.get("retain_graph"))
            walks.append((name, keeps, torch.is_grad_enabled()))
            walk(*arguments, **named)

        loss.backward = backward
        return loss

    def first_head(features):
        return watched("first head", features, (features * features).sum())

    def second_head(features):
        return watched("second head", features, (features * 3.0).sum())

    return [(trunk, first_head, second_head, seen, walks)]


AS_GIVEN = [("first head", False, True), ("second head", False, True)]


def _kind(error, trunk, seen, walks):
    """What an error of the walk is; `error`'s own type where it is another."""
    if "does not require grad" in str(error):
        return _CutOff
    if "a second time" not in str(error):
        return type(error)
    if len(walks) == 2 and [keeps for _, keeps, _ in walks] == [False, True]:
        return _RetainedTooLate
    same_features = len({id(each) for each in seen.values()}) == 1
    as_given = walks == AS_GIVEN and same_features and trunk.grad is not None
    return _AsGiven if as_given else _StillFreed


def _after_both(answer, trunk, first_head, second_head, seen, walks):
    """What the two losses leave behind."""
    try:
        answer(trunk, first_head, second_head)
    except RuntimeError as error:
        kind = _kind(error, trunk, seen, walks)
        if kind is type(error):
            raise
        raise kind(str(error)).with_traceback(error.__traceback__) from None
    features = list(seen.values())
    nodes = {each.grad_fn for each in features if each.grad_fn is not None}
    return {
        "trunk.grad": None if trunk.grad is None else trunk.grad.data,
        "heads in use": len(seen),
        "features are computed once": len({id(each) for each in features}) == 1,
        "arrays still saved": sum(node.saved is not None for node in nodes),
    }


EXERCISE = Exercise(
    number="3.2",
    title="One trunk, two heads",
    solution=two_heads,
    cases=_heads,
    probe=_after_both,
    may_change_inputs=True,
    starting_point=_as_given,
    mistakes=WRONG_HEADS,
    compared_with="one walk for the sum of both losses",
)
