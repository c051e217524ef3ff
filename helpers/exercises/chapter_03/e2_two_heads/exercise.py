"""Exercise 3.2: two losses over shared features, and one graph to walk."""

from helpers.exercises.chapter_03.e2_two_heads.probe import after_both, heads
from helpers.exercises.exercise import Exercise, Mistake


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


EXERCISE = Exercise(
    number="3.2",
    title="One trunk, two heads",
    solution=two_heads,
    cases=heads,
    probe=after_both,
    may_change_inputs=True,
    starting_point=_as_given,
    mistakes=WRONG_HEADS,
    compared_with="one walk for the sum of both losses",
)
