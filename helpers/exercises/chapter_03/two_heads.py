"""Exercise 3.2: two losses over shared features, and one graph to walk.

With this module one can: check an answer to it (`EXERCISE`).
"""

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


def _computed_twice(trunk, first_head, second_head):
    first_head(trunk.tanh()).backward()
    second_head(trunk.tanh()).backward()


KEPT = (
    "The gradients are right, and the graph still holds what it saved: the last walk "
    "kept it too. Nobody will come again. Use retain_graph in all walks but the last, "
    "or add the losses and walk once."
)
WRONG_HEADS = (
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
    Mistake(_first_only, "The second loss does not reach trunk.grad."),
    Mistake(_second_only, "The first loss does not reach trunk.grad."),
    Mistake(
        _computed_twice,
        "The gradients are right, at the price of two forward passes: each head got "
        "features of its own. Compute them once; one walk can serve both.",
    ),
)


def _heads():
    """A trunk and two heads that note which features they were given."""
    trunk = tensor([0.5, -1.0, 2.0], requires_grad=True)
    seen = {}

    def first_head(features):
        seen["first head"] = features
        return (features * features).sum()

    def second_head(features):
        seen["second head"] = features
        return (features * 3.0).sum()

    return [(trunk, first_head, second_head, seen)]


def _after_both(answer, trunk, first_head, second_head, seen):
    """What the two losses leave behind."""
    answer(trunk, first_head, second_head)
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
