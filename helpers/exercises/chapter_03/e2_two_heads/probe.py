"""How exercise 3.2 runs an answer: heads that note who walks their losses, and how."""

import torch

from helpers.autograd import tensor


class _AsGiven(RuntimeError):
    """The second walk meets a freed graph, in the function as it stands."""


class _StillFreed(RuntimeError):
    """The second walk meets a freed graph, in another function."""


class _RetainedTooLate(RuntimeError):
    """Only the walk that met a freed graph asked to keep it."""


class _CutOff(RuntimeError):
    """Nothing to walk."""


def heads():
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


def after_both(answer, trunk, first_head, second_head, seen, walks):
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
