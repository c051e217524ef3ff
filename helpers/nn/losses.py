"""Losses: how far predictions are from targets, as modules.

Each takes predictions and targets of one shape, but for `CrossEntropyLoss` and
`NLLLoss`, and gives their mean, their sum, or a loss for each.
"""

import torch.nn.functional as F

from helpers.autograd.registry import call
from helpers.nn.module import Module

REDUCTIONS = ("none", "mean", "sum")


class Loss(Module):
    """What losses share: how the losses of single elements become one.

    Args:
        reduction: "mean", "sum", or "none" for a loss each.

    Raises: ValueError for another.
    """

    def __init__(self, *, reduction="mean"):
        super().__init__()
        if reduction not in REDUCTIONS:
            raise ValueError(
                f"{reduction} is not a valid value for reduction; allowed are "
                f'{", ".join(REDUCTIONS)}. Pass for example reduction="mean"'
            )
        self.reduction = reduction


class MSELoss(Loss):
    """Squares of differences.

    Args:
        reduction: "mean", "sum", or "none" for a loss each. Default: "mean".

    Shapes: input and target of one shape, any.

    Raises: ValueError for another reduction.

    >>> import torch
    >>> MSELoss()(torch.tensor([1.0, 3.0]), torch.tensor([1.0, 1.0]))
    tensor(2.)

    Source: torch.nn.MSELoss. Built in chapter 08.
    """

    def forward(self, input, target):
        """The loss."""
        return call(F.mse_loss, input, target, reduction=self.reduction)


class L1Loss(Loss):
    """Sizes of differences.

    Args:
        reduction: "mean", "sum", or "none" for a loss each. Default: "mean".

    Shapes: input and target of one shape, any.

    Raises: ValueError for another reduction.

    >>> import torch
    >>> L1Loss()(torch.tensor([1.0, 3.0]), torch.tensor([1.0, 1.0]))
    tensor(1.)

    Source: torch.nn.L1Loss. Built in chapter 08.
    """

    def forward(self, input, target):
        """The loss."""
        return call(F.l1_loss, input, target, reduction=self.reduction)


class NLLLoss(Loss):
    """The negative of the right class's logarithm.

    Args:
        weight: a tensor with a weight for each class; None for alike.
        ignore_index: the target that does not count.
        reduction: "mean" (weighted), "sum", or "none" for a loss each.

    Shapes: input (batch, classes, ...) of log-probabilities, target (batch, ...) of
    class numbers, int64.

    Raises: ValueError for another reduction.

    >>> import torch
    >>> NLLLoss()(torch.tensor([[-0.5, -1.0]]), torch.tensor([1]))
    tensor(1.)

    Source: torch.nn.NLLLoss. Built in chapter 08.
    """

    def __init__(self, weight=None, *, ignore_index=-100, reduction="mean"):
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)
        self.ignore_index = ignore_index

    def forward(self, input, target):
        """The loss."""
        return call(
            F.nll_loss, input, target, self.weight, ignore_index=self.ignore_index,
            reduction=self.reduction,
        )  # fmt: skip


class CrossEntropyLoss(Loss):
    """The negative logarithm of the right class's softmax, from logits.

    Args:
        weight: a tensor with a weight for each class; None for alike.
        ignore_index: the target that does not count.
        reduction: "mean" (weighted), "sum", or "none" for a loss each.
        label_smoothing: the share of each target that goes to all classes alike, from 0
            to 1.

    Shapes: input (batch, classes, ...) of logits; target (batch, ...) of class numbers,
    int64, or shares of all classes in the input's shape.

    Raises: ValueError for another reduction; RuntimeError for a share out of range.

    >>> import torch
    >>> CrossEntropyLoss()(torch.zeros(1, 2), torch.tensor([1]))
    tensor(0.6931)

    Source: torch.nn.CrossEntropyLoss. Built in chapter 08.
    """

    def __init__(self, weight=None, *, ignore_index=-100, reduction="mean",
                 label_smoothing=0.0):  # fmt: skip
        super().__init__(reduction=reduction)
        if not 0 <= label_smoothing <= 1:
            raise RuntimeError(
                "label_smoothing must be between 0.0 and 1.0. Got: "
                f"{label_smoothing}. Pass for example label_smoothing=0.1"
            )
        self.register_buffer("weight", weight)
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

    def forward(self, input, target):
        """The loss."""
        return call(
            F.cross_entropy, input, target, self.weight,
            ignore_index=self.ignore_index, reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )  # fmt: skip


class BCEWithLogitsLoss(Loss):
    """The negative logarithm of the right answer to yes or no, from logits.

    Args:
        weight: of each element, broadcast; None for alike.
        reduction: "mean", "sum", or "none" for a loss each.
        pos_weight: how much more a yes weighs, a number for each class; None for 1.

    Shapes: input, logits, and target, from 0 to 1, of one shape, any.

    Raises: ValueError for another reduction.

    >>> import torch
    >>> BCEWithLogitsLoss()(torch.zeros(1), torch.ones(1))
    tensor(0.6931)

    Source: torch.nn.BCEWithLogitsLoss. Built in chapter 08.
    """

    def __init__(self, weight=None, *, reduction="mean", pos_weight=None):
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input, target):
        """The loss."""
        return call(
            F.binary_cross_entropy_with_logits, input, target, self.weight,
            pos_weight=self.pos_weight, reduction=self.reduction,
        )  # fmt: skip
