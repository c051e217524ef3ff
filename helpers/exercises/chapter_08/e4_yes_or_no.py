"""Exercise 8.4: cross entropy for yes or no, from logits."""

import torch

from helpers.exercises.exercise import Exercise, Mistake

FINISHED = "Write it with exp and log: this function is the exercise, finished."


def bce_with_logits(logits, targets):
    """The mean of log(1 + e^z) - t z, with the larger of z and 0 taken out."""
    log_sum = logits.clamp(min=0) + (-logits.abs()).exp().log1p()
    return (log_sum - targets * logits).mean()


def _from_shares(logits, targets):
    shares = 1 / (1 + (-logits).exp())
    return -(targets * shares.log() + (1 - targets) * (1 - shares).log()).mean()


def _with_eps(logits, targets):
    shares = logits.sigmoid().clamp(1e-7, 1 - 1e-7)
    return -(targets * shares.log() + (1 - targets) * (1 - shares).log()).mean()


def _clamped_logs(logits, targets):
    shares = logits.sigmoid()
    logs, other_logs = shares.log().clamp(min=-100), (1 - shares).log().clamp(min=-100)
    return -(targets * logs + (1 - targets) * other_logs).mean()


def _unmoved(logits, targets):
    return (logits.exp().log1p() - targets * logits).mean()


def _by_sign(combine):
    """The worked solution with `combine(log_sum, targets, logits)` at its end."""

    def answer(logits, targets):
        log_sum = logits.clamp(min=0) + (-logits.abs()).exp().log1p()
        return combine(log_sum, targets, logits)

    return answer


def _without_larger(logits, targets):
    return ((-logits.abs()).exp().log1p() - targets * logits).mean()


def _largest_of_all(logits, targets):
    largest = logits.max().clamp(min=0)
    log_sum = largest + ((-largest).exp() + (logits - largest).exp()).log()
    return (log_sum - targets * logits).mean()


WRONG_LOSSES = (
    Mistake(
        _from_shares,
        "The formula is right and is computed as it stands. For a logit of 200 the "
        "share is exactly 1, and log(1 - 1) is minus infinity. Take the logarithms "
        "first, on paper.",
    ),
    Mistake(
        _with_eps,
        "You hold the shares away from 0 and 1. Then a very wrong answer has a loss of "
        "16 where it should have 200, and no gradient at all, just where it is needed.",
    ),
    Mistake(
        _clamped_logs,
        "You cut the logarithms at -100. A logit that is wrong by 200 has a loss of "
        "200, and one that is cut has no gradient.",
    ),
    Mistake(
        _unmoved,
        "log(1 + e^z) - t z is right, and e^z overflows for a large z. Take out the "
        "larger of z and 0: then the power is never above 1.",
    ),
    Mistake(
        _without_larger,
        "log(1 + e^-|z|) alone is right for a negative z. For a positive one, z was "
        "taken out of the logarithm and has to be added: max(z, 0).",
    ),
    Mistake(
        _largest_of_all,
        "You take the largest of all logits out of each logarithm. Where a logit is "
        "far below it, both powers are rounded away. Each has its own larger one: z "
        "or 0.",
    ),
    Mistake(
        _by_sign(lambda log_sum, t, z: (log_sum - (1 - t) * z).mean()),
        "Yes and no are exchanged: for t = 1 the loss is log(1 + e^z) - z.",
    ),
    Mistake(
        _by_sign(lambda log_sum, t, z: (log_sum + t * z).mean()),
        "The sign of t·z is turned: a large logit makes the loss of a yes small.",
    ),
    Mistake(
        _by_sign(lambda log_sum, t, z: (log_sum - t * z).sum()),
        "That is the sum over all elements. Asked is for their mean.",
    ),
    Mistake(
        _by_sign(lambda log_sum, t, z: log_sum - t * z),
        "The losses are right, one for each element. Return their mean.",
    ),
    Mistake(
        _by_sign(lambda log_sum, t, z: (log_sum - t * z).sum() / len(z)),
        "You divide by the number of rows. The mean goes over all elements.",
    ),
    Mistake(
        _by_sign(lambda log_sum, t, z: (log_sum - t.round() * z).mean()),
        "A target may lie between 0 and 1: keep it as it is.",
    ),
    Mistake(
        _by_sign(lambda log_sum, t, z: (t * log_sum - t * z).mean()),
        "A no has no loss: log(1 + e^z) belongs to both answers.",
    ),
)


def _cases():
    return [
        (torch.tensor([0.5, -1.5, 2.0, 0.25]), torch.tensor([1.0, 0.0, 0.0, 1.0])),
        (torch.tensor([[1.0, -2.0], [0.5, 3.0]]), torch.tensor([[0.3, 0.8], [1, 0]])),
        (torch.tensor([200.0, -200.0]), torch.tensor([0.0, 1.0])),
        (torch.tensor([200.0, -0.5]), torch.tensor([1.0, 0.0])),
    ]


def _probe(answer, logits, targets):
    """The loss, and its gradient with respect to the logits."""
    logits = logits.clone().requires_grad_()
    loss = answer(logits, targets)
    if not isinstance(loss, torch.Tensor):
        return loss
    if loss.requires_grad and loss.numel() == 1:
        loss.backward()
    return {"loss": loss.detach(), "gradient": logits.grad}


EXERCISE = Exercise(
    number="8.4",
    title="Yes or no, from logits",
    solution=bce_with_logits,
    cases=_cases,
    probe=_probe,
    tolerance=1e-5,
    mistakes=WRONG_LOSSES,
    compared_with="torch.nn.BCEWithLogitsLoss, gradients too, on four batches",
    refuses={
        "softplus": FINISHED,
        "logsigmoid": FINISHED,
        "logaddexp": FINISHED,
        "logsumexp": FINISHED,
        "log_softmax": FINISHED,
        "soft_margin_loss": FINISHED,
        "cross_entropy": FINISHED,
        "binary_cross_entropy": FINISHED,
        "binary_cross_entropy_with_logits": FINISHED,
    },
)
