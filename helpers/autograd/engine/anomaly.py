"""torch.autograd.detect_anomaly: which node made the NaN."""

import warnings

import torch

from helpers.autograd.engine.gradient_pass import GraphRoot, Pass
from helpers.autograd.tensor.tensor import lowered

NAN = (
    "Function '{}' returned nan values in its {}th output. Look at what that function "
    "was given in the forward pass"
)


class AnomalyPass(Pass):
    """A pass under torch.autograd.detect_anomaly: a gradient with NaN is an error.

    Nodes do not remember the line of the forward pass that made them; torch's do.
    """

    def visit(self, node, gradient):
        """Say which node it was, if an error comes of it."""
        if isinstance(node, GraphRoot):
            return super().visit(node, gradient)
        try:
            gradients = list(super().visit(node, gradient))
            check_for_nan(node, gradients)
        except Exception:
            warnings.warn(f"Error detected in {node.name()}.", UserWarning, 2)
            raise
        return gradients


def check_for_nan(node, gradients):
    """RuntimeError for NaN in what a node returned for an input that needs it."""
    if not torch.is_anomaly_check_nan_enabled():
        return
    pairs = zip(node.edges, gradients, strict=False)  # none, if nothing goes on
    for place, (edge, each) in enumerate(pairs):
        if edge is not None and each is not None and has_nan(each):
            raise RuntimeError(NAN.format(node.name(), place))


def has_nan(gradient):
    """Whether a gradient, raw or a Tensor, holds NaN."""
    return bool(lowered(gradient).isnan().any())


def pass_kind():
    """The class of a pass, as torch.autograd.detect_anomaly wants it."""
    return AnomalyPass if is_anomaly_enabled() else Pass


def is_anomaly_enabled():
    """Whether the user is looking for NaN."""
    return torch.is_anomaly_enabled()


is_anomaly_enabled._dynamo_marked_constant = True  # torch.compile can't look inside
